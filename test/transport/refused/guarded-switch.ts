import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { EapiHttpServer } from '../../../src/sim/eapi/http-server.ts'
import { oneSwitchFabric } from '../../../src/sim/fabric/one-switch.ts'
import { SimulatedFabric } from '../../../src/sim/fabric/simulated-fabric.ts'
import { type HostKey, newHostKey } from '../../../src/sim/ssh/host-key.ts'
import { SshServer } from '../../../src/sim/ssh/ssh-server.ts'
import type { Counters } from '../../../src/sim/switch/counters.ts'
import { type CertificateKey, certificate, certificateKey } from '../../../src/sim/tls/certificate.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { SeededRandom } from '../../../src/trial/seeded-random.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import type { Ended } from '../../lab/lab.ts'
import { listenInTest } from '../../lab/loopback.ts'
import { typed } from '../../lab/typed.ts'
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
export interface GuardedSwitch {
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
export function guardedSwitch(): GuardedSwitch {
  const dir = temporaryFolder()
  const fabric = oneSwitchFabric(CONFIG, { name: 'leaf1', password: PASSWORD })
  const simulation = new SimulatedFabric(fabric, { clock: systemClock, random: new SeededRandom() })
  const { device, eapi, terminals } = simulation.get('leaf1')
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text, { mode: 0o600 })
  }
  write('eosflow.yaml', 'version: 1\n')
  write('password', PASSWORD)
  write('workflows/add-a-vlan.yaml', WORKFLOW)
  return {
    counters: device.counters,
    overTls: async (identity, clientAuthorities = []) => {
      const server = new EapiHttpServer(eapi, systemClock, { tls: { identity: () => identity, clientAuthorities } })
      await server.start()
      onTestFinished(() => server.stop())
      return server.address.port
    },
    overSsh: async () => {
      const server = new SshServer(terminals, newHostKey())
      await server.start()
      onTestFinished(() => server.stop())
      return { port: server.address.port, key: server.hostKey }
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
      const asks = (question: string): void => void asked.push(question)
      const ended = await typed(dir, argv, { env, asks, ...(answers === undefined ? {} : { answers }) })
      return { ...ended, asked }
    },
  }
}

/** An HTTPS server on loopback that is no switch; ends with the test. Counts what it is asked. */
export async function strangeServer(
  options: ServerOptions,
  answer: RequestListener = (_request, response) => response.end(),
): Promise<{ readonly port: number; readonly requests: () => number }> {
  let requests = 0
  const server = createTlsServer(options, (request, response) => {
    requests += 1
    answer(request, response)
  })
  return { port: await listenInTest(server), requests: () => requests }
}

const AUTHORITY = certificateKey()
const OTHER_AUTHORITY = certificateKey()
const SWITCH = certificateKey()

const authorityOf = (name: string, key: CertificateKey): string =>
  certificate({ subject: name, issuer: name, key, issuerKey: key, use: 'authority' })

/** The authority that signs the switches, and another one. PEM. */
export const CA = {
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
export const SHOWN = {
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
export const PIN = `sha256/${createHash('sha256').update(SWITCH.public).digest('base64')}`

/** A certificate that logs a user in, and its key. */
export function clientCertificate(
  user: string,
  key = certificateKey(),
): { readonly key: string; readonly cert: string } {
  return {
    key: key.pem,
    cert: certificate({ subject: user, issuer: 'Our authority', key, issuerKey: AUTHORITY, use: 'client' }),
  }
}
