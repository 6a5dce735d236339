// @module-tag long

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { eapiHttpServer } from '../../../../src/eos/sim/eapi/channel.ts'
import { oneSwitchFabric } from '../../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../../src/eos/sim/fabric/simulated-fabric.ts'
import { type CertificateKey, certificate, certificateKey } from '../../../../src/eos/sim/listener/authority.ts'
import { type HostKey, newHostKey } from '../../../../src/eos/sim/ssh/host-key.ts'
import { sshServer } from '../../../../src/eos/sim/ssh/ssh-server.ts'
import type { Counters } from '../../../../src/eos/sim/switch/counters.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { type Ended, temporaryFolder, typed } from '../../../lab/lab.ts'
import { type ServiceAnswer, startService } from '../../../lab/service.ts'
import { BOOT } from '../device-contract.ts'

const PASSWORD = 'Gj7-correct-horse'

/** The switch takes the common name of a client certificate for the user, and listens to nobody over TLS otherwise. */
const CONFIG = BOOT.replace(
  'management api http-commands\n   no shutdown\n',
  `management api http-commands
   protocol https ssl profile CLIENTS
   no shutdown
!
management security
   ssl profile CLIENTS
      trust certificate clients.pem
`,
)

const WORKFLOW = `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan 998'] }
steps: [{ snapshot: { state: [vlan] } }, plan, approve, { push: { confirmWithin: 5m } }, { verify: { checks: [reachable] } }, confirm]
`

/** One simulated switch, ways to serve it badly, and a project that reaches it. */
interface GuardedSwitch {
  readonly counters: Counters
  /** Serves its eAPI over TLS with this certificate; resolves with the port. */
  overTls(
    identity: { readonly key: string; readonly cert: string },
    clientAuthorities?: readonly string[],
  ): Promise<number>
  /** Serves its shell under a host key. */
  overSsh(): Promise<{ readonly port: number; readonly key: HostKey }>
  /** Writes a file of the project; only its owner reads it. */
  write(path: string, text: string): void
  read(path: string): string
  /** The whole path of a file of the project. */
  path(path: string): string
  /** The inventory's entry of the switch. `credential`: instead of the password. */
  reach(entry: object, credential?: object): void
  /** Runs a command line in the project; `answers`: what a person types. */
  eosflow(
    argv: readonly string[],
    answers?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Ended & { readonly asked: readonly string[] }>
}

/** Boots the switch and makes the project. Everything ends with the test. */
function guardedSwitch(): GuardedSwitch {
  const dir = temporaryFolder()
  const fabric = oneSwitchFabric(CONFIG, { name: 'leaf1', password: PASSWORD })
  const simulation = new SimulatedFabric(fabric, { clock: systemClock, random: new SeededRandom() })
  const { device, eapi, terminals } = simulation.get('leaf1')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text, { mode: 0o600 })
  }
  write('eosflow.yaml', 'version: 1\n')
  write('password', PASSWORD)
  write('workflows/add-a-vlan.yaml', WORKFLOW)
  return {
    counters: device.counters,
    overTls: async (identity, clientAuthorities = []) => {
      const server = eapiHttpServer(eapi, systemClock, { tls: { identity: () => identity, clientAuthorities } })
      await server.start()
      onTestFinished(() => server.stop())
      return server.address.port
    },
    overSsh: async () => {
      const key = newHostKey()
      const server = sshServer(terminals, key)
      await server.start()
      onTestFinished(() => server.stop())
      return { port: server.address.port, key }
    },
    write,
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    reach: (entry, credential) => {
      // Not `simulated`: what serves it here is no simulator of the project.
      const user = credential ?? { username: 'admin', password: `\${file:${join(dir, 'password')}}` }
      const devices = { leaf1: { host: '127.0.0.1', credentials: 'user', ...entry } }
      write('inventory.yaml', JSON.stringify({ credentials: { user }, devices }))
    },
    path: (path) => join(dir, path),
    eosflow: async (argv, answers, env = {}) => {
      const asked: string[] = []
      const asks = (question: string) => void asked.push(question)
      const ended = await typed(dir, argv, { env, asks, ...(answers === undefined ? {} : { answers }) })
      return { ...ended, asked }
    },
  }
}

/** An HTTPS server on loopback that is no switch; ends with the test. Counts what it is asked. */
async function strangeServer(
  options: ServerOptions,
  answer: ServiceAnswer = (_request, response) => response.end(),
): Promise<{ readonly port: number; readonly requests: () => number }> {
  const { port, seen } = await startService(answer, options)
  return { port, requests: () => seen.length }
}

const AUTHORITY = certificateKey()
const OTHER_AUTHORITY = certificateKey()
const SWITCH = certificateKey()

const authorityOf = (name: string, key: CertificateKey) =>
  certificate({ subject: name, issuer: name, key, issuerKey: key, use: 'authority' })

/** The authority that signs the switches, and another one. PEM. */
const CA = {
  ours: authorityOf('Our authority', AUTHORITY),
  other: authorityOf('Another authority', OTHER_AUTHORITY),
}

const LOOPBACK = ['127.0.0.1', 'localhost']

function signed(
  names: readonly string[],
  valid?: readonly [Date, Date],
): { readonly key: string; readonly cert: string } {
  const cert = certificate({
    subject: 'leaf1',
    issuer: 'Our authority',
    key: SWITCH,
    issuerKey: AUTHORITY,
    use: 'server',
    names,
    ...(valid === undefined ? {} : { valid }),
  })
  return { key: SWITCH.pem, cert }
}

/** What a switch may show. */
const SHOWN = {
  good: signed(LOOPBACK),
  misnamed: signed(['leaf9.example.net']),
  expired: signed(LOOPBACK, [new Date('2020-01-01T00:00:00Z'), new Date('2021-01-01T00:00:00Z')]),
  early: signed(LOOPBACK, [new Date('2048-01-01T00:00:00Z'), new Date('2049-01-01T00:00:00Z')]),
  selfSigned: {
    key: SWITCH.pem,
    cert: certificate({
      subject: 'leaf1',
      issuer: 'leaf1',
      key: SWITCH,
      issuerKey: SWITCH,
      use: 'server',
      names: LOOPBACK,
    }),
  },
}

/** The pin of every certificate above, reckoned from the key itself (RFC 7469 2.4). */
const PIN = `sha256/${createHash('sha256').update(SWITCH.public).digest('base64')}`

/** A certificate that logs a user in, and its key. */
function clientCertificate(user: string, key = certificateKey()): { readonly key: string; readonly cert: string } {
  return {
    key: key.pem,
    cert: certificate({ subject: user, issuer: 'Our authority', key, issuerKey: AUTHORITY, use: 'client' }),
  }
}

/** A way to a switch that must not be taken. */
interface BadTransport {
  readonly when: string
  /** Serves the switch and says how the inventory reaches it. `requests`: what arrived at somebody else. */
  set(
    bench: GuardedSwitch,
  ): Promise<{ readonly entry: object; readonly credential?: object; readonly requests?: () => number }>
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What a person answers; without it nobody is at the terminal. */
  readonly answers?: readonly string[]
  readonly says: string | RegExp
  readonly mend: string | RegExp
  readonly code?: number
  /** What is heard before it is refused, as the redirect itself. Default: nothing. */
  readonly heard?: number
}

const MISMATCH = 'sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKLOnMn9wHERI0zjbTi232ayhlZl/Xjk5RAjENDBwbuM'
const TLS_1_1 = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const

/** A switch over TLS whose certificate the inventory judges so. */
const tls =
  (shown: keyof typeof SHOWN, judged?: object): BadTransport['set'] =>
  async (bench) => {
    bench.write('certs/ca.pem', CA.ours)
    bench.write('certs/other.pem', CA.other)
    bench.write('certs/known_pins', `# first seen in March\n[127.0.0.1]:PORT ${MISMATCH}\n`)
    const port = await bench.overTls(SHOWN[shown])
    bench.write('certs/known_pins', bench.read('certs/known_pins').replace('PORT', String(port)))
    return { entry: { port, ...(judged === undefined ? {} : { tls: judged }) } }
  }

/** A switch over SSH, `HOST` and `KEY` in the known_hosts file being its own. */
const ssh =
  (knownHosts: string, more: object = {}): BadTransport['set'] =>
  async (bench) => {
    const { port, key } = await bench.overSsh()
    bench.write('certs/known_hosts', knownHosts.replaceAll('HOST', `[127.0.0.1]:${port}`).replaceAll('KEY', key.public))
    return { entry: { transport: 'ssh', port, ssh: { knownHosts: 'certs/known_hosts', ...more } } }
  }

const OUR_CA = { ca: 'certs/ca.pem' }
const PIN_IT = /pin its key|pin it \(tls: \{ pin: sha256/

const TABLE: readonly BadTransport[] = [
  {
    when: 'the certificate is signed by no authority that is known',
    set: tls('good'),
    says: /leaf1: the certificate is refused: .*certificate; its key is sha256\/[A-Za-z0-9+/]{43}=/,
    mend: 'give the certificate authority that signed it (tls: { ca: FILE })',
  },
  {
    when: 'it is signed by another authority',
    set: tls('good', { ca: 'certs/other.pem' }),
    says: /leaf1: the certificate is refused: .*(?:issuer|verify|signature)/,
    mend: PIN_IT,
  },
  {
    when: 'it is self-signed, as EOS makes it',
    set: tls('selfSigned'),
    says: 'leaf1: the certificate is refused: self-signed certificate; its key is sha256/',
    mend: 'show management security ssl certificate',
  },
  {
    when: 'it is self-signed and an authority is given',
    set: tls('selfSigned', OUR_CA),
    says: 'leaf1: the certificate is refused: self-signed certificate',
    mend: PIN_IT,
  },
  {
    when: 'it is for another name',
    set: tls('misnamed', OUR_CA),
    says: /leaf1: the certificate is refused: .*127\.0\.0\.1 is not in the cert's list/,
    mend: 'as the certificate names it',
  },
  {
    when: 'it has expired',
    set: tls('expired', OUR_CA),
    says: 'leaf1: the certificate is refused: certificate has expired',
    mend: 'Renew the certificate on the switch',
  },
  {
    when: 'it is not good yet',
    set: tls('early', OUR_CA),
    says: 'leaf1: the certificate is refused: certificate is not yet valid',
    mend: 'compare the clocks',
  },
  {
    when: 'its key is not the pinned one',
    set: tls('good', { pin: MISMATCH }),
    says: /its key is sha256\/[A-Za-z0-9+/]{43}=, which is not the pinned one/,
    mend: 'compare the key on the console',
  },
  {
    when: 'the file of the authority is not there',
    set: tls('good', { ca: 'certs/none.pem' }),
    says: 'leaf1: the certificate authority cannot be read from certs/none.pem',
    mend: 'tls: ca: in the inventory',
  },
  {
    when: 'its key is met for the first time and nobody is there',
    set: tls('good', { tofu: 'certs/new_pins' }),
    says: /leaf1: certs\/new_pins holds no certificate key of 127\.0\.0\.1 port \d+; the switch shows sha256\//,
    mend: 'run eosflow doctor at a terminal',
  },
  {
    when: 'its key is met for the first time and a person says no',
    set: tls('good', { tofu: 'certs/new_pins' }),
    answers: ['no', 'y', ''],
    says: 'holds no certificate key',
    mend: '>> certs/new_pins',
  },
  {
    when: 'its key is another one than at first sight',
    set: tls('good', { tofu: 'certs/known_pins' }),
    answers: ['yes', 'yes'],
    says: /its key has changed: it is sha256\/\S{44}, and certs\/known_pins:2 holds another one/,
    mend: 'Somebody may be between',
  },
  {
    when: 'the inventory says insecure and the command line does not',
    set: tls('good', { insecure: true }),
    says: 'leaf1: its certificate would not be checked',
    mend: /tls: \{ ca: FILE \}.*--insecure-tls/,
  },
  {
    when: 'the command line says insecure and the inventory does not',
    set: tls('selfSigned'),
    flags: ['--insecure-tls'],
    says: 'leaf1: the certificate is refused: self-signed',
    mend: PIN_IT,
  },
  {
    when: 'it offers TLS 1.1 at most',
    set: async () => {
      const { port, requests } = await strangeServer({ ...SHOWN.good, ...TLS_1_1 })
      return { entry: { port, tls: { insecure: true } }, requests }
    },
    flags: ['--insecure-tls'],
    says: 'leaf1: the TLS handshake failed',
    mend: 'must offer TLS 1.2 or later',
  },
  {
    when: 'it wants a client certificate and there is none',
    set: async (bench) => {
      bench.write('certs/ca.pem', CA.ours)
      const { port, requests } = await strangeServer({ ...SHOWN.good, ca: CA.ours, requestCert: true })
      return { entry: { port, tls: OUR_CA }, requests }
    },
    says: 'leaf1: the server wants a client certificate that it trusts',
    mend: `certificate: FILE and key: \${file:PATH} under credentials`,
  },
  {
    when: 'it does not trust our client certificate, as nginx says it',
    set: async (bench) => {
      bench.write('certs/ca.pem', CA.ours)
      const page = '<html><head><title>400 The SSL certificate error</title></head></html>'
      const { port, requests } = await strangeServer(SHOWN.good, (_request, response) =>
        response.writeHead(400).end(page),
      )
      return { entry: { port, tls: OUR_CA }, requests }
    },
    says: 'leaf1: the server wants a client certificate that it trusts: The SSL certificate error',
    mend: 'certificate: FILE and key',
    heard: 1,
  },
  {
    when: 'the client certificate is no certificate',
    set: async (bench) => {
      const port = await bench.overTls(SHOWN.good, [CA.ours])
      bench.write('certs/ca.pem', CA.ours)
      bench.write('certs/eosflow.pem', 'hello')
      bench.write('certs/eosflow.key', clientCertificate('admin').key)
      const key = `\${file:${bench.path('certs/eosflow.key')}}`
      return {
        entry: { port, tls: OUR_CA },
        credential: { username: 'admin', certificate: 'certs/eosflow.pem', key },
      }
    },
    says: 'certs/eosflow.pem holds no certificate',
    mend: '-----BEGIN CERTIFICATE-----',
    code: 3,
  },
  {
    when: 'it sends us elsewhere',
    set: async (bench) => {
      bench.write('certs/ca.pem', CA.ours)
      const there = await bench.overTls(SHOWN.good)
      const { port, requests } = await strangeServer({ ...SHOWN.good }, (_request, response) =>
        response.writeHead(307, { location: `https://127.0.0.1:${there}/command-api` }).end(),
      )
      return { entry: { port, tls: OUR_CA }, requests }
    },
    says: 'leaf1: HTTP 307: a redirect, which is not followed',
    mend: 'are the eAPI of a switch',
    heard: 1,
  },
  {
    when: 'plain http would leave this machine',
    set: async () => ({ entry: { host: '192.0.2.1', protocol: 'http' } }),
    flags: ['--insecure-tls'],
    says: 'plain http to 192.0.2.1 would send the password in clear text',
    mend: 'use https',
    code: 3,
  },
  {
    when: 'plain http is spoken to a port of TLS',
    set: async (bench) => ({ entry: { protocol: 'http', port: await bench.overTls(SHOWN.good) } }),
    says: 'leaf1: the request was sent, and its answer did not arrive',
    mend: 'unknown until it is asked',
  },
  {
    when: 'https is spoken to a port of plain HTTP',
    set: async () => {
      const { port } = await startService((_request, response) => response.end())
      return { entry: { port } }
    },
    says: /leaf1: the TLS handshake failed: what answers at 127\.0\.0\.1 port \d+ speaks no TLS \(ERR_SSL_\w+\)/,
    mend: 'Give the port of HTTPS (show management api http-commands)',
  },
  {
    when: 'its name has no address',
    // RFC 6761 6.4: no name below `invalid` has an address.
    set: async () => ({
      entry: { host: 'leaf1.invalid' },
      credential: { username: 'admin', password: `\${env:EOS_PW}` },
    }),
    env: { EOS_PW: 'not-a-real-one' },
    says: /leaf1: no connection to leaf1\.invalid port 443: this name has no address here \((?:ENOTFOUND|EAI_AGAIN)\)/,
    mend: 'Write the address into the inventory (host: 10.0.0.11)',
  },
  {
    when: 'https is spoken to a port of SSH',
    set: async (bench) => ({ entry: { port: (await bench.overSsh()).port } }),
    says: /leaf1: the TLS handshake failed: what answers at 127\.0\.0\.1 port \d+ speaks no TLS \(ERR_SSL_\w+\)/,
    mend: 'Give the port of HTTPS (show management api http-commands)',
  },
  {
    when: 'the host key is not known and nobody is there',
    set: ssh('# none yet\n'),
    says: /leaf1: certs\/known_hosts holds no host key of 127\.0\.0\.1 port \d+; the switch shows SHA256:/,
    mend: /show management ssh hostkey\), then: ssh-keyscan -p \d+ 127\.0\.0\.1 >> certs\/known_hosts/,
  },
  {
    when: 'the host key is not known and a person says no',
    set: ssh(''),
    answers: ['no', ''],
    says: 'holds no host key',
    mend: 'ssh-keyscan',
  },
  {
    when: 'the host key is not known and nobody may be asked',
    set: ssh('', { hostKey: 'strict' }),
    answers: ['yes', 'yes'],
    says: 'holds no host key',
    mend: 'ssh-keyscan',
  },
  {
    when: 'the host key has changed',
    set: ssh(`# ours\nHOST ${OTHER_KEY}\n`),
    answers: ['yes', 'yes'],
    says: /leaf1: the host key has changed: it shows SHA256:\S{43}, and certs\/known_hosts:2 holds another one/,
    mend: 'compare the key on its console',
  },
  {
    when: 'the host key is revoked',
    set: ssh('HOST KEY\n@revoked * KEY\n'),
    answers: ['yes', 'yes'],
    says: /leaf1: the host key SHA256:\S{43} is revoked by certs\/known_hosts:2/,
    mend: 'compare the key on its console',
  },
  {
    when: 'the host key is not the pinned one',
    set: async (bench) => ({
      entry: {
        transport: 'ssh',
        port: (await bench.overSsh()).port,
        ssh: { hostKey: 'SHA256:gPHIsYfjsCVl6JGYm4kdaeFPKaTCP/okOdbos2EJX78' },
      },
    }),
    answers: ['yes', 'yes'],
    says: /leaf1: the host key SHA256:\S{43} is not the one that the inventory names/,
    mend: 'compare the key on its console',
  },
  {
    when: 'an authority vouches for the host, and it shows no certificate',
    set: ssh(`@cert-authority * ${OTHER_KEY}\n`),
    answers: ['yes', 'yes'],
    says: 'certs/known_hosts:1 trusts an authority for this host, and it shows no host certificate',
    mend: 'hostkey server cert',
  },
]

describe('[G93] a bad way to a switch is refused, nothing is sent, and the mend is named', () => {
  let refused = 0

  test.each(TABLE)('[U25] $when', async ({ set, flags = [], env, answers, says, mend, code = 10, heard = 0 }) => {
    const bench = guardedSwitch()
    const { entry, credential, requests = () => 0 } = await set(bench)
    bench.reach(entry, credential)
    const doctor = await bench.eosflow(['doctor', ...flags], answers, env)
    expect(doctor.out).toMatch(says)
    expect(doctor.out).toMatch(mend)
    expect(doctor.code).toBe(10)
    expect(requests()).toBe(heard)
    const planned = await bench.eosflow(['plan', 'workflows/add-a-vlan.yaml', ...flags], answers, env)
    expect(planned.err).toMatch(says)
    expect(planned.err).toMatch(mend)
    expect(planned.code).toBe(code)
    expect(requests()).toBe(2 * heard)
    expect(bench.counters.requests).toBe(0)
    expect(bench.counters.commands).toEqual({})
    refused += 2
  })

  afterAll(() => expect(refused).toBe(2 * TABLE.length))
})

/** What is on record about how switches prove who they are, oldest first. */
async function recorded(bench: GuardedSwitch): Promise<readonly object[]> {
  const { out } = await bench.eosflow(['audit', 'list', '--json'])
  const records = JSON.parse(out).records as readonly { readonly event: Readonly<Record<string, unknown>> }[]
  return records.flatMap(({ event: { type, device, transport, fingerprint } }) =>
    type === 'InsecureAllowed' || type === 'HostTrusted'
      ? [{ type, device, transport, ...(fingerprint === undefined ? {} : { fingerprint }) }]
      : [],
  )
}

describe('a good way is taken', () => {
  const planned = async (bench: GuardedSwitch, flags: readonly string[] = [], answers?: readonly string[]) => {
    const ended = await bench.eosflow(['plan', 'workflows/add-a-vlan.yaml', '--json', ...flags], answers)
    expect(ended).toMatchObject({ code: 0 })
    const { plan } = JSON.parse(ended.out)
    return { ...ended, plan, target: plan.content.devices[0].inventory.address }
  }

  test.each([
    ['by its authority', OUR_CA],
    ['by its key', { pin: PIN }],
  ])('%s', async (_, judged) => {
    const bench = guardedSwitch()
    bench.reach((await tls('good', judged)(bench)).entry)
    const { asked, err } = await planned(bench)
    expect(asked).toEqual([])
    expect(err).not.toContain('warning')
    expect(bench.counters.requests).toBeGreaterThan(0)
  })

  test('by its key although it has expired and is for another name: a pin is enough', async () => {
    const bench = guardedSwitch()
    bench.reach((await tls('expired', { pin: PIN })(bench)).entry)
    await planned(bench)
  })

  test('without a check only by both switches: with a warning, on record, and under another digest', async () => {
    const bench = guardedSwitch()
    const port = await bench.overTls(SHOWN.good)
    bench.write('certs/ca.pem', CA.ours)
    bench.reach({ port, tls: OUR_CA })
    const checked = await planned(bench)
    bench.reach({ port, tls: { insecure: true } })
    const { err, plan, target } = await planned(bench, ['--insecure-tls'])
    expect(err).toContain('! --insecure-tls: the certificate of leaf1 is not checked')
    expect(target.tls).toEqual({ mode: 'insecure' })
    expect(plan.content.warnings).toContainEqual(
      expect.objectContaining({ code: 'insecure-transport', device: 'leaf1' }),
    )
    expect(plan.digest).not.toBe(checked.plan.digest)
    expect(await recorded(bench)).toEqual([{ type: 'InsecureAllowed', device: 'leaf1', transport: 'eapi' }])
  })

  test('by a client certificate in the place of a password', async () => {
    const bench = guardedSwitch()
    const mine = clientCertificate('admin')
    bench.write('certs/ca.pem', CA.ours)
    bench.write('certs/eosflow.pem', mine.cert)
    bench.write('certs/eosflow.key', mine.key)
    const port = await bench.overTls(SHOWN.good, [CA.ours])
    const key = `\${file:${bench.path('certs/eosflow.key')}}`
    bench.reach({ port, tls: OUR_CA }, { username: 'admin', certificate: 'certs/eosflow.pem', key })
    await planned(bench)
    expect(bench.counters.requests).toBeGreaterThan(0)
  })

  test.each(['yes', 'the pin itself'])(
    'by a certificate key that a person trusts at first sight: %s',
    async (typed) => {
      const bench = guardedSwitch()
      const port = await bench.overTls(SHOWN.selfSigned)
      bench.reach({ port, tls: { tofu: 'certs/known_pins' } })
      const first = await planned(bench, [], [typed === 'yes' ? 'yes' : ` ${PIN} `])
      expect(first.asked).toHaveLength(1)
      expect(first.asked[0]).toContain(`leaf1 (127.0.0.1 port ${port}) shows a certificate key`)
      expect(first.asked[0]).toContain(PIN)
      expect(bench.read('certs/known_pins')).toBe(`[127.0.0.1]:${port} ${PIN}\n`)
      expect((await planned(bench)).asked).toEqual([])
      expect(await recorded(bench)).toEqual([
        { type: 'HostTrusted', device: 'leaf1', transport: 'eapi', fingerprint: PIN },
      ])
    },
  )

  test('by a host key that a person trusts at first sight, behind a last line without its end', {
    tags: 'long',
  }, async () => {
    const bench = guardedSwitch()
    const { port, key } = await bench.overSsh()
    bench.write('certs/known_hosts', `leaf9 ${OTHER_KEY}`)
    bench.reach({ transport: 'ssh', port, ssh: { knownHosts: 'certs/known_hosts', hostKey: 'tofu' } })
    const first = await planned(bench, [], ['yes'])
    expect(first.asked).toHaveLength(1)
    expect(first.asked[0]).toContain(key.fingerprint)
    expect(bench.read('certs/known_hosts')).toBe(`leaf9 ${OTHER_KEY}\n[127.0.0.1]:${port} ${key.public}\n`)
    expect((await planned(bench)).asked).toEqual([])
    expect(await recorded(bench)).toEqual([
      { type: 'HostTrusted', device: 'leaf1', transport: 'ssh', fingerprint: key.fingerprint },
    ])
  })

  test('in a pipeline with a terminal nobody is asked', async () => {
    const bench = guardedSwitch()
    const port = await bench.overTls(SHOWN.selfSigned)
    bench.reach({ port, tls: { tofu: 'certs/known_pins' } })
    const { asked, code } = await bench.eosflow(['plan', 'workflows/add-a-vlan.yaml'], ['yes'], { CI: 'true' })
    expect({ asked, code }).toEqual({ asked: [], code: 10 })
  })
})
