import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { SshTarget } from '../../../src/device/transport.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { oneSwitchFabric } from '../../../src/sim/fabric/one-switch.ts'
import { SimulatedFabric } from '../../../src/sim/fabric/simulated-fabric.ts'
import { hostKeyOf, newHostKey } from '../../../src/sim/ssh/host-key.ts'
import { SshServer } from '../../../src/sim/ssh/ssh-server.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { readHostCertificate } from '../../../src/transport/ssh/host-certificate.ts'
import { sshTransport } from '../../../src/transport/ssh/ssh-transport.ts'
import { SeededRandom } from '../../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { listenInTest } from '../../lab/listen.ts'
import { BOOT } from '../device-contract.ts'
import { AUTHORITIES, CERTIFICATES, HOST_KEYS, HOST_PRIVATE_KEY } from './host-certificates.ts'

type CertificateName = keyof typeof CERTIFICATES

const bytesOf = (name: CertificateName): Buffer => Buffer.from(CERTIFICATES[name], 'base64')

describe('a certificate of ssh-keygen', () => {
  test.each([
    ['good', 'ed25519'],
    ['rsaca', 'ecdsa'],
    ['ecca', 'rsa'],
  ] as const)('%s is genuine and certifies the %s key', (name, key) => {
    const certificate = readHostCertificate(bytesOf(name))
    expect(certificate).toMatchObject({ id: 'leaf1', forHosts: true, isGenuine: true, hasCriticalOptions: false })
    expect(Buffer.from(certificate?.key ?? []).toString('base64')).toBe(HOST_KEYS[key])
  })

  test('tells its principals and its days', () => {
    expect(readHostCertificate(bytesOf('good'))).toMatchObject({
      principals: ['127.0.0.1', 'leaf1.example.net'],
      after: 1_577_836_800n,
      before: 2_524_521_600n,
    })
  })

  test('is not genuine any more when one bit of it is another, and never throws', () => {
    const good = bytesOf('good')
    let read = 0
    for (let at = 0; at < good.length; at += 1) {
      const altered = Buffer.from(good)
      altered[at] = (altered[at] ?? 0) ^ 1
      const certificate = readHostCertificate(altered)
      if (certificate === undefined) continue
      read += 1
      expect(certificate.isGenuine, `byte ${at}`).toBe(false)
    }
    expect(read).toBeGreaterThan(200)
  })

  test('is none when it is cut anywhere, or a plain key', () => {
    const good = bytesOf('good')
    for (let length = 0; length < good.length; length += 1)
      expect(readHostCertificate(good.subarray(0, length))?.isGenuine ?? false).toBe(false)
    expect(readHostCertificate(Buffer.from(HOST_KEYS.ed25519, 'base64'))).toBeUndefined()
  })
})

const string = (content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function packet(payload: Buffer): Buffer {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(payload.length + padding + 1)
  head[4] = padding
  return Buffer.concat([head, payload, Buffer.alloc(padding)])
}

/** What OpenSSH 9.2 offered, shortened, and then its answer to any public key. */
function showCertificate(socket: Socket, certificate: Buffer): void {
  const algorithms = ['curve25519-sha256', certificate.subarray(4, 4 + certificate.readUInt32BE(0)).toString('latin1')]
  const rest = ['aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', '']
  const lists = Buffer.concat([...algorithms, ...rest].map(string))
  socket.write('SSH-2.0-OpenSSH_9.2\r\n')
  socket.write(packet(Buffer.concat([Buffer.of(20), Buffer.alloc(16), lists, Buffer.alloc(5)])))
  socket.write(packet(Buffer.concat([Buffer.of(2), string('an ignored message')])))
  const reply = packet(
    Buffer.concat([Buffer.of(31), string(certificate), string(Buffer.alloc(32)), string(Buffer.alloc(64))]),
  )
  for (const byte of reply) socket.write(Buffer.of(byte))
}

/** A simulated switch before which stands what OpenSSH adds to it: a host certificate for whoever asks for one. */
async function certifiedSwitch(certificate: Buffer | undefined, hostKey = hostKeyOf(HOST_PRIVATE_KEY)) {
  const fabric = oneSwitchFabric(BOOT, { name: 'leaf1' })
  const simulation = new SimulatedFabric(fabric, { clock: new VirtualClock(), random: new SeededRandom() })
  const { terminals } = simulation.get('leaf1')
  const plain = new SshServer(terminals, hostKey)
  await plain.start()
  const seen = { scans: 0, sessions: 0 }
  const front = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', async (begin: Buffer) => {
      // Both begin with their version; what is asked for comes with the offer behind it.
      if (begin.toString('latin1').startsWith('SSH-2.0-eosflow_scan\r\n')) {
        seen.scans += 1
        if (certificate === undefined) socket.end('SSH-2.0-OpenSSH_9.2\r\n')
        else showCertificate(socket, certificate)
        return
      }
      seen.sessions += 1
      const { host, port } = plain.address
      const switched = connect(port, host)
      switched.on('error', () => socket.destroy())
      switched.write(begin)
      socket.pipe(switched).pipe(socket)
    })
  })
  onTestFinished(() => plain.stop())
  const port = await listenInTest(front)
  const target: SshTarget = {
    name: 'leaf1',
    host: '127.0.0.1',
    port,
    transport: 'ssh',
    hostKey: { mode: 'known-hosts', file: 'certs/known_hosts' },
  }
  return { target, seen, fabric, simulation }
}

async function hostnameOver(made: Awaited<ReturnType<typeof certifiedSwitch>>, knownHosts: string): Promise<unknown> {
  const { username, password } = made.fabric.credentials
  const device = await sshTransport({
    clock: systemClock,
    readKnownHosts: async () => knownHosts.replaceAll('HOST', `[127.0.0.1]:${made.target.port}`),
    trust: async () => {
      throw new Error('nobody may be asked about a host that an authority vouches for')
    },
    timeouts: { connectMilliseconds: 5000 },
  }).connect(made.target, { username, password: new Secret(password) }, noFence)
  onTestFinished(() => device.close())
  return device.readConfig().then(
    ({ running }) => /^hostname .*$/m.exec(running)?.[0],
    (error: unknown) => error,
  )
}

const CA = `@cert-authority HOST ${AUTHORITIES.ed25519}\n`

describe('a host that an authority vouches for', () => {
  test('is known by its certificate, and then by the key in it', async () => {
    const made = await certifiedSwitch(bytesOf('good'))
    expect(await hostnameOver(made, `# our switches\n${CA}`)).toBe('hostname leaf1')
    expect(made.seen).toEqual({ scans: 1, sessions: 1 })
  })

  test('is not asked for it when its key is known', async () => {
    const made = await certifiedSwitch(bytesOf('expired'))
    expect(await hostnameOver(made, `${CA}HOST ssh-ed25519 ${HOST_KEYS.ed25519}\n`)).toBe('hostname leaf1')
    expect(made.seen.scans).toBe(0)
  })

  test.each<[CertificateName | undefined, string, RegExp, RegExp]>([
    [
      undefined,
      CA,
      /certs\/known_hosts:1 trusts an authority for this host, and it shows no host certificate/,
      /pin it/,
    ],
    ['rsaca', CA, /is signed by SHA256:\S{43}, and certs\/known_hosts:1 trusts another authority/, /compare the key/],
    ['user', CA, /certificate `leaf1` is that of a user, not of a host/, /ssh-keygen -s CA/],
    ['expired', CA, /certificate `leaf1` expired 2020-02-01T00:00:00\.000Z/, /ssh-keygen -s CA/],
    ['early', CA, /certificate `leaf1` is good only from 2048-01-01T00:00:00\.000Z on/, /ssh-keygen -s CA/],
    ['nobody', CA, /certificate `leaf1` is for no host, not for 127\.0\.0\.1/, /-h -n HOST/],
    ['elsewhere', CA, /certificate `leaf1` is for leaf9\.example\.net, not for 127\.0\.0\.1/, /-h -n HOST/],
    ['critical', CA, /certificate `leaf1` demands something that eosflow does not know/, /ssh-keygen -s CA/],
    [
      'good',
      `${CA}@revoked * ${AUTHORITIES.ed25519}\n`,
      /`leaf1` or the authority of it is revoked by certs\/known_hosts:2/,
      /compare the key/,
    ],
    [
      'good',
      `${CA}@revoked * ssh-ed25519 ${HOST_KEYS.ed25519}\n`,
      /`leaf1` or the authority of it is revoked by certs\/known_hosts:2/,
      /compare the key/,
    ],
  ])('is refused before anything is sent: %s', async (name, knownHosts, message, hint) => {
    const made = await certifiedSwitch(name === undefined ? undefined : bytesOf(name))
    const thrown = await hostnameOver(made, knownHosts)
    expect(thrown).toBeInstanceOf(EosflowError)
    expect(thrown).toMatchObject({ kind: 'tls', device: 'leaf1', retryable: false })
    expect((thrown as EosflowError).message).toMatch(message)
    expect((thrown as EosflowError).hint).toMatch(hint)
    expect(made.seen).toEqual({ scans: 1, sessions: 0 })
  })

  test('is refused when somebody wrote another name into its certificate', async () => {
    const good = bytesOf('good')
    const forged = Buffer.from(good)
    forged.write('leaf2', good.indexOf('leaf1.example.net'), 'latin1')
    const made = await certifiedSwitch(forged)
    const thrown = await hostnameOver(made, CA)
    expect((thrown as EosflowError).message).toMatch(
      /certificate `leaf1` does not carry the signature of its authority/,
    )
    expect(made.seen).toEqual({ scans: 1, sessions: 0 })
  })

  test('is refused when it shows the certificate of another: the key in it has to be its own', async () => {
    const made = await certifiedSwitch(bytesOf('good'), newHostKey())
    const thrown = await hostnameOver(made, CA)
    expect((thrown as EosflowError).message).toMatch(
      /the host key is SHA256:\S{43}, and its certificate is for SHA256:\S{43}/,
    )
    expect(made.seen).toEqual({ scans: 1, sessions: 1 })
    expect(made.simulation.get('leaf1').device.counters.commands).toEqual({})
  })
})
