import { z } from 'zod'
import type { Address, DeviceAddress, HostKeyMode, TargetOf, TlsMode } from '../../eos/device/device.ts'
import { TRANSPORT_KINDS, type TransportKind } from '../../model/transport-kind.ts'
import { shown } from '../../text/source/duration.ts'

const transport = z.enum(TRANSPORT_KINDS).describe('How the switch is spoken to.')

const ssh = shown(
  z.strictObject({
    knownHosts: shown(
      z.string().min(1).optional(),
      'File of host keys in the form of OpenSSH. Default `~/.ssh/known_hosts`.',
      'certs/known_hosts',
    ),
    hostKey: shown(
      z
        .union([
          z.enum(['strict', 'tofu']),
          z
            .string()
            .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters of base64, as `ssh-keygen -l` prints it'),
        ])
        .optional(),
      'The fingerprint of the one key that is accepted; or what happens to a key that the file does not hold: ' +
        '`strict` refuses it, `tofu` (default) asks at a terminal and refuses it elsewhere.',
      'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ),
  }),
  'How the host key is judged: by a file of keys, or by one key.',
  { knownHosts: 'certs/known_hosts' },
)

const tls = shown(
  z.strictObject({
    ca: shown(
      z.string().min(1).optional(),
      'File of the certification authority that signs the switches, PEM.',
      'certs/ca.pem',
    ),
    pin: shown(
      z
        .string()
        .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'sha256/ and 44 characters of base64, the last one =')
        .optional(),
      "The certificate's public key, SHA-256 in base64.",
      'sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    ),
    tofu: shown(
      z.string().min(1).optional(),
      'File of keys that were trusted at first sight: asks at a terminal about a key that it does not hold.',
      'certs/known_pins',
    ),
    insecure: z
      .literal(true)
      .optional()
      .describe('Accepts any certificate. Needs the operator to allow it at run time as well.'),
  }),
  'How the certificate of the switch is judged: by the system (default), one CA, one key, keys met before, or not at all.',
  { ca: 'certs/ca.pem' },
)

/** The port of an SSH server. */
export const sshPort = shown(z.int().min(1).max(65_535).default(22), 'Default 22.', 22)

const fallback = shown(
  z.strictObject({
    transport: z.literal('ssh'),
    port: sshPort,
  }),
  'How a switch of eAPI is read while its eAPI cannot be reached. A change never goes that way.',
  { transport: 'ssh' },
)

export const transportSettings = {
  transport: transport.optional(),
  protocol: z.enum(['http', 'https']).optional().describe('`http` is for simulated switches on loopback only.'),
  port: shown(z.int().min(1).max(65_535).optional(), 'Default 443, for http 80, for ssh 22.', 443),
  tls: tls.optional(),
  ssh: ssh.optional(),
  fallback: fallback.optional(),
}

export type TransportSettings = {
  readonly [S in keyof typeof transportSettings]?: z.output<(typeof transportSettings)[S]>
}

interface TransportFacts<K extends TransportKind = TransportKind> {
  port(written: TransportSettings): number
  target(address: Address, written: TransportSettings): TargetOf[K]
  readonly planned: Readonly<Record<Exclude<keyof TargetOf[K], keyof Address | 'fallback'>, z.ZodType>>
  // Whether what is written sends the password in clear, but on loopback.
  isInClear(written: TransportSettings): boolean
  readonly takesKey: boolean
  isUnproven(address: DeviceAddress<K>): boolean
  proof(address: DeviceAddress<K>): string
  // What a switch does that answers as it should, as `doctor` says it.
  readonly speaks: string
}

const TRANSPORTS: { readonly [K in TransportKind]: TransportFacts<K> } = {
  eapi: {
    port: ({ protocol }) => (protocol === 'http' ? 80 : 443),
    target: (address, written) => ({
      ...address,
      transport: 'eapi',
      protocol: written.protocol ?? 'https',
      tls: tlsMode(written.tls),
      ...(written.fallback === undefined
        ? {}
        : { fallback: TRANSPORTS.ssh.target({ ...address, port: written.fallback.port }, written) }),
    }),
    planned: {
      transport: z.literal('eapi'),
      protocol: z.enum(['http', 'https']),
      tls: z.discriminatedUnion('mode', [
        z.strictObject({ mode: z.literal('system') }),
        z.strictObject({ mode: z.literal('ca'), file: z.string() }),
        z.strictObject({ mode: z.literal('pin'), sha256: z.string() }),
        z.strictObject({ mode: z.literal('tofu'), file: z.string() }),
        z.strictObject({ mode: z.literal('insecure') }),
      ]),
    },
    isInClear: ({ protocol }) => protocol === 'http',
    takesKey: false,
    isUnproven: ({ protocol, tls: { mode } }) => protocol === 'https' && mode === 'insecure',
    proof: ({ protocol, tls: { mode } }) => {
      if (protocol === 'http') return 'HTTP without TLS, on loopback or allowed by --insecure-tls'
      return mode === 'insecure' ? 'HTTPS, its certificate is not checked' : 'its certificate is good'
    },
    speaks: 'speaks eAPI',
  },
  ssh: {
    port: () => 22,
    target: (address, written) => ({ ...address, transport: 'ssh', hostKey: hostKeyMode(written.ssh) }),
    planned: {
      transport: z.literal('ssh'),
      hostKey: z.discriminatedUnion('mode', [
        z.strictObject({ mode: z.literal('known-hosts'), file: z.string(), strict: z.literal(true).exactOptional() }),
        z.strictObject({ mode: z.literal('pin'), fingerprint: z.string() }),
      ]),
    },
    isInClear: () => false,
    takesKey: true,
    isUnproven: () => false,
    proof: () => 'its host key is the known one',
    speaks: 'gives a shell',
  },
}

/** The transport of a switch; eAPI where the inventory names none. */
export function transportFacts(kind: TransportKind = 'eapi'): TransportFacts {
  return TRANSPORTS[kind]
}

export function isUnproven(address: DeviceAddress): boolean {
  return transportFacts(address.transport).isUnproven(address)
}

export function proofsAtOnce(
  written: TransportSettings,
): readonly { readonly setting: 'tls' | 'ssh'; readonly given: readonly string[] }[] {
  return (['tls', 'ssh'] as const).flatMap((setting) => {
    const given = Object.keys(written[setting] ?? {})
    const isHow = setting === 'ssh' && ['strict', 'tofu'].includes(written.ssh?.hostKey ?? '')
    return given.length < 2 || isHow ? [] : [{ setting, given }]
  })
}

/** `common`: the members that all of them have. */
export function plannedAddress(common: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.discriminatedUnion(
    'transport',
    TRANSPORT_KINDS.map((kind) => z.strictObject({ ...common, ...transportFacts(kind).planned })) as never,
  )
}

/** How a host key is judged, by what is written of it. */
export function hostKeyMode(written: TransportSettings['ssh']): HostKeyMode {
  const { hostKey = 'tofu', knownHosts: file = '~/.ssh/known_hosts' } = written ?? {}
  if (hostKey !== 'tofu' && hostKey !== 'strict') return { mode: 'pin', fingerprint: hostKey }
  return { mode: 'known-hosts', file, ...(hostKey === 'strict' ? { strict: true } : {}) }
}

function tlsMode(written: TransportSettings['tls']): TlsMode {
  if (written?.ca !== undefined) return { mode: 'ca', file: written.ca }
  if (written?.pin !== undefined) return { mode: 'pin', sha256: written.pin.slice('sha256/'.length) }
  if (written?.tofu !== undefined) return { mode: 'tofu', file: written.tofu }
  return written?.insecure === true ? { mode: 'insecure' } : { mode: 'system' }
}
