import type { Cable, CableEnd, HostAddress } from '../facts.ts'
import { compareAddresses } from './address.ts'
import { type Links, portKey } from './links.ts'
import { type ConnectedNet, connectedNets, connectedTo } from './local-routes.ts'
import type { InterfaceState, MlagState } from './network-state.ts'
import type { ArpEntry, MacEntry } from './routing-state.ts'
import { bundleOf, type RaisedSwitch } from './segments.ts'

/** What one switch knows of the hosts: where it has heard them, and who they are on its subnets. */
export interface KnownHosts {
  readonly macs: readonly MacEntry[]
  readonly arp: readonly ArpEntry[]
}

const NOBODY: KnownHosts = { macs: [], arp: [] }

interface Heard {
  readonly host: HostAddress
  /** Undefined on a routed port. */
  readonly vlan?: number
  readonly interface: string
}

/**
 * What the switches know of the hosts that send: the one at the other end of the cable, and its MLAG peer. What comes over
 * VXLAN or from another switch is not learned.
 */
export function knownHosts(
  raised: ReadonlyMap<string, RaisedSwitch>,
  cabling: readonly Cable[],
  links: Links,
  mlag: ReadonlyMap<string, MlagState>,
): ReadonlyMap<string, KnownHosts> {
  const heard = heardAtCables(raised, cabling, links)
  if (heard.size === 0) return new Map()
  tellPeers(heard, raised, mlag)
  return new Map([...raised].map(([name, here]) => [name, known(here, [...(heard.get(name)?.values() ?? [])])]))
}

function heardAtCables(
  raised: ReadonlyMap<string, RaisedSwitch>,
  cabling: readonly Cable[],
  links: Links,
): Map<string, Map<string, Heard>> {
  const heard = new Map<string, Map<string, Heard>>()
  for (const { a, b, sends = [] } of cabling) {
    const end = raised.has(a.device) ? a : b
    for (const host of sends) {
      const found = hear(end, host, raised, links)
      if (found !== undefined) listOf(heard, end.device).set(keyOf(found), found)
    }
  }
  return heard
}

function tellPeers(
  heard: Map<string, Map<string, Heard>>,
  raised: ReadonlyMap<string, RaisedSwitch>,
  mlag: ReadonlyMap<string, MlagState>,
): void {
  const own = [...heard].map(([name, list]) => [name, [...list.values()]] as const)
  for (const [device, all] of own) {
    const peer = raised.get(mlag.get(device)?.peerName ?? '')
    if (peer === undefined) continue
    const list = listOf(heard, peer.model.name)
    for (const one of all) {
      const found = toldBy(one, raised.get(device), peer, mlag.get(peer.model.name)?.peerLink ?? '')
      if (found !== undefined && !list.has(keyOf(found))) list.set(keyOf(found), found)
    }
  }
}

function listOf(heard: Map<string, Map<string, Heard>>, device: string): Map<string, Heard> {
  const list = heard.get(device) ?? new Map<string, Heard>()
  heard.set(device, list)
  return list
}

const keyOf = ({ vlan, host }: Heard): string => `${vlan} ${host.mac}`

function hear(
  end: CableEnd,
  host: HostAddress,
  raised: ReadonlyMap<string, RaisedSwitch>,
  links: Links,
): Heard | undefined {
  const up = links.get(portKey(end.device, end.port))?.up === true
  const port = up ? bundleOf(raised, end.device, end.port) : undefined
  return port === undefined ? undefined : heardOn(port, host)
}

/** A frame without a tag is of the VLAN of the port; one with a tag needs a port that carries it. */
function heardOn(port: InterfaceState, host: HostAddress): Heard | undefined {
  if (port.mode === 'routed') return host.vlan === undefined ? { host, interface: port.name } : undefined
  const vlan = host.vlan ?? port.vlan
  return port.vlans.includes(vlan) ? { host, vlan, interface: port.name } : undefined
}

/** What the other switch of a pair is told: over its own ports of the same MLAG, else over the peer-link. */
function toldBy(one: Heard, from: RaisedSwitch | undefined, peer: RaisedSwitch, peerLink: string): Heard | undefined {
  if (one.vlan === undefined) return undefined
  const id = from?.channels.get(one.interface)?.mlagId
  const own = [...peer.channels.values()].find((channel) => id !== undefined && channel.mlagId === id)
  const ports = [own?.name ?? '', peerLink].flatMap((name) => peer.interfaces.get(name) ?? [])
  const port = ports.find(({ lineProtocol, vlans }) => lineProtocol === 'up' && vlans.includes(one.vlan ?? 0))
  return port === undefined ? undefined : { ...one, interface: port.name }
}

function known(here: RaisedSwitch, heard: readonly Heard[]): KnownHosts {
  if (heard.length === 0) return NOBODY
  const nets = [...connectedNets(here.interfaces)]
  const macs = heard.flatMap(({ host, vlan, interface: name }) =>
    vlan === undefined ? [] : [{ vlan, mac: host.mac, interface: name }],
  )
  return {
    macs: macs.sort((a, b) => a.vlan - b.vlan || (a.mac < b.mac ? -1 : 1)),
    arp: heard.flatMap((one) => resolved(one, nets)).sort((a, b) => compareAddresses(a.address, b.address)),
  }
}

/** The entry of a host whose address is on the subnet of the SVI of its VLAN, or of the routed port. */
function resolved(
  { host, vlan, interface: name }: Heard,
  nets: readonly (readonly [string, readonly ConnectedNet[]])[],
): readonly ArpEntry[] {
  const { address, mac } = host
  if (address === undefined) return []
  const out = vlan === undefined ? name : `Vlan${vlan}`
  return nets.flatMap(([vrf, list]) => {
    const own = list.filter((net) => net.interface === out)
    return connectedTo(own, address) === undefined
      ? []
      : [{ vrf, address, mac, interface: out, ...(vlan === undefined ? {} : { port: name }) }]
  })
}
