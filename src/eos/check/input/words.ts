import { z } from 'zod'
import { passUnless, type Verdict } from '../../../model/error.ts'
import { formatAddress, ipv4Number, parseIp } from '../../../model/ip-address.ts'
import { isNameInCommand } from '../../../model/name-in-command.ts'
import { MissingMember } from '../answer/show.ts'

/** An object whose keys may also be written by other names, given as `{alias: name}`. A key under its own name wins. */
export function withAliases<T extends z.ZodType>(aliases: Readonly<Record<string, string>>, schema: T) {
  return z.preprocess((written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) return written
    const entries = Object.entries(written)
    const aliased = entries.flatMap(([key, value]) => {
      const name = Object.hasOwn(aliases, key) ? aliases[key] : undefined
      return name === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries([...aliased, ...entries.filter(([key]) => !Object.hasOwn(aliases, key))])
  }, schema)
}

/** Whether a record that says what to judge names anything: a check that judges nothing must not pass. */
export function hasEntries(record: object): boolean {
  return Object.keys(record).length > 0
}

// The kinds that a catalog may write by their beginning, whatever follows it: `et1`, `eth1`, `PortChannel100`, `lo0`, `vl110`.
const SHORTENED = [
  ['et', 'Ethernet'],
  ['po', 'Port-Channel'],
  ['lo', 'Loopback'],
  ['vl', 'Vlan'],
] as const

const KINDS = [
  'Dps',
  'Ethernet',
  'Fabric',
  'Loopback',
  'Management',
  'Port-Channel',
  'Recirc-Channel',
  'Tunnel',
  'Vlan',
  'Vxlan',
] as const

const BY_LOWER_CASE = new Map<string, string>(KINDS.map((kind) => [kind.toLowerCase(), kind]))

// The name as EOS writes it: `et1` and `ethernet1` are `Ethernet1`.
function interfaceNameOf(written: string) {
  const text = written.trim()
  const lower = text.toLowerCase()
  const number = /\d+(?:\/\d+)*(?:\.\d+)?/.exec(text)?.[0]
  const [, shortened] = SHORTENED.find(([beginning]) => lower.startsWith(beginning)) ?? []
  if (shortened !== undefined && number !== undefined) return `${shortened}${number}`
  const [, letters = '', rest = ''] = /^([a-z-]+?)\s*(\d.*)?$/.exec(lower) ?? []
  const kind = BY_LOWER_CASE.get(letters)
  return kind === undefined ? written : `${kind}${rest}`
}

const named = (pattern: RegExp, example: string) =>
  z
    .string()
    .transform(interfaceNameOf)
    .refine((name) => pattern.test(name), { error: `expected an interface, such as ${example}` })

const NUMBER = String.raw`\d+(?:\/\d+)*(?:\.\d+)?`

/** Any interface of EOS: `Ethernet1/1`, `Port-Channel5.100`, `Vlan10`, `Loopback0`. */
export const interfaceName = () => named(new RegExp(`^(?:${KINDS.join('|')})${NUMBER}$`), 'Ethernet1')

const ethernetInterface = () => named(/^Ethernet\d+(?:\/\d+){0,2}(?:\.\d+)?$/, 'Ethernet1')

const managementInterface = () => named(/^Management\d+(?:\/\d+){0,2}$/, 'Management1')

export const portChannelInterface = () => named(/^Port-Channel\d{1,6}(?:\.\d+)?$/, 'Port-Channel5')

/** A source interface of VXLAN: a loopback, or Dps1. */
export const vxlanSourceInterface = () => named(/^(?:Dps1|Loopback\d{1,4})$/, 'Loopback1')

// A kind of interface: `Ethernet`, `Loopback`.
const interfaceKind = () =>
  z
    .string()
    .transform((written) => BY_LOWER_CASE.get(written.trim().toLowerCase()) ?? written)
    .pipe(z.enum(KINDS, { error: `expected a kind of interface: ${KINDS.join(', ')}` }))

/** An IPv4 address. */
export const ipv4 = () => z.ipv4({ error: 'expected an IPv4 address, such as 10.0.0.1' })

/** An IPv6 address, in the compressed lower-case form that EOS prints (RFC 5952). */
export const ipv6 = () => z.ipv6({ error: 'expected an IPv6 address, such as 2001:db8::1' }).transform(compressedIpv6)

/** An IPv4 or IPv6 address. */
export const ipAddress = () => z.union([ipv4(), ipv6()], { error: 'expected an IP address, such as 10.0.0.1' })

/** An IPv4 prefix, host bits cleared: `10.0.0.0/24`; an address alone is a /32. */
export const ipv4Prefix = () =>
  z
    .string()
    .transform((text) => (text.includes('/') ? text : `${text}/32`))
    .pipe(z.cidrv4({ error: 'expected an IPv4 prefix, such as 10.0.0.0/24' }))
    .refine(hasNoHostBits, { error: 'the prefix has bits of a host set' })

/** An IPv4 address with the length of its network: `10.0.0.1/31`. */
export const ipv4WithLength = () => z.cidrv4({ error: 'expected an address with its length, such as 10.0.0.1/31' })

// An IPv6 prefix, its address as {@link ipv6} has it: `2001:db8::/64`; an address alone is a /128.
const ipv6Prefix = () =>
  z
    .string()
    .transform((text) => (text.includes('/') ? text : `${text}/128`))
    .pipe(z.cidrv6({ error: 'expected an IPv6 prefix, such as 2001:db8::/64' }))
    .transform(compressedPrefix)

/** An IPv4 or IPv6 prefix. */
export const ipPrefix = () =>
  z.union([ipv4Prefix(), ipv6Prefix()], { error: 'expected a prefix, such as 10.0.0.0/24 or 2001:db8::/64' })

/** An IPv4 or IPv6 address with the length of its network, host bits as they are: `10.0.0.1/31`; alone it is a host's. */
export const ipWithLength = () =>
  z.union(
    [
      z
        .string()
        .transform((text) => (text.includes('/') ? text : `${text}/32`))
        .pipe(z.cidrv4()),
      ipv6Prefix(),
    ],
    { error: 'expected an address with its length, such as 10.0.0.1/31 or 2001:db8::1/64' },
  )

/** A host: an IP address or a DNS name (RFC 1123, section 2.1). */
export const hostname = () =>
  z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, {
    error: 'expected a host name, such as ntp1.example.com',
  })

/** A MAC address as EOS shows it: lower case with colons, whatever its written form (`0011.2233.4455`, `00-11-…`). */
export const macAddress = () =>
  z
    .string()
    .transform((text) => text.replaceAll(/[.:-]/g, '').toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{12}$/, { error: 'expected a MAC address, such as 00:1c:73:00:00:01' }))
    .transform((digits) => (digits.match(/../g) ?? []).join(':'))

/** RFC 5952: lower case, no leading zeros, the longest run of zeros (the first of equals, never a single one) as `::`. Throws TypeError for what is no address. */
export function compressedIpv6(text: string): string {
  const ip = parseIp(text)
  if (ip === undefined) throw new TypeError(`${text} is no IPv6 address`)
  return formatAddress(ip)
}

function compressedPrefix(prefix: string) {
  const [address = '', length = '128'] = prefix.split('/')
  return `${compressedIpv6(address)}/${Number(length)}`
}

function hasNoHostBits(prefix: string) {
  const [address = '', length = '32'] = prefix.split('/')
  const value = ipv4Number(address)
  return value !== undefined && value % 2 ** (32 - Number(length)) === 0
}

// Catalogs are YAML that people write: `'10'` and `10.0` are ten, `'1e-6'` a millionth, as ANTA takes them.
const written = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value

export function integer(minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER) {
  return z.preprocess(written, z.int().min(minimum).max(maximum))
}

export function decimal(minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE) {
  return z.preprocess(written, z.number().min(minimum).max(maximum))
}

/** A count: a whole number from 0. */
export const count = () => integer(0)

/** A percentage, 0 to 100. */
export const percent = () => decimal(0, 100)

/** A VLAN, 0 to 4094: ANTA lets a catalog say 0. */
export const vlanId = () => integer(0, 4094)

/** A VXLAN network identifier (RFC 7348, section 5: 24 bits). */
export const vni = () => integer(1, 16_777_215)

export const port = () => integer(1, 65_535)

/** Text that is not empty. */
export const word = () => z.string().min(1)

/**
 * A name that may stand in a command: one word, and nothing that EOS or its shell takes for a pipe, a redirection, a
 * quote, a variable or a second command.
 */
export const nameInCommand = () =>
  z.string().refine(isNameInCommand, { error: 'expected a name, such as PROD, without blanks and | ; & < > $ `' })

/** The name of a VRF; `default` unless it is said. */
export const vrf = () => nameInCommand().default('default')

/** A regular expression that somebody wrote: match it with `matchesWithin`, which bounds its time. */
export const pattern = () => z.string().refine(isPattern, { error: 'expected a regular expression, such as ^Ethernet' })

/** A severity of the switch's log (EOS manual, "logging"). */
export const logSeverity = () =>
  z.enum(['alerts', 'critical', 'debugging', 'emergencies', 'errors', 'informational', 'notifications', 'warnings'])

function isPattern(text: string) {
  try {
    return new RegExp(text).flags === ''
  } catch {
    return false
  }
}

/** A list that names at least one. */
export function someOf<I extends Inputs>(one: I, description: string) {
  return z.array(schemaOf(one)).min(1).describe(description)
}

/** What a catalog writes: a shape has those members and no other. */
export type Inputs = z.ZodType | z.ZodRawShape
export type SchemaOf<I extends Inputs> = I extends z.ZodType
  ? I
  : I extends z.ZodRawShape
    ? z.ZodObject<I, z.core.$strict>
    : never

export function schemaOf<I extends Inputs>(inputs: I): SchemaOf<I> {
  return (inputs instanceof z.ZodType ? inputs : z.strictObject(inputs)) as SchemaOf<I>
}

/** Whether something is wanted, which need not be said. */
export function flag(description: string, usual = false) {
  return z.boolean().default(usual).describe(description)
}

/** A text that may be left out. */
export function maybeText(description: string) {
  return z.string().nullish().describe(description)
}

/** Which interfaces a check looks at: those named, or all that the switch tells of; never those ignored. */
export interface InterfaceSelection {
  readonly interfaces?: readonly string[] | null | undefined
  readonly ignored_interfaces?: readonly string[] | null | undefined
}

const selection = (named: z.ZodType<string>, ignored = named) => ({
  interfaces: z
    .array(named)
    .nullish()
    .describe('The interfaces to look at; absent: all but those in `ignored_interfaces`.'),
  ignored_interfaces: z.array(ignored).nullish().describe('The interfaces to leave out.'),
})

export const interfaceSelection = () => selection(interfaceName(), ignorableInterface())

export const ethernetSelection = () => selection(ethernetInterface())

export const physicalSelection = () =>
  selection(
    z.union([ethernetInterface(), managementInterface()], {
      error: 'expected an Ethernet or Management interface, such as Ethernet1',
    }),
  )

export const portChannelSelection = () => selection(portChannelInterface())

/** An interface, or a kind of interface such as `Management`: all of that kind. */
export const ignorableInterface = () =>
  z.union([interfaceKind(), interfaceName()], {
    error: 'expected an interface, such as Ethernet1, or a kind of interface, such as Ethernet',
  })

function isIgnored(name: string, ignored: readonly string[] | null | undefined) {
  const kind = /^[A-Za-z-]+/.exec(name)?.[0] ?? name
  return ignored?.some((one) => one === name || one === kind) ?? false
}

/** Whether the interfaces to look at were named, so that one without data is a fault; an empty list names none. */
export function areNamed({ interfaces }: InterfaceSelection): boolean {
  return (interfaces?.length ?? 0) > 0
}

export function interfacesIn<M extends string, T>(
  selected: InterfaceSelection,
  answer: { readonly [K in M]?: ReadonlyMap<string, T> | undefined },
  member: M,
): ReadonlyMap<string, T> {
  const told = answer[member]
  if (told !== undefined) return told
  if (areNamed(selected)) return new Map()
  throw new MissingMember(answer, member)
}

/** The names of the interfaces that are looked at, in the order of the inputs or else of the answer. */
export function interfacesLookedAt(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, unknown>,
): readonly string[] {
  const names = areNamed(selected) ? (selected.interfaces ?? []) : [...told.keys()]
  return names.filter((name) => !isIgnored(name, selected.ignored_interfaces))
}

export function interfaceFaults<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[],
): readonly string[] {
  return interfacesLookedAt(selected, told).flatMap((name) => {
    const one = told.get(name)
    return one === undefined ? [`Interface: ${name} - Not found`] : judge(name, one)
  })
}

/** Judges what every switch tells of its interfaces: an answer without any is none, unless they were named. */
export function judgeInterfaces<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[],
): Verdict {
  if (told.size === 0 && !areNamed(selected)) return { status: 'error', reason: 'The answer tells of no interface' }
  return passUnless(interfaceFaults(selected, told, judge))
}

/**
 * As {@link judgeInterfaces}, and says first which of the named ones are not told of. `judge` gives undefined for an
 * interface of which the answer has nothing that could be judged: ANTA passes it, here it is an error where it was named, and
 * where there is no other.
 */
export function judgeFound<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[] | undefined,
  missing = 'Not found',
): Verdict {
  const wanted = areNamed(selected) ? [...new Set(selected.interfaces)] : [...told.keys()]
  const found = wanted
    .filter((name) => !isIgnored(name, selected.ignored_interfaces))
    .flatMap((name) => {
      const one = told.get(name)
      return one === undefined ? [] : [{ name, faults: judge(name, one) }]
    })
  const faults = [
    ...wanted.filter((name) => !told.has(name)).map((name) => `Interface: ${name} - ${missing}`),
    ...found.flatMap((one) => one.faults ?? []),
  ]
  const silent = found.filter((one) => one.faults === undefined)
  if (faults.length === 0 && (found.length === silent.length || (areNamed(selected) && silent.length > 0))) {
    return { status: 'error', reason: `the answer has nothing to judge of ${silent[0]?.name ?? 'any interface'}` }
  }
  return passUnless(faults)
}
