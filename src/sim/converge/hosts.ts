import type { Cable, CableEnd, HostAddress } from '../facts.ts'
import { compareAddresses } from './address.ts'
import { type Links, portKey } from './links.ts'
import { type ConnectedNet, connectedNets, connectedTo } from './local-routes.ts'
import type { InterfaceState, MlagState, VxlanState } from './network-state.ts'
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

/** What the tables of hosts are computed from. */
export interface HostGround {
  readonly raised: ReadonlyMap<string, RaisedSwitch>
  readonly cabling: readonly Cable[]
  readonly links: Links
  readonly mlag: ReadonlyMap<string, MlagState>
  readonly vxlan: ReadonlyMap<string, VxlanState | undefined>
}

/**
 * What the switches know of the hosts that send: the one at the other end of the cable, its MLAG peer, and the switches with
 * the same VNI that flood to it (suzieq). What comes from another switch by a cable is not learned.
 */
export function knownHosts({ raised, cabling, links, mlag, vxlan }: HostGround): ReadonlyMap<string, KnownHosts> {
  const heard = heardAtCables(raised, cabling, links)
  if (heard.size > 0) {
    tellPeers(heard, raised, mlag)
    tellOverVxlan(heard, vxlan)
  }
  return new Map(
    [...raised].map(([name, here]) => [name, known(here, [...(heard.get(name)?.values() ?? [])], mlag.get(name))]),
  )
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

/** The switches that flood a VNI to the one that has heard a host in it. */
function tellOverVxlan(
  heard: Map<string, Map<string, Heard>>,
  vxlan: ReadonlyMap<string, VxlanState | undefined>,
): void {
  const vteps = [...vxlan].flatMap(([name, state]) => (state?.up === true ? [{ name, state }] : []))
  const told = vteps.flatMap(({ name, state: from }) => {
    const own = [...(heard.get(name)?.values() ?? [])]
    const others = vteps.filter(({ state }) => state.sourceAddress !== from.sourceAddress)
    return others.map((to) => ({ name: to.name, found: own.flatMap((one) => toldTo(to.state, from, one)) }))
  })
  for (const { name, found } of told) {
    const list = listOf(heard, name)
    for (const one of found) if (!list.has(keyOf(one))) list.set(keyOf(one), one)
  }
}

/** What one switch hears, in its own VLAN of the same VNI, of what another has heard. */
function toldTo(to: VxlanState, from: VxlanState, one: Heard): readonly Heard[] {
  const vni = one.vlan === undefined ? undefined : from.vlanToVni.get(one.vlan)
  const [vlan] = [...to.vlanToVni].find(([, number]) => number === vni) ?? []
  if (vlan === undefined || to.floodList.get(vlan)?.includes(from.sourceAddress) !== true) return []
  return [{ ...one, vlan, interface: to.name }]
}

function known(here: RaisedSwitch, heard: readonly Heard[], mlag: MlagState | undefined): KnownHosts {
  const peers = peerEntries(here, mlag)
  if (heard.length === 0) return peers.length === 0 ? NOBODY : { macs: peers, arp: [] }
  const nets = [...connectedNets(here.interfaces)]
  const hosts = heard.flatMap(({ host, vlan, interface: name }) =>
    vlan === undefined ? [] : [{ vlan, mac: host.mac, interface: name, type: 'dynamic' as const }],
  )
  return {
    macs: [...peers, ...hosts].sort((a, b) => a.vlan - b.vlan || (a.mac < b.mac ? -1 : 1)),
    arp: heard.flatMap((one) => resolved(one, nets)).sort((a, b) => compareAddresses(a.address, b.address)),
  }
}

/** The MLAG peer of an active pair, in every VLAN of the peer-link that has an SVI which is up (suzieq). */
function peerEntries({ interfaces }: RaisedSwitch, mlag: MlagState | undefined): readonly MacEntry[] {
  if (mlag?.peerMac === undefined) return []
  const { peerMac: mac, peerLink } = mlag
  const vlans = interfaces.get(peerLink)?.vlans ?? []
  return vlans
    .filter((vlan) => interfaces.get(`Vlan${vlan}`)?.lineProtocol === 'up')
    .map((vlan) => ({ vlan, mac, interface: peerLink, type: 'static' }))
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
