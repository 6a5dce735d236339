import { createSocket } from 'node:dgram'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sendSyslog } from '../../../../src/eos/transport/service/syslog.ts'
import { freePort } from '../../../free-ports.ts'
import { listenInTest } from '../../../lab/loopback.ts'
import { hasOpenssl, type KeyPair, makeCertificates, type TestCertificates } from '../eapi/test-certificates.ts'

async function receiver(pair?: KeyPair, closes = true) {
  let text = ''
  const taking = (socket: Socket) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('error', () => undefined)
    if (closes) socket.on('end', () => socket.end())
  }
  const server: Server =
    pair === undefined
      ? createServer({ allowHalfOpen: true }, taking)
      : createSecureServer({ ...pair, allowHalfOpen: true }, taking)
  server.on('tlsClientError', () => undefined)
  return { port: await listenInTest(server), text: () => text }
}

const to = (protocol: 'udp' | 'tcp' | 'tls', port: number, ca?: string) => ({
  name: 'siem',
  protocol,
  host: '127.0.0.1',
  port,
  ...(ca === undefined ? {} : { ca }),
})

describe('syslog', () => {
  test('over TCP messages are counted in octets, not in characters', async () => {
    const { port, text } = await receiver()
    await sendSyslog(to('tcp', port), ['<110>1 a', 'zwei ü\n2', ''], 5_000)
    expect(text()).toBe('8 <110>1 a9 zwei ü\n20 ')
  })

  test('a receiver that does not close the connection has not said that it has taken them', async () => {
    const { port } = await receiver(undefined, false)
    await expect(sendSyslog(to('tcp', port), ['m'], 200)).rejects.toMatchObject({
      kind: 'lost-answer',
      retryable: true,
      message: 'siem: it has not closed the connection within 0.2 s',
    })
  })

  test('a receiver that closes the connection before it was sent everything has not taken it', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.pause().end())
    })
    const port = await listenInTest(server)
    const much = Array.from({ length: 500 }, () => 'x'.repeat(50_000))
    await expect(sendSyslog(to('tcp', port), much, 5_000)).rejects.toMatchObject({
      kind: 'lost-answer',
      message: 'siem: it has closed the connection before it was sent everything',
    })
  })

  test('a receiver that is not there is unreachable, and the hint speaks of no switch', async () => {
    const { port } = await receiver()
    const free = await freePort()
    expect(free).not.toBe(port)
    await expect(sendSyslog(to('tcp', free), ['m'], 1_000)).rejects.toMatchObject({
      kind: 'unreachable',
      hint: 'Check address, route and port.',
    })
  })

  test('over UDP each message is a datagram', async () => {
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    const datagrams: string[] = []
    socket.on('message', (message) => datagrams.push(message.toString()))
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    await sendSyslog(to('udp', socket.address().port), ['one', 'zwei ü'], 1_000)
    await expect.poll(() => datagrams).toEqual(['one', 'zwei ü'])
    const warnings: Error[] = []
    const heed = (warning: Error) => warnings.push(warning)
    process.on('warning', heed)
    onTestFinished(() => void process.removeListener('warning', heed))
    await sendSyslog(
      to('udp', socket.address().port),
      Array.from({ length: 20 }, () => 'more'),
      1_000,
    )
    await expect.poll(() => datagrams.length).toBe(22)
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
  })
})

describe.skipIf(!hasOpenssl)('syslog over TLS (needs the openssl command)', () => {
  let made: TestCertificates
  beforeAll(() => {
    made = makeCertificates()
  })

  test('goes to who proves itself by the authority of the settings', async () => {
    const { port, text } = await receiver(made.signed)
    await sendSyslog(to('tls', port, made.authority), ['<110>1 a'], 5_000)
    expect(text()).toBe('8 <110>1 a')
  })

  test.each([
    ['another authority', (): readonly [KeyPair, string | undefined] => [made.signed, made.otherAuthority]],
    ['the authorities of the system', (): readonly [KeyPair, string | undefined] => [made.selfSigned, undefined]],
  ])('goes to nobody who is trusted by %s', async (_name, ends) => {
    const [pair, ca] = ends()
    const { port, text } = await receiver(pair)
    await expect(sendSyslog(to('tls', port, ca), ['m'], 5_000)).rejects.toMatchObject({
      kind: 'tls',
      hint: 'Name the authority of its certificate under ca:.',
    })
    expect(text()).toBe('')
  })
})
