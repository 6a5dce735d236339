import type { Cable, CableEnd, HostAddress } from '../platform/facts.ts'
import { compareAddresses } from './address.ts'
import { raisedSegments } from './evpn-segments.ts'
import { bundleOf, type Links, portKey, type RaisedSwitch, type RaisedSwitches } from './links.ts'
import type { ArpEntry, InterfaceState, MacEntry, MlagState, VxlanState } from './network-state.ts'
import { type ConnectedNet, connectedNets, connectedTo } from './ospf.ts'

/** What one switch knows of the hosts: where it has heard them, and who they are on its subnets. */
export interface KnownHosts {
  readonly macs: readonly MacEntry[]
  readonly arp: readonly ArpEntry[]
}

const NOBODY: KnownHosts = { macs: [], arp: [] }

/** A host that a switch has heard itself, or that its MLAG peer has told it. */
export interface HeardHost {
  readonly host: HostAddress
  /** Undefined on a routed port. */
  readonly vlan?: number
  readonly interface: string
  /** Whether another switch of an ethernet segment has told it over EVPN. */
  readonly told?: boolean
}

/** What the hosts are heard on. */
export interface HostGround {
  readonly raised: RaisedSwitches
  readonly cabling: readonly Cable[]
  readonly links: Links
  readonly mlag: ReadonlyMap<string, MlagState>
}

/**
 * The hosts that send, by the switches that hear them on a port: the one at the other end of the cable, its MLAG peer (suzieq), and the
 * others of its ethernet segment (ceos-lab).
 */
export function heardHosts(ground: HostGround): ReadonlyMap<string, readonly HeardHost[]> {
  const { raised, cabling, links, mlag } = ground
  const heard = heardAtCables(raised, cabling, links)
  if (heard.size > 0) {
    passOn(heard, ground)
    tellPeers(heard, raised, mlag)
    tellSegments(heard, raised)
  }
  return new Map([...heard].map(([name, list]) => [name, [...list.values()]]))
}

/**
 * What the switches know of the hosts that send: those that hear them, and the switches with the same VNI that flood to those
 * (suzieq).
 */
export function knownHosts(
  local: ReadonlyMap<string, readonly HeardHost[]>,
  { raised, mlag }: Pick<HostGround, 'raised' | 'mlag'>,
  vxlan: ReadonlyMap<string, VxlanState | undefined>,
): ReadonlyMap<string, KnownHosts> {
  const heard = new Map([...local].map(([name, list]) => [name, new Map(list.map((one) => [keyOf(one), one]))]))
  if (heard.size > 0) tellOverVxlan(heard, vxlan)
  return new Map(
    [...raised].map(([name, here]) => [name, known(here, [...(heard.get(name)?.values() ?? [])], mlag.get(name))]),
  )
}

function heardAtCables(raised: RaisedSwitches, cabling: readonly Cable[], links: Links) {
  const heard = new Map<string, Map<string, HeardHost>>()
  for (const { a, b, sends = [] } of cabling) {
    const end = raised.has(a.device) ? a : b
    for (const host of sends) {
      const found = hear(end, host, raised, links)
      if (found !== undefined) listOf(heard, end.device).set(keyOf(found), found)
    }
  }
  return heard
}

function passOn(heard: Map<string, Map<string, HeardHost>>, { raised, links, mlag }: HostGround) {
  const queue = [...heard].flatMap(([device, list]) => [...list.values()].map((one) => ({ device, one })))
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { device, one } = next
    const closed = [one.interface, mlag.get(device)?.peerLink]
    for (const { here, far } of bridgesOf(device, raised, links)) {
      const found = closed.includes(here.name) ? undefined : heardBehind(one, here, far.port)
      if (found !== undefined && tell(heard, far.device, found)) queue.push({ device: far.device, one: found })
    }
  }
}

function heardBehind({ host, vlan }: HeardHost, here: InterfaceState, far: InterfaceState): HeardHost | undefined {
  if (vlan === undefined || !here.vlans.includes(vlan)) return undefined
  const { vlan: _, ...untagged } = host
  return heardOn(far, vlan === here.vlan ? untagged : { ...untagged, vlan })
}

function bridgesOf(device: string, raised: RaisedSwitches, links: Links) {
  return [...(raised.get(device)?.interfaces.keys() ?? [])].flatMap((name) => {
    const link = links.get(portKey(device, name))
    if (link?.up !== true || link.far === undefined) return []
    const here = bundleOf(raised, device, name)
    const port = bundleOf(raised, link.far.device, link.far.port)
    if (here === undefined || port === undefined || here.mode === 'routed' || port.mode === 'routed') return []
    return [{ here, far: { device: link.far.device, port } }]
  })
}

function tellPeers(
  heard: Map<string, Map<string, HeardHost>>,
  raised: RaisedSwitches,
  mlag: ReadonlyMap<string, MlagState>,
) {
  const own = [...heard].map(([name, list]) => [name, [...list.values()]] as const)
  for (const [device, all] of own) {
    const peer = raised.get(mlag.get(device)?.peerName ?? '')
    if (peer === undefined) continue
    for (const one of all) {
      const found = toldBy(one, raised.get(device), peer, mlag.get(peer.model.name)?.peerLink ?? '')
      if (found !== undefined) tell(heard, peer.model.name, found)
    }
  }
}

function tellSegments(heard: Map<string, Map<string, HeardHost>>, raised: RaisedSwitches) {
  const own = [...heard].flatMap(([name, list]) => [...list.values()].map((one) => ({ name, one })))
  const all = [...raised].flatMap(([name, here]) => raisedSegments(here).map((segment) => ({ name, segment })))
  for (const { name, one } of own) {
    const identifier = raised.get(name)?.model.interfaces.get(one.interface)?.segment?.identifier
    for (const { name: other, segment } of all) {
      if (segment.identifier !== identifier || other === name || !segment.vlans.includes(one.vlan ?? 0)) continue
      tell(heard, other, { ...one, interface: segment.interface, told: true })
    }
  }
}

function listOf(heard: Map<string, Map<string, HeardHost>>, device: string) {
  const list = heard.get(device) ?? new Map<string, HeardHost>()
  heard.set(device, list)
  return list
}

// Whether it was new to the switch.
function tell(heard: Map<string, Map<string, HeardHost>>, device: string, found: HeardHost) {
  const list = listOf(heard, device)
  const isNew = !list.has(keyOf(found))
  if (isNew) list.set(keyOf(found), found)
  return isNew
}

const keyOf = ({ vlan, host }: HeardHost) => `${vlan} ${host.mac}`

function hear(end: CableEnd, host: HostAddress, raised: RaisedSwitches, links: Links): HeardHost | undefined {
  const up = links.get(portKey(end.device, end.port))?.up === true
  const port = up ? bundleOf(raised, end.device, end.port) : undefined
  return port === undefined ? undefined : heardOn(port, host)
}

function heardOn(port: InterfaceState, host: HostAddress): HeardHost | undefined {
  if (port.mode === 'routed') return host.vlan === undefined ? { host, interface: port.name } : undefined
  const vlan = host.vlan ?? port.vlan
  return port.vlans.includes(vlan) ? { host, vlan, interface: port.name } : undefined
}

function toldBy(
  one: HeardHost,
  from: RaisedSwitch | undefined,
  peer: RaisedSwitch,
  peerLink: string,
): HeardHost | undefined {
  if (one.vlan === undefined) return undefined
  const id = from?.channels.get(one.interface)?.mlagId
  const own = [...peer.channels.values()].find((channel) => id !== undefined && channel.mlagId === id)
  const ports = [own?.name ?? '', peerLink].flatMap((name) => peer.interfaces.get(name) ?? [])
  const port = ports.find(({ lineProtocol, vlans }) => lineProtocol === 'up' && vlans.includes(one.vlan ?? 0))
  return port === undefined ? undefined : { ...one, interface: port.name }
}

function tellOverVxlan(heard: Map<string, Map<string, HeardHost>>, vxlan: ReadonlyMap<string, VxlanState | undefined>) {
  const vteps = [...vxlan].flatMap(([name, state]) => (state?.up === true ? [{ name, state }] : []))
  const told = vteps.flatMap(({ name, state: from }) => {
    const own = [...(heard.get(name)?.values() ?? [])]
    if (own.length === 0) return []
    const others = vteps.filter(({ state }) => state.sourceAddress !== from.sourceAddress)
    return others.map((to) => ({ name: to.name, found: own.flatMap((one) => toldTo(to.state, from, one)) }))
  })
  for (const { name, found } of told) for (const one of found) tell(heard, name, one)
}

function toldTo(to: VxlanState, from: VxlanState, one: HeardHost): readonly HeardHost[] {
  const vni = one.vlan === undefined ? undefined : from.vlanToVni.get(one.vlan)
  const [vlan] = [...to.vlanToVni].find(([, number]) => number === vni) ?? []
  if (vlan === undefined || to.floodList.get(vlan)?.includes(from.sourceAddress) !== true) return []
  return [{ ...one, vlan, interface: to.name }]
}

/** The VRF in which the address of a host is on the subnet of the SVI of its VLAN. */
export function vrfOfHost(one: HeardHost, { interfaces }: RaisedSwitch): string | undefined {
  return resolved(one, [...connectedNets(interfaces)])[0]?.vrf
}

function known(here: RaisedSwitch, heard: readonly HeardHost[], mlag: MlagState | undefined): KnownHosts {
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

function peerEntries({ interfaces }: RaisedSwitch, mlag: MlagState | undefined): readonly MacEntry[] {
  if (mlag?.peerMac === undefined) return []
  const { peerMac: mac, peerLink } = mlag
  const vlans = interfaces.get(peerLink)?.vlans ?? []
  return vlans
    .filter((vlan) => interfaces.get(`Vlan${vlan}`)?.lineProtocol === 'up')
    .map((vlan) => ({ vlan, mac, interface: peerLink, type: 'static' }))
}

function resolved(
  { host, vlan, interface: name }: HeardHost,
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
