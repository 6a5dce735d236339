import { ROUTED } from './added-lines.ts'
import { BGP_DEFAULTS, neighborDefaults } from './block-defaults.ts'
import { interfaceDefaults } from './interface-defaults.ts'

/** A command that says the default, which `show running-config` does not print (docs/eos.md 4.9). */
export interface HiddenDefault {
  readonly modes: readonly string[]
  /** Whether the command, with its `no`, says the default of its block. `hasLine`: whether the block has such a line. */
  readonly isDefault: (command: string, opener: string, hasLine: (line: RegExp) => boolean) => boolean
  /** Where it stands, beginning at the root, what makes another form the default. */
  readonly unless?: readonly string[]
  /** The first EOS version that prints it all the same; none where it is missing. */
  readonly until?: readonly [major: number, minor: number]
}

const said = (modes: readonly string[], line: RegExp): HiddenDefault => ({
  modes,
  isDefault: (command) => line.test(command),
})

/** What EOS prints all the same, or what depends on the platform, the routing of the port or a root line. */
const PRINTED = /^(?:(?:no )?switchport|vxlan udp-port .*|maximum-paths .*|sflow enable)$/

const INTERFACE = new Set(
  ['Ethernet1', 'Ethernet1.1', 'Port-Channel1', 'Management1', 'Vxlan1', 'Loopback0']
    .flatMap((name) => [...interfaceDefaults(name, false), ...interfaceDefaults(name, true)])
    .filter((line) => !PRINTED.test(line)),
)
/** What later versions print where it was typed: the restart time on 4.24.0F and 4.27.6M. That they hide the MTU is not proven, so it is no default there. */
const RESTART_TIME = 'graceful-restart restart-time 300'
const MTU = 'mtu 1500'

const PROCESS = new Set(BGP_DEFAULTS.filter((line) => !PRINTED.test(line) && line !== RESTART_TIME))

const ETHERNET = /^interface Ethernet/
/** With it a port is down unless it says otherwise. */
const SHUT_BY_DEFAULT = ['interface defaults', 'ethernet', 'shutdown']

/** A member of a peer group may say no to what the group says. */
function isOfNeighbor(command: string, hasLine: (line: RegExp) => boolean): boolean {
  const name = /^no neighbor (\S+) /.exec(command)?.[1]
  if (name === undefined || !neighborDefaults(name).includes(command)) return false
  return !hasLine(new RegExp(`^neighbor ${escaped(name)} peer[ -]group \\S`))
}

const escaped = (name: string): string => name.replace(/[^\w]/g, '\\$&')

/**
 * Defaults that EOS does not print. They are the lines that `show running-config all` prints beside those of `show running-config`
 * (recorded of 4.13, 4.19, 4.21 and 4.22), and a few that the manual alone says (docs/eos.md 4.9).
 */
export const hiddenDefaults: readonly HiddenDefault[] = [
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
