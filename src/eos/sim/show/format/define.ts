import { formatAddress, formatIp, networkOf, parseIp } from '../../../../model/ip-address.ts'
import { definedItems, definedMembers, type Json, type JsonObject } from '../../../../model/json.ts'
import { type ConfigTree, hasChild, restOf } from '../../../config/text/tree.ts'
import { expandNames } from '../../converge/interface-name.ts'
import type {
  BgpVrfState,
  InterfaceAddress,
  InterfaceAddresses,
  InterfaceState,
  SwitchState,
} from '../../converge/network-state.ts'
import { printedLines, type SwitchFacts } from '../../platform/facts.ts'

/**
 * The addresses of a routed interface as `show interfaces` and `show ip interface` print them. The broadcast address is
 * 255.255.255.255 on every recorded switch (docs/eos.md 7.1).
 */
export function addressesJson(addresses: InterfaceAddresses): JsonObject {
  const { primary, secondary, virtual, virtualSecondary, unnumbered, dhcp } = addresses
  return {
    primaryIp: addressJson(primary),
    secondaryIps: byAddress(secondary),
    secondaryIpsOrderedList: secondary.map(addressJson),
    virtualIp: addressJson(virtual),
    virtualSecondaryIps: byAddress(virtualSecondary),
    virtualSecondaryIpsOrderedList: virtualSecondary.map(addressJson),
    broadcastAddress: '255.255.255.255',
    dhcp,
    ...definedMembers({ unnumberedIntf: unnumbered }),
  }
}

function addressJson(address: InterfaceAddress | undefined): JsonObject {
  return { address: address?.address ?? '0.0.0.0', maskLen: address?.maskLen ?? 0 }
}

function byAddress(addresses: readonly InterfaceAddress[]): JsonObject {
  return objectOf(addresses, (address) => [address.address, addressJson(address)])
}

/** The IPv6 addresses of a configuration as `show ipv6 interface` and `show interfaces` print them. */
export function globalAddresses(configured: readonly string[], flags: JsonObject): readonly JsonObject[] {
  return configured.flatMap((text) => {
    const ip = parseIp(text)
    return ip === undefined ? [] : [{ address: formatAddress(ip), subnet: formatIp(networkOf(ip)), ...flags }]
  })
}

export function columns(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join(' ')
    .trimEnd()
}

export function printedTable(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return printedLines(rows.map((cells) => columns(cells, widths)))
}

// The MAC address `offset` places after another.
function macAfter(mac: string, offset: number) {
  const value = Number.parseInt(mac.replaceAll(':', ''), 16) + offset
  return value.toString(16).padStart(12, '0').match(/../g)?.join(':') ?? mac
}

/** Milliseconds as the seconds EOS prints in JSON. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000
}

function units(milliseconds: number) {
  const all = Math.max(0, Math.floor(milliseconds / 1000))
  return {
    weeks: Math.floor(all / 604_800),
    days: Math.floor(all / 86_400) % 7,
    hours: Math.floor(all / 3600) % 24,
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
  }
}

function plural(count: number, unit: string) {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** `134 weeks, 5 days, 23 hours and 44 minutes`, as `show version` says it. */
export function uptimeWords(milliseconds: number): string {
  const { weeks, days, hours, minutes } = units(milliseconds)
  const parts = definedItems(
    weeks > 0 && plural(weeks, 'week'),
    (weeks > 0 || days > 0) && plural(days, 'day'),
    plural(hours, 'hour'),
  )
  return `${parts.join(', ')} and ${plural(minutes, 'minute')}`
}

/** `6 days, 11 hours, 16 minutes, 54 seconds`, as `show interfaces` says it. */
export function elapsedWords(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const all: readonly (readonly [number, string])[] = [
    [weeks * 7 + days, 'day'],
    [hours, 'hour'],
    [minutes, 'minute'],
    [rest, 'second'],
  ]
  const said = all.filter(([count]) => count > 0).map(([count, unit]) => plural(count, unit))
  return said.length === 0 ? '0 seconds' : said.join(', ')
}

/** `0:15:31`, or `6 days, 11:19:37` from a day on. */
export function clockSpan(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const clock = `${hours}:${two(minutes)}:${two(rest)}`
  const total = weeks * 7 + days
  return total === 0 ? clock : `${plural(total, 'day')}, ${clock}`
}

/** `00:04:09`, or `79d05h` from a day on, as BGP tables print it. */
export function bgpSpan(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const total = weeks * 7 + days
  return total === 0 ? `${two(hours)}:${two(minutes)}:${two(rest)}` : `${total}d${two(hours)}h`
}

/** A number with two digits at least. */
export function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** Words over lines of at most `width` characters, each word but the last with its comma. */
export function wrapped(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [at, word] of words.entries()) {
    const piece = at === words.length - 1 ? word : `${word},`
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line)
      line = piece
    } else line = line === '' ? piece : `${line} ${piece}`
  }
  return line === '' ? lines : [...lines, line]
}

/** Which routing stack a switch runs: it decides the shapes of BGP's JSON (docs/eos.md 7.2). */
export function protocolModel({ running }: ShowContext): 'ribd' | 'multi-agent' {
  return hasChild(running, 'service routing protocols model multi-agent') ? 'multi-agent' : 'ribd'
}

export function macOf(state: InterfaceState, facts: SwitchFacts): string {
  const port = state.kind === 'portChannel' ? state.members[0] : state.name
  if (state.kind === 'management') return macAfter(facts.systemMac, -1)
  if (state.mode === 'routed' || port === undefined) return facts.systemMac
  return macAfter(facts.systemMac, 1 + Math.max(0, facts.interfaces.indexOf(port)))
}

/** Seconds over which rates are counted: `load-interval default`, else 300. */
export function loadInterval(running: ConfigTree): number {
  return Number(restOf(running.children, 'load-interval default ') ?? 300)
}

// The words with which EOS refuses an interface that is not there (observed: `show interface vxlan1` on a spine).
const NO_SUCH_INTERFACE = 'Interface does not exist'

/** The interfaces an `<interface>` argument names: `Ethernet1`, `et1`, `Ethernet1-4,7`, `Port-Channel1`; all without one. */
export function selectedInterfaces(context: ShowContext, args: ShowArguments): readonly InterfaceState[] | undefined {
  const { interfaces } = context.state
  const typed = args.interface
  if (typed === undefined) return [...interfaces.values()]
  const names = expandNames(typed)
  const found = [...interfaces.values()].filter((state) => names?.has(state.name))
  return names !== undefined && found.length === names.size ? found : undefined
}

export function refuseUnknownInterface(context: ShowContext, args: ShowArguments): string | undefined {
  return selectedInterfaces(context, args) === undefined ? NO_SUCH_INTERFACE : undefined
}

/** The VRFs a `<vrf>` argument names: one, `all`, or `default` without one. */
export function selectedVrfs<T>(all: ReadonlyMap<string, T>, args: ShowArguments): readonly (readonly [string, T])[] {
  const vrf = args.vrf ?? 'default'
  return [...all].filter(([name]) => vrf === 'all' || name === vrf)
}

/** An object of an answer: what `entry` names and tells of each. */
export function objectOf<T, V>(
  all: Iterable<T>,
  entry: (one: T, at: number) => readonly [string, V],
): Record<string, V> {
  return Object.fromEntries(Array.from(all, entry))
}

export function refuseUnknownVrf(context: ShowContext, args: ShowArguments): string | undefined {
  const vrf = args.vrf
  const known = vrf === undefined || vrf === 'all' || context.state.vrfs.has(vrf)
  return known ? undefined : `VRF ${vrf} does not exist`
}

type Said = Pick<ShowCommand, 'words' | 'unconverted'>

interface InterfaceShow extends Said {
  readonly of?: (state: InterfaceState) => boolean
  readonly member?: string
  readonly json: (state: InterfaceState, context: ShowContext) => JsonObject
  readonly text?: (states: readonly InterfaceState[], context: ShowContext) => string
}

/** A command that shows interfaces: those that `<interface>` names, or all, as far as `of` takes them. */
export function interfaceShow({
  of = () => true,
  member = 'interfaces',
  json,
  text,
  ...said
}: InterfaceShow): ShowCommand {
  const shown = (context: ShowContext, args: ShowArguments) => (selectedInterfaces(context, args) ?? []).filter(of)
  return {
    ...said,
    refuse: refuseUnknownInterface,
    json: (context, args) => ({
      [member]: objectOf(shown(context, args), (state) => [state.name, json(state, context)]),
    }),
    text: text && ((context, args) => text(shown(context, args), context)),
  }
}

interface BgpShow extends Said {
  readonly json: (vrf: BgpVrfState, context: ShowContext, args: ShowArguments) => JsonObject
  readonly text?: (vrf: BgpVrfState, context: ShowContext, args: ShowArguments) => readonly string[]
}

/** A command that shows what each VRF has of BGP. */
export function bgpShow({ json, text, ...said }: BgpShow): ShowCommand {
  return {
    ...said,
    refuse: refuseUnknownVrf,
    json: (context, args) => ({
      vrfs: objectOf(selectedVrfs(context.state.bgp, args), ([name, vrf]) => [name, json(vrf, context, args)]),
    }),
    text:
      text &&
      ((context, args) =>
        selectedVrfs(context.state.bgp, args)
          .flatMap(([, vrf]) => text(vrf, context, args))
          .join('\n')),
  }
}

export interface ShowContext {
  readonly name: string
  readonly facts: SwitchFacts
  readonly running: ConfigTree
  readonly state: SwitchState
  /** Milliseconds since the epoch on the switch's own clock. */
  readonly now: number
  /** When the switch booted, milliseconds since the epoch. */
  readonly bootedAt: number
  /** When each unit of maintenance mode was quiesced or released last, and how long that takes; absent for one that never was. */
  readonly maintenance?: ReadonlyMap<string, { readonly at: number; readonly seconds: number }>
}

export type ShowArguments = Readonly<Record<string, string>>

/** `words` are the full EOS words; `<name>` takes any one word, `[...]` marks an optional group, for example `show interfaces [<interface>] status` or `show bgp summary [vrf <vrf>]`. */
export interface ShowCommand {
  readonly words: string
  /** Whether it looks at more than configurations, the network and the second of the clock, so that no answer may be kept. */
  readonly live?: boolean
  /** The words with which the switch refuses to run it (eAPI error 1000), or undefined when it runs. */
  readonly refuse?: (context: ShowContext, args: ShowArguments) => string | undefined
  /** Whether this version has no JSON for it: "unconverted" (eAPI error 1003). */
  readonly unconverted?: (context: ShowContext) => boolean
  /** The JSON model in the revision asked: 1 where a client asks `version: 1`, the newest where it is undefined. */
  readonly json?: (context: ShowContext, args: ShowArguments, revision?: number) => Json
  readonly text?: ((context: ShowContext, args: ShowArguments) => string) | undefined
}
