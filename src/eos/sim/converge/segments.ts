import { disjointSets } from './disjoint-sets.ts'
import { type Links, portKey } from './links.ts'
import type { InterfaceState, PortChannelState } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'

/** Which IP interfaces hear each other on layer 2. */
export interface Segments {
  /** The segment an IP interface stands on; equal names hear each other. */
  readonly of: (device: string, interfaceName: string) => string
}

/** One switch as the lower layers left it. */
export interface RaisedSwitch {
  readonly model: SwitchModel
  readonly interfaces: ReadonlyMap<string, InterfaceState>
  readonly channels: ReadonlyMap<string, PortChannelState>
}

export type RaisedSwitches = ReadonlyMap<string, RaisedSwitch>

/** Joins the broadcast domains along every link that is up: equal tags meet, and untagged meets untagged. */
export function joinSegments(raised: RaisedSwitches, links: Links): Segments {
  const { find, join } = disjointSets()
  const seen = new Set<string>()
  for (const [key, link] of links) {
    const [device = '', port = ''] = key.split('|')
    if (!link.up || link.far === undefined) continue
    const here = bundleOf(raised, device, port)
    const there = bundleOf(raised, link.far.device, link.far.port)
    if (here === undefined || there === undefined) continue
    const pair = [portKey(device, here.name), portKey(link.far.device, there.name)].sort().join(' ')
    if (seen.has(pair)) continue
    seen.add(pair)
    const far = offers(raised.get(link.far.device), there)
    for (const [tag, node] of offers(raised.get(device), here)) {
      const other = far.get(tag)
      if (other !== undefined) join(node, other)
    }
  }
  return { of: (device, name) => find(nodeOf(device, name)) }
}

/** The interface that forwards for a port: its port-channel, while the port is in use there. */
export function bundleOf(raised: RaisedSwitches, device: string, port: string): InterfaceState | undefined {
  const here = raised.get(device)
  const state = here?.interfaces.get(port)
  if (state?.channel === undefined) return state?.lineProtocol === 'up' ? state : undefined
  if (here?.channels.get(state.channel)?.active.includes(port) !== true) return undefined
  return here.interfaces.get(state.channel)
}

function offers(here: RaisedSwitch | undefined, port: InterfaceState): ReadonlyMap<number, string> {
  const domains = new Map<number, string>()
  if (here === undefined) return domains
  const device = here.model.name
  if (port.mode === 'routed') {
    domains.set(0, nodeOf(device, port.name))
    for (const sub of here.model.interfaces.values()) {
      if (sub.dot1q !== undefined && sub.name.startsWith(`${port.name}.`)) {
        domains.set(sub.dot1q, nodeOf(device, sub.name))
      }
    }
    return domains
  }
  for (const vlan of port.vlans) domains.set(vlan === port.vlan ? 0 : vlan, nodeOf(device, `Vlan${vlan}`))
  return domains
}

function nodeOf(device: string, name: string) {
  return `${device}|${name}`
}
