import { parseVerb } from '../text/tree.ts'
import { ROUTED } from './added-lines.ts'
import { BGP_DEFAULTS, neighborDefaults } from './block-defaults.ts'
import type { Draft } from './draft.ts'
import { interfaceDefaults } from './interface-defaults.ts'
import { type Rewrite, rewrites } from './rewrites.ts'

// A command that says the default, which `show running-config` does not print (docs/eos.md 4.9).
interface HiddenDefault {
  readonly modes: readonly string[]
  // Whether the command, with its `no`, says the default of its block. `hasLine`: whether the block has such a line.
  readonly isDefault: (command: string, opener: string, hasLine: (line: RegExp) => boolean) => boolean
  readonly unless?: readonly string[]
  // The first EOS version that prints it all the same; none where it is missing.
  readonly until?: readonly [major: number, minor: number]
}

const said = (modes: readonly string[], line: RegExp): HiddenDefault => ({
  modes,
  isDefault: (command) => line.test(command),
})

// What EOS prints all the same, or what depends on the platform, the routing of the port or a root line.
const PRINTED = /^(?:(?:no )?switchport|vxlan udp-port .*|maximum-paths .*|sflow enable)$/

const INTERFACE = new Set(
  ['Ethernet1', 'Ethernet1.1', 'Port-Channel1', 'Management1', 'Vxlan1', 'Loopback0']
    .flatMap((name) => [...interfaceDefaults(name, false), ...interfaceDefaults(name, true)])
    .filter((line) => !PRINTED.test(line)),
)
// What later versions print where it was typed: the restart time on 4.24.0F and 4.27.6M.
const RESTART_TIME = 'graceful-restart restart-time 300'
const MTU = 'mtu 1500'

const PROCESS = new Set(BGP_DEFAULTS.filter((line) => !PRINTED.test(line) && line !== RESTART_TIME))

const ETHERNET = /^interface Ethernet/
// With it a port is down unless it says otherwise.
const SHUT_BY_DEFAULT = ['interface defaults', 'ethernet', 'shutdown']

function isOfNeighbor(command: string, hasLine: (line: RegExp) => boolean) {
  const name = /^no neighbor (\S+) /.exec(command)?.[1]
  if (name === undefined || !neighborDefaults(name).includes(command)) return false
  return !hasLine(new RegExp(`^neighbor ${escaped(name)} peer[ -]group \\S`))
}

const escaped = (name: string) => name.replace(/[^\w]/g, '\\$&')

// Defaults that EOS does not print. They are the lines that `show running-config all` prints beside those of `show running-config` (recorded
// of 4.13, 4.19, 4.21 and 4.22), and a few that the manual alone says (docs/eos.md 4.9).
const hiddenDefaults: readonly HiddenDefault[] = [
  {
    modes: ['interface'],
    isDefault: (command, opener) => command === 'no shutdown' && ETHERNET.test(opener),
    unless: SHUT_BY_DEFAULT,
  },
  {
    modes: ['interface'],
    isDefault: (command, opener) => command === 'no shutdown' && !ETHERNET.test(opener),
  },
  {
    modes: ['interface'],
    isDefault: (command) => command !== 'no shutdown' && command !== MTU && INTERFACE.has(command),
  },
  { modes: ['interface'], isDefault: (command) => command === MTU, until: [4, 31] },
  {
    modes: ['interface'],
    isDefault: (command, opener) =>
      command === 'switchport' && /^interface (Ethernet|Port-Channel)[\d/]+$/.test(opener),
    unless: [ROUTED],
  },
  { modes: ['bgp', 'bgp-vrf'], isDefault: (command) => PROCESS.has(command) },
  { modes: ['bgp', 'bgp-vrf'], isDefault: (command) => command === RESTART_TIME, until: [4, 24] },
  { modes: ['bgp', 'bgp-vrf'], isDefault: (command, _opener, hasLine) => isOfNeighbor(command, hasLine) },
  // `VLAN0020` is the name a VLAN has by default (docs/eos.md 4.6).
  said(['vlan'], /^(?:name VLAN\d{4}|state active)$/),
  said(['root'], /^(?:lldp timer 30|lldp hold-?time 120|lldp run)$/),
  said(['root'], /^spanning-tree mst 0 priority 32768$/),
  said(['igp', 'igp-vrf'], /^(?:is-type level-1-2|auto-cost reference-bandwidth 100|no passive-interface default)$/),
]

/** The major and minor number of an EOS version. */
export type EosRelease = readonly [major: number, minor: number]

/** The release that a version such as `4.31.2F` belongs to. */
export function releaseOf(version: string | undefined): EosRelease | undefined {
  const parts = /(\d+)\.(\d+)/.exec(version ?? '')
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined
}

/** Whether a release is a given one or a later one; false for one that is not known. */
export function isSince(since: EosRelease, release: EosRelease | undefined): boolean {
  return release !== undefined && (release[0] > since[0] || (release[0] === since[0] && release[1] >= since[1]))
}

const rewritesOf = byMode(rewrites)
const defaultsOf = byMode(hiddenDefaults)

function byMode<Row extends Rewrite | HiddenDefault>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) for (const mode of row.modes) found.set(mode, [...(found.get(mode) ?? []), row])
  return found
}

/**
 * A command as `show running-config` prints it once it was typed in a mode: prefixes for masks, dotted areas, whole names of interfaces,
 * implied words (the table is `rules/rewrites.ts`). What a release does comes only where the release is known.
 */
export function storedForm(mode: string, typed: string, release: EosRelease | undefined): string {
  const rules = rewritesOf.get(mode)
  if (rules === undefined) return typed
  const { verb, line } = parseVerb(typed)
  let stored = line
  for (const rule of rules) {
    if (rule.since && !isSince(rule.since, release)) continue
    if (rule.until && isSince(rule.until, release)) continue
    const match = rule.typed.exec(stored)
    if (match) stored = rule.stored(...match.slice(1)) ?? stored
  }
  if (stored === line) return typed
  return verb === '' ? stored : `${verb} ${stored}`
}

/**
 * Whether a command, with its `no`, says what is so without it, so that `show running-config` does not print it (the table is
 * `rules/hidden-defaults.ts`).
 *
 * @param block where it is typed
 */
export function isHiddenDefault(
  command: string,
  block: Draft,
  { root, release }: { readonly root: Draft; readonly release: EosRelease | undefined },
): boolean {
  const hasLine = (line: RegExp) => block.children.some((child) => line.test(child.line))
  const stands = (path: readonly string[]) =>
    path.reduce<Draft | undefined>((found, line) => found?.withLine(line), root) !== undefined
  return (defaultsOf.get(block.mode) ?? []).some(
    ({ isDefault, unless, until }) =>
      isDefault(command, block.line, hasLine) &&
      !(unless !== undefined && stands(unless)) &&
      !(until !== undefined && isSince(until, release)),
  )
}
