import { X509Certificate } from 'node:crypto'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import { type Listener, listenAt } from '../../../src/doors/http/request/listen.ts'
import { publicAddress } from '../../../src/doors/http/request/public-address.ts'
import { COOKIE } from '../../../src/doors/http/session/sessions.ts'
import { serverSettings } from '../../../src/project/files/settings/server-settings.ts'
import { hasOpenssl, makeCertificates, type TestCertificates } from '../../eos/transport/eapi/test-certificates.ts'
import { ANN, openLab } from '../../lab/lab.ts'

const NAME = 'control.example'

let made: TestCertificates
beforeAll(() => {
  if (hasOpenssl) made = makeCertificates()
})

/** A server with its own TLS on a real socket, whose name is not that of this machine. */
async function overTls() {
  const bench = await openLab().serve()
  const settings = serverSettings.parse({
    publicUrl: `https://${NAME}`,
    tls: { certificate: 'server.pem', key: 'server.key' },
  })
  const http = httpApp({ ...bench.front, address: publicAddress(settings, 443) })
  const { cert: certificate, key } = made.selfSigned
  const listener = await listenAt({
    listen: '127.0.0.1:0',
    tls: { certificate, key },
    clock: bench.lab.clock,
    fetch: (asked, sender) => http.fetch(asked, { sender }),
  })
  onTestFinished(() => listener.close())
  return { bench, listener }
}

/** A connection of HTTP/2, as a browser has one for all of its tabs. */
function browserAt({ port }: Listener, ca = made.selfSigned.cert) {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca })
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  return session
}

/** Asks over HTTP/2. Gives the status, the header fields, and what has come so far. */
async function asked(session: ClientHttp2Session, path: string, more: Readonly<Record<string, string>> = {}) {
  const stream = session.request({ ':path': path, ':authority': NAME, ...more })
  const got = { text: '', isOver: false }
  stream.on('data', (piece: Buffer) => {
    got.text += piece.toString()
  })
  stream.on('error', () => undefined)
  const over = new Promise<string>((resolve) =>
    stream.on('close', () => {
      got.isOver = true
      resolve(got.text)
    }),
  )
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    stream.once('response', resolve)
    stream.once('close', () => reject(new Error(`no answer for ${path}`)))
  })
  return { status: headers[':status'], headers, got, over, close: () => stream.close() }
}

/** The protocol that a handshake ends with, or why it does not. */
function handshake({ port }: Listener, options: ConnectionOptions) {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, ca: made.selfSigned.cert, ...options }, () => {
      resolve(`${socket.getProtocol()} ${socket.alpnProtocol || 'none'}`)
      socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

describe.runIf(hasOpenssl)('its own TLS (needs the openssl command)', () => {
  test('a page comes over HTTP/2, and over HTTP/1.1 for whoever does not speak it; browsers come back over TLS', async () => {
    const { bench, listener } = await overTls()
    const page = await asked(browserAt(listener), '/login')
    expect(await page.over).toContain('<h1>Sign in</h1>')
    expect([page.status, page.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
    const old = (method: string, path: string) =>
      new Promise<unknown[]>((resolve, reject) => {
        const named = { ca: made.selfSigned.cert, checkServerIdentity: () => undefined }
        const options = { host: '127.0.0.1', port: listener.port, method, path, ...named }
        request({ ...options, headers: { host: NAME } }, async (answer) => {
          const hasText = (await answer.toArray()).length > 0
          resolve([answer.httpVersion, answer.statusCode, answer.headers['strict-transport-security'], hasText])
        })
          .on('error', reject)
          .end()
      })
    expect([await old('GET', '/login'), await old('HEAD', '/login'), await old('GET', '/nothing')]).toEqual([
      ['1.1', 200, 'max-age=31536000', true],
      ['1.1', 200, 'max-age=31536000', false],
      ['1.1', 404, 'max-age=31536000', true],
    ])
    expect(bench.failures).toEqual([])
  })

  test('TLS is 1.2 at least, and HTTP/2 is chosen where both speak it', async () => {
    const { listener } = await overTls()
    const one = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ALPNProtocols?: string[]) =>
      handshake(listener, {
        minVersion: version,
        maxVersion: version,
        // Or the client would not even offer the old ones.
        ciphers: 'DEFAULT@SECLEVEL=0',
        ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
      })
    expect([
      await one('TLSv1'),
      await one('TLSv1.1'),
      await one('TLSv1.2', ['h2', 'http/1.1']),
      await one('TLSv1.3', ['http/1.1', 'h2']),
      await one('TLSv1.3', ['http/1.1']),
      await one('TLSv1.3'),
    ]).toEqual([
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      'TLSv1.2 h2',
      'TLSv1.3 h2',
      'TLSv1.3 http/1.1',
      'TLSv1.3 none',
    ])
  })

  test('whoever has left out TLS is hung up on at once, and nothing is answered', async () => {
    const { listener } = await overTls()
    const since = Date.now()
    const told = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connectTcp(listener.port, '127.0.0.1', () =>
        socket.write(`GET /login HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`),
      )
      socket.on('data', (piece) => {
        text += piece.toString('latin1')
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
    })
    expect(told).not.toMatch(/HTTP|Sign in/)
    expect(Date.now() - since).toBeLessThan(5_000)
    // The others notice nothing.
    expect((await asked(browserAt(listener), '/healthz')).status).toBe(200)
  })

  test('another name is refused over HTTP/2 too, and two names in one request are one too many', async () => {
    const { listener } = await overTls()
    const session = browserAt(listener)
    const ask = async (more: Readonly<Record<string, string>>) => (await asked(session, '/login', more)).status
    expect([
      await ask({}),
      await ask({ ':authority': `${NAME}:443` }),
      await ask({ ':authority': 'evil.example' }),
      await ask({ ':authority': `127.0.0.1:${listener.port}` }),
      await ask({ host: NAME }),
      await ask({ ':authority': 'evil.example', host: NAME }),
      await ask({ ':authority': NAME, host: 'evil.example' }),
    ]).toEqual([200, 200, 421, 421, 200, 400, 400])
  })

  test('whoever sends a body slowly has 30 s for all of it, and a stream has as long as it likes', async () => {
    const { bench, listener } = await overTls()
    const cookie = `${COOKIE}=${bench.browser(ANN).id}`
    const session = browserAt(listener)
    const watching = await asked(session, '/api/v1/stream?topics=overview', { cookie })
    const headers = { ':method': 'POST', ':path': '/login', ':authority': NAME }
    const own = { origin: `https://${NAME}`, 'sec-fetch-site': 'same-origin' }
    const before = bench.lab.clock.sleeping
    const slow = session.request({ ...headers, ...own, 'content-type': 'application/x-www-form-urlencoded' })
    const ended = new Promise((resolve) => slow.once('close', () => resolve(slow.rstCode)))
    slow.on('error', () => undefined)
    slow.write('link=')
    await expect.poll(() => bench.lab.clock.sleeping).toBe(before + 1)
    for (let second = 0; second < 29; second += 1) {
      slow.write('0')
      await bench.lab.clock.advance(1_000)
    }
    expect(slow.closed).toBe(false)
    await bench.lab.clock.advance(1_500)
    // CANCEL (RFC 9113, section 7).
    expect(await ended).toBe(8)
    expect([watching.got.isOver, (await asked(session, '/login')).status]).toEqual([false, 200])
  })

  test('a connection over which nothing is asked for a minute ends, and one with a stream does not', async () => {
    const { bench, listener } = await overTls()
    const cookie = `${COOKIE}=${bench.browser(ANN).id}`
    // The connection that is quiet has one who waits for its end, the stream one who waits to say that it lives.
    const { sleeping } = bench.lab.clock
    const settled = () => expect.poll(() => bench.lab.clock.sleeping).toBe(sleeping + 2)
    const [idle, watching] = [browserAt(listener), browserAt(listener)]
    const ended = new Promise((resolve) => idle.once('close', () => resolve('ended')))
    await (await asked(idle, '/login')).over
    const stream = await asked(watching, '/api/v1/stream?topics=overview', { cookie })
    await settled()
    await bench.lab.clock.advance(59_000)
    expect([(await asked(idle, '/healthz')).status, idle.closed]).toEqual([200, false])
    await settled()
    // A request begins the minute anew.
    await bench.lab.clock.advance(59_000)
    expect(idle.closed).toBe(false)
    await bench.lab.clock.advance(1_000)
    expect(await ended).toBe('ended')
    expect([watching.closed, stream.got.isOver]).toEqual([false, false])
  })

  test('a certificate that is renewed is that of new connections; those that there are go on', async () => {
    const { bench, listener } = await overTls()
    const cookie = `${COOKIE}=${bench.browser(ANN).id}`
    const before = browserAt(listener)
    const stream = await asked(before, '/api/v1/stream?topics=overview', { cookie })
    expect(() => listener.renew({ certificate: made.selfSigned.cert, key: made.other.key })).toThrow(/key/)
    listener.renew({ certificate: made.other.cert, key: made.other.key })
    expect(await handshake(listener, { ca: made.other.cert })).toMatch(/^TLSv1.3/)
    expect(await handshake(listener, { ca: made.selfSigned.cert })).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    // TLS 1.2 is still the least, and HTTP/2 is still spoken.
    expect(
      await handshake(listener, {
        ca: made.other.cert,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    ).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
    expect((await asked(browserAt(listener, made.other.cert), '/login')).status).toBe(200)
    expect([(await asked(before, '/login')).status, stream.got.isOver]).toEqual([200, false])
  })

  test('the end of a listener ends every connection: HTTP/2, HTTP/1.1, and one that has said nothing', async () => {
    const { listener } = await overTls()
    const session = browserAt(listener)
    await asked(session, '/login')
    const closed = [
      new Promise((resolve) => session.once('close', resolve)),
      new Promise((resolve) => {
        const socket = connectTcp(listener.port, '127.0.0.1', () => undefined)
        socket.on('error', () => undefined)
        socket.once('close', resolve)
      }),
      new Promise((resolve) => {
        const socket = connectTls({
          host: '127.0.0.1',
          port: listener.port,
          ca: made.selfSigned.cert,
          ALPNProtocols: ['http/1.1'],
        })
        socket.on('error', () => undefined)
        socket.once('secureConnect', () => setTimeout(() => listener.close(), 50))
        socket.once('close', resolve)
      }),
    ]
    expect(await Promise.all(closed)).toHaveLength(3)
  })

  test('the certificate that a sender shows is known by its SHA-256, over HTTP/2 and HTTP/1.1; nobody needs one', async () => {
    const { cert: certificate, key } = made.selfSigned
    const shown: (string | undefined)[] = []
    const listener = await listenAt({
      listen: '127.0.0.1:0',
      tls: { certificate, key },
      asksForCertificates: true,
      clock: { sleep: () => new Promise(() => undefined), now: () => now },
      fetch: (_, { certificate: one }) => {
        shown.push(one)
        return new Response('x')
      },
    })
    onTestFinished(() => listener.close())
    let now = Date.now()
    const { other } = made
    const own = new X509Certificate(other.cert).fingerprint256.replaceAll(':', '').toLowerCase()
    const over2 = connectHttp2(`https://127.0.0.1:${listener.port}`, {
      ca: certificate,
      cert: other.cert,
      key: other.key,
    })
    onTestFinished(() => over2.destroy())
    await (await asked(over2, '/')).over
    const over1 = (options: object) =>
      new Promise((resolve, reject) => {
        const named = { ca: certificate, checkServerIdentity: () => undefined, agent: false }
        request({ host: '127.0.0.1', port: listener.port, headers: { host: NAME }, ...named, ...options }, (answer) => {
          answer.resume().on('end', resolve)
        })
          .on('error', reject)
          .end()
      })
    await over1({ cert: other.cert, key: other.key })
    await over1({})
    // A day later it is good no more.
    now += 2 * 86_400_000
    await over1({ cert: other.cert, key: other.key })
    expect(shown).toEqual([own, own, undefined, undefined])
  })
})
