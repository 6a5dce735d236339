import { createHash, createHmac } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { signatureHeaders } from '../../../src/eos/transport/http/http-transport.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { HttpRequest } from '../../../src/model/http-port.ts'
import { listenInTest } from '../../lab/loopback.ts'
import { jsonAnswer, startService } from '../../lab/service.ts'
import { hasOpenssl, makeCertificates, type TestCertificates } from './eapi/test-certificates.ts'
import { allowed, asking, going, KEY, portTo } from './http-port.ts'

const REF = (name: string) => `\${env:${name}}`

/** What a request came to. */
async function failure(sending: Promise<unknown>) {
  const thrown = await sending.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(EosflowError)
  return thrown as EosflowError
}

/** A server that is given each connection and does with it what it likes. */
async function startRaw(connected: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    connected(socket)
  })
  return `http://127.0.0.1:${await listenInTest(server)}`
}

describe('a request', () => {
  test('goes over the wire as it was asked for, and its answer comes back whole', async () => {
    const service = await startService((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json', location: '/tickets/7' }).end('{"id":7}')
    })
    const answer = await portTo([allowed(service.origin)]).send(
      asking(`${service.origin}/tickets?dry=1&x=%20`, { method: 'POST', body: '{"title":"é"}' }),
      going(),
    )
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', location: '/tickets/7' })
    expect(Buffer.from(answer.body).toString()).toBe('{"id":7}')
    expect(service.seen).toHaveLength(1)
    expect(service.seen[0]).toMatchObject({
      method: 'POST',
      target: '/tickets?dry=1&x=%20',
      body: '{"title":"é"}',
      headers: {
        host: `127.0.0.1:${service.port}`,
        'content-length': '14',
        'accept-encoding': 'identity',
        connection: 'close',
        'idempotency-key': 'eosflow-1',
      },
    })
    expect(service.seen[0]?.headers['user-agent']).toMatch(/^eosflow\/\d/)
  })

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    '%s is sent and answered without a body',
    async (method) => {
      const service = await startService((_request, response) => response.writeHead(204).end())
      const answer = await portTo([allowed(service.origin)]).send(asking(`${service.origin}/`, { method }), going())
      expect([answer.status, answer.body.length]).toEqual([204, 0])
      expect(service.seen[0]).toMatchObject({ method, body: '' })
      expect(service.seen[0]?.headers['transfer-encoding']).toBeUndefined()
    },
  )

  test('takes no proxy from the environment', async () => {
    const proxy = await startService(jsonAnswer({}))
    const service = await startService(jsonAnswer({ from: 'the service' }))
    const before = { ...process.env }
    process.env.http_proxy = proxy.origin
    process.env.HTTP_PROXY = proxy.origin
    process.env.NODE_USE_ENV_PROXY = '1'
    onTestFinished(() => {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY']) {
        if (before[name] === undefined) delete process.env[name]
        else process.env[name] = before[name]
      }
    })
    await portTo([allowed(service.origin)]).send(asking(`${service.origin}/`), going())
    expect(service.seen).toHaveLength(1)
    expect(proxy.connections()).toBe(0)
  })
})

describe('the signature', () => {
  test('is verified by a receiver that knows the key, from what it received alone', async () => {
    const service = await startService(jsonAnswer({}))
    await portTo([allowed(service.origin)]).send(
      asking(`${service.origin}/tickets?dry=1`, { method: 'POST', body: '{"a":1}' }),
      going(),
    )
    const [seen] = service.seen
    const headers = seen?.headers ?? {}
    // The receiver's side, as docs/http-task.md has it.
    const digest = `sha-256=:${createHash('sha256')
      .update(seen?.body ?? '')
      .digest('base64')}:`
    const params = String(headers['signature-input']).replace('eosflow=', '')
    const base = `"@method": ${seen?.method}\n"@authority": ${headers.host}\n"@request-target": ${seen?.target}\n"content-digest": ${digest}\n"idempotency-key": ${headers['idempotency-key']}\n"@signature-params": ${params}`
    expect(headers.signature).toBe(`eosflow=:${createHmac('sha256', KEY).update(base).digest('base64')}:`)
    expect(headers['content-digest']).toBe(digest)
    expect(params).toBe(
      '("@method" "@authority" "@request-target" "content-digest" "idempotency-key");created=1732105234;alg="hmac-sha256"',
    )
  })

  test('is that of RFC 9421 over the base as another program reckons it', () => {
    const parts = {
      method: 'DELETE',
      authority: 'cmdb.example.com',
      target: '/sites/7?dry=1',
      body: '',
      idempotencyKey: 'eosflow-9',
    }
    expect(signatureHeaders(parts, KEY, 1_732_105_234)).toEqual({
      'content-digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
      'signature-input':
        'eosflow=("@method" "@authority" "@request-target" "content-digest" "idempotency-key");created=1732105234;alg="hmac-sha256"',
      signature: 'eosflow=:rWncYW3Orj5/5grq9YRL0xed9fegedB/PtpAuYVVK5s=:',
    })
  })

  test.each([
    ['method', { method: 'PUT' }],
    ['host', { authority: 'other.example.com' }],
    ['path', { target: '/sites/8?dry=1' }],
    ['body', { body: ' ' }],
    ['idempotency key', { idempotencyKey: 'eosflow-8' }],
  ])('is another one for another %s', (_what, other) => {
    const parts = {
      method: 'DELETE',
      authority: 'a.example',
      target: '/sites/7?dry=1',
      body: '',
      idempotencyKey: 'eosflow-9',
    }
    const signed = signatureHeaders({ ...parts, ...other }, KEY, 1).signature
    expect(signed).toMatch(/^eosflow=:[A-Za-z0-9+/]{43}=:$/)
    expect(signed).not.toBe(signatureHeaders(parts, KEY, 1).signature)
  })

  test('needs a key of 32 characters, and does not show a shorter one', async () => {
    const service = await startService(jsonAnswer({}))
    const port = portTo([allowed(service.origin, { key: REF('SHORT') })])
    const error = await failure(port.send(asking(`${service.origin}/`), going()))
    expect(error).toMatchObject({ kind: 'secret' })
    expect(error.message).toContain('shorter than 32')
    expect(error.message).not.toContain('too short')
    expect(service.connections()).toBe(0)
  })
})

describe('hosts', () => {
  test.each([
    ['no host is allowed', () => [], (port: number) => `http://127.0.0.1:${port}/`],
    ['another port', () => ['http://127.0.0.1'], (port: number) => `http://127.0.0.1:${port}/`],
    ['another scheme', (port: number) => [`https://127.0.0.1:${port}`], (port: number) => `http://127.0.0.1:${port}/`],
    [
      'another name for it',
      (port: number) => [`http://127.0.0.1:${port}`],
      (port: number) => `http://localhost:${port}/`,
    ],
    [
      'an address in IPv6 that maps to it',
      (port: number) => [`http://127.0.0.1:${port}`],
      (port: number) => `http://[::ffff:7f00:1]:${port}/`,
    ],
    ['a name that begins like it', () => ['http://127.0.0.1'], () => 'http://127.0.0.1.example/'],
    [
      'a user before the host',
      (port: number) => [`http://127.0.0.1:${port}`],
      (port: number) => `http://me:pass@127.0.0.1:${port}/`,
    ],
  ])('are refused by name before anything is sent: %s', async (_what, hosts, url) => {
    const service = await startService(jsonAnswer({}))
    const port = portTo(hosts(service.port).map((origin) => allowed(origin)))
    const error = await failure(port.send(asking(url(service.port)), going()))
    expect(error).toMatchObject({ kind: 'guard', retryable: false, fault: { name: 'States.Permissions' } })
    expect(error.message).toContain(`the settings do not allow ${new URL(url(service.port)).origin}`)
    expect(error.hint).toContain('eosflow.yaml')
    expect(service.connections()).toBe(0)
  })

  test.each(['http://2130706433', 'http://0x7f.1', 'http://0177.0.0.1'])(
    'are compared as they are connected to: %s',
    async (other) => {
      const service = await startService(jsonAnswer({}))
      await portTo([allowed(service.origin)]).send(asking(`${other}:${service.port}/`), going())
      expect(service.seen[0]?.headers.host).toBe(`127.0.0.1:${service.port}`)
    },
  )

  test('are followed to no other: a redirect is an answer', async () => {
    const other = await startService(jsonAnswer({}))
    const service = await startService((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/in` }).end(),
    )
    const answer = await portTo([allowed(service.origin), allowed(other.origin)]).send(
      asking(`${service.origin}/`, { method: 'POST', body: '{}' }),
      going(),
    )
    expect(answer.status).toBe(307)
    expect(other.connections()).toBe(0)
  })
})

describe('secrets', () => {
  test('are in the header on the wire, and are removed from what comes back', async () => {
    const service = await startService((request, response) => response.end(`you said ${request.headers.authorization}`))
    const port = portTo([allowed(service.origin, { secrets: [REF('CMDB_TOKEN')] })])
    const headers = { authorization: `Bearer ${REF('CMDB_TOKEN')}`, 'idempotency-key': 'eosflow-1' }
    const answer = await port.send(asking(`${service.origin}/`, { headers }), going())
    expect(service.seen[0]?.headers.authorization).toBe('Bearer kestrel-7719-secret')
    expect(port.scrub(Buffer.from(answer.body).toString())).toBe('you said Bearer <redacted>')
    expect(port.scrub(KEY)).toBe('<redacted>')
  })

  test.each([
    ['one that is not listed for this host', 'OTHER', 'guard', 'the settings do not allow'],
    ['one that is not there', 'MISSING', 'guard', 'the settings do not allow'],
    ['one that would end the header', 'LINES', 'secret', 'cannot be sent in a header'],
  ])('[G124] are not sent: %s', async (_what, name, kind, words) => {
    const service = await startService(jsonAnswer({}))
    const port = portTo([allowed(service.origin, { secrets: [REF('CMDB_TOKEN'), REF('LINES')] })])
    const error = await failure(port.send(asking(`${service.origin}/`, { headers: { 'x-key': REF(name) } }), going()))
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(words)
    expect(`${error.message}${error.hint}`).not.toMatch(/other-secret|lines: 1/)
    expect(service.connections()).toBe(0)
  })
})

describe('an answer that does not come', () => {
  const lost = async (request: HttpRequest) => {
    const error = await failure(portTo([allowed(new URL(request.url).origin)]).send(request, going()))
    expect(error).toMatchObject({ kind: 'lost-answer', fault: { name: 'States.Http.Socket' } })
    return error
  }

  test('nobody listens: nothing was sent, and it may be tried again', async () => {
    const origin = await startRaw(() => undefined).then((open) => open.replace(/\d+$/, '1'))
    const error = await failure(portTo([allowed(origin)]).send(asking(`${origin}/`, { method: 'POST' }), going()))
    expect(error).toMatchObject({ kind: 'unreachable', retryable: true, fault: { name: 'States.Http.Socket' } })
    expect(error.message).toMatch(/^the request: no connection to 127\.0\.0\.1 port 1: .*ECONNREFUSED/)
    expect(error.hint).toContain('Nothing was sent')
  })

  test('the service is silent: a write is unknown, a read may be repeated', async () => {
    const origin = await startRaw(() => undefined)
    const write = await lost(asking(`${origin}/`, { method: 'POST', body: '{}', milliseconds: 60 }))
    expect(write.message).toContain('no complete answer within 0.06 s')
    expect([write.retryable, write.hint]).toEqual([false, expect.stringContaining('unknown')])
    const read = await lost(asking(`${origin}/`, { milliseconds: 60 }))
    expect(read.retryable).toBe(true)
  })

  test('the body trickles: the time counts to its last byte', async () => {
    const origin = await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    const error = await lost(asking(`${origin}/`, { milliseconds: 120 }))
    expect(error.message).toContain('no complete answer within 0.12 s')
  })

  test.each([
    ['before the answer', '', 'socket hang up'],
    ['in the head', 'HTTP/1.1 200 O', 'socket hang up'],
    ['in a body of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', 'the connection was closed'],
    [
      'in a chunked body',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'the connection was closed',
    ],
    ['after no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n', 'Parse Error: Expected HTTP/, RTSP/ or ICE/'],
    [
      'after a change of protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'the connection was closed',
    ],
  ])('the connection ends %s', async (_where, said, how) => {
    const closing = await startRaw((socket) => socket.once('data', () => socket.end(said)))
    const ended = await lost(asking(`${closing}/`, { method: 'POST', body: '{}' }))
    expect(ended.message).toBe(`the request: the request was sent, and its answer did not arrive: ${how}`)
    const reset = await startRaw((socket) =>
      socket.once('data', () => {
        if (said === '') socket.resetAndDestroy()
        else socket.write(said, () => setTimeout(() => socket.resetAndDestroy(), 20))
      }),
    )
    await lost(asking(`${reset}/`, { method: 'POST', body: '{}' }))
  })
})

describe('an answer that is not taken', () => {
  test('is longer than 8 MiB, whether it says so or not', async () => {
    const piece = Buffer.alloc(2 ** 20, 'x')
    const service = await startService((_request, response) => {
      for (let at = 0; at < 9; at++) response.write(piece)
      response.end()
    })
    const error = await failure(portTo([allowed(service.origin)]).send(asking(`${service.origin}/`), going()))
    expect(error).toMatchObject({ kind: 'protocol', message: 'the request: the answer is longer than 8 MiB' })
  })

  test('is compressed, which was not asked for', async () => {
    const service = await startService((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    )
    const error = await failure(portTo([allowed(service.origin)]).send(asking(`${service.origin}/`), going()))
    expect(error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('"gzip"') })
  })
})

describe('a stop', () => {
  test('before anything is sent: nothing is connected to', async () => {
    const service = await startService(jsonAnswer({}))
    const stop = AbortSignal.abort()
    const error = await failure(
      portTo([allowed(service.origin)]).send(asking(`${service.origin}/`, { method: 'POST' }), stop),
    )
    expect(error.kind).toBe('cancelled')
    expect(service.connections()).toBe(0)
  })

  test.each([
    ['gives up a read', 'GET', 'cancelled'],
    ['waits for the answer to a write', 'POST', 'done'],
  ] as const)('%s that is under way', async (_what, method, end) => {
    const stop = new AbortController()
    const service = await startService((_request, response) => {
      stop.abort()
      setTimeout(() => response.end('done'), 50)
    })
    const sending = portTo([allowed(service.origin)]).send(asking(`${service.origin}/`, { method }), stop.signal)
    const came = await sending.then(
      ({ body }) => Buffer.from(body).toString(),
      (error: EosflowError) => error.kind,
    )
    expect(came).toBe(end)
    expect(service.seen).toHaveLength(1)
  })
})

describe.skipIf(!hasOpenssl)('over TLS (needs the openssl command)', () => {
  let made: TestCertificates
  beforeAll(() => {
    made = makeCertificates()
  })

  test('a service is trusted by the authority of the settings, and by no other', async () => {
    const service = await startService(jsonAnswer({ ok: true }), made.signed)
    const files = { 'ca.pem': made.authority, 'other.pem': made.otherAuthority }
    const trusted = portTo([allowed(service.origin, { ca: 'ca.pem' })], files)
    expect((await trusted.send(asking(`${service.origin}/`), going())).status).toBe(200)
    for (const host of [allowed(service.origin, { ca: 'other.pem' }), allowed(service.origin)]) {
      const error = await failure(portTo([host], files).send(asking(`${service.origin}/`), going()))
      expect(error.kind).toBe('tls')
      expect(error.message).toMatch(/^the request: the certificate is refused: /)
      expect(error.hint).toContain('http: ca:')
      expect(error.device).toBeUndefined()
    }
    const gone = await failure(
      portTo([allowed(service.origin, { ca: 'gone.pem' })], files).send(asking(`${service.origin}/`), going()),
    )
    expect(gone).toMatchObject({ kind: 'tls', message: expect.stringContaining('gone.pem') })
    expect(service.seen).toHaveLength(1)
  })

  test('a certificate for another name is refused', async () => {
    const service = await startService(jsonAnswer({}), made.misnamed)
    const port = portTo([allowed(service.origin, { ca: 'ca.pem' })], { 'ca.pem': made.authority })
    expect(await failure(port.send(asking(`${service.origin}/`), going()))).toMatchObject({ kind: 'tls' })
    expect(service.seen).toEqual([])
  })

  test('TLS 1.1 is not spoken', async () => {
    const service = await startService(jsonAnswer({}), {
      ...made.signed,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const port = portTo([allowed(service.origin, { ca: 'ca.pem' })], { 'ca.pem': made.authority })
    expect(await failure(port.send(asking(`${service.origin}/`), going()))).toMatchObject({ kind: 'tls' })
    expect(service.seen).toEqual([])
  })
})
