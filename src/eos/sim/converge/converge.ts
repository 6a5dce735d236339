import { definedMembers, gathered } from '../../../model/json.ts'
import type { OperationalFault } from '../fault/operational.ts'
import type { Cable, CableEnd, Demand } from '../platform/facts.ts'
import { compareAddresses } from './address.ts'
import { type BgpOutcome, bgpState, runBgp, vtepOf } from './bgp.ts'
import { carriedRates } from './demands.ts'
import { floodLists } from './evpn.ts'
import { type FaultsAt, faultsAt } from './faults.ts'
import { heardHosts, knownHosts } from './hosts.ts'
import { innerRoutes } from './inner-routes.ts'
import { raiseInterfaces, runMlag } from './interfaces.ts'
import { isisNodes, isisState } from './isis.ts'
import { linkLocal, speaksIpv6 } from './link-local.ts'
import {
  bundleChannels,
  bundleOf,
  joinSegments,
  type Links,
  linkPorts,
  portKey,
  type RaisedSwitch,
  type RaisedSwitches,
  type Segments,
} from './links.ts'
import { pairUp } from './mlag-pair.ts'
import type {
  ArpEntry,
  InterfaceAddresses,
  InterfaceState,
  LldpNeighbor,
  MlagState,
  NetworkState,
  PortChannelState,
  SwitchState,
  VlanState,
  VrfState,
  VxlanState,
} from './network-state.ts'
import {
  byDevice,
  connectedNets,
  connectedTo,
  type ForwardingNode,
  type ForwardingNodes,
  localRoutes,
  nodeKey,
  ospfNodes,
  ospfState,
} from './ospf.ts'
import { carriedVlans, readSwitch, type SwitchInput, type SwitchModel } from './read-interfaces.ts'
import { spanningTrees } from './spanning-tree.ts'

function arpEntries(here: RaisedSwitch, raised: RaisedSwitches, segments: Segments, links: Links) {
  const device = here.model.name
  const nets = [...connectedNets(here.interfaces)].flatMap(([vrf, list]) =>
    list.filter(({ address }) => address !== undefined).map((net) => ({ vrf, net })),
  )
  const found = new Map<string, ArpEntry>()
  for (const { vrf, net } of nets) {
    const segment = segments.of(device, net.interface)
    for (const other of onSegment(segment, device, raised, segments)) {
      const { address, mac } = other
      const near = net.unnumbered ? other.unnumbered : connectedTo([net], address) !== undefined
      if (!near) continue
      const port = portTo(here, other.device, net.interface, raised, links)
      found.set(`${vrf} ${address}`, {
        vrf,
        address,
        mac,
        interface: net.interface,
        ...definedMembers({ port }),
      })
    }
  }
  return [...found.values()].sort((a, b) => compareAddresses(a.address, b.address))
}

const speakers = new WeakMap<Segments, ReturnType<typeof speakersOf>>()

function onSegment(segment: string, device: string, raised: RaisedSwitches, segments: Segments) {
  const known = speakers.get(segments) ?? speakersOf(raised, segments)
  speakers.set(segments, known)
  return (known.get(segment) ?? []).filter((other) => other.device !== device)
}

function portTo({ model, interfaces }: RaisedSwitch, other: string, out: string, raised: RaisedSwitches, links: Links) {
  if (interfaces.get(out)?.kind !== 'vlan') return undefined
  const vlan = Number(out.slice('Vlan'.length))
  for (const { name, kind } of interfaces.values()) {
    if (kind !== 'ethernet' || links.get(portKey(model.name, name))?.far?.device !== other) continue
    const bundle = bundleOf(raised, model.name, name)
    if (bundle?.vlans.includes(vlan)) return bundle.name
  }
  return undefined
}

function speakersOf(raised: RaisedSwitches, segments: Segments) {
  return gathered(
    [...raised].flatMap(([device, { model, interfaces }]) =>
      [...interfaces.values()].flatMap(({ name, mode, lineProtocol, addresses: { primary, unnumbered } }) => {
        if (!model.up || primary === undefined || lineProtocol !== 'up' || mode !== 'routed') return []
        const { address } = primary
        const speaker = { device, address, mac: model.facts.systemMac, unnumbered: unnumbered !== undefined }
        return [[segments.of(device, name), speaker] as const]
      }),
    ),
  )
}

// Frames a switched port takes, as LLDP announces it (`show lldp neighbors detail` of napalm).
const SWITCHED_FRAME_SIZE = 9236
const FRAME_OVERHEAD = 22

function hearNeighbors(
  model: SwitchModel,
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
  faults: FaultsAt,
): readonly LldpNeighbor[] {
  const heard: LldpNeighbor[] = []
  for (const port of model.interfaces.values()) {
    const link = links.get(portKey(model.name, port.name))
    if (link === undefined || !link.up || !port.lldpReceive) continue
    const far = faults.heardInstead(model.name, port.name) ?? link.far
    const neighbor = far === undefined ? undefined : announce(far, models)
    if (neighbor !== undefined) heard.push({ port: port.name, ...neighbor })
  }
  return heard
}

function announce(end: CableEnd, models: ReadonlyMap<string, SwitchModel>): Omit<LldpNeighbor, 'port'> | undefined {
  const model = models.get(end.device)
  const port = model?.interfaces.get(end.port)
  if (model === undefined || port === undefined || !port.lldpTransmit) return undefined
  const management = [...model.interfaces.values()].find((candidate) => candidate.kind === 'management')
  const address = management?.addresses.primary?.address
  return {
    neighborDevice: model.fqdn,
    neighborPort: end.port,
    chassisId: model.facts.systemMac,
    systemDescription: `Arista Networks EOS version ${model.facts.eos} running on an Arista Networks ${model.facts.model}`,
    portDescription: port.description,
    maxFrameSize: port.routed ? (port.mtu ?? 1500) + FRAME_OVERHEAD : SWITCHED_FRAME_SIZE,
    ...definedMembers({ managementAddress: address }),
  }
}

function vrfStates(model: SwitchModel, interfaces: ReadonlyMap<string, InterfaceState>): ReadonlyMap<string, VrfState> {
  const ports = [...interfaces.values()].filter(({ mode }) => mode === 'routed')
  const named = (vrf: string, has: (addresses: InterfaceAddresses) => boolean) =>
    ports.filter((port) => port.vrf === vrf && has(port.addresses)).map(({ name }) => name)
  return new Map(
    model.routing.vrfs.map((name) => [
      name,
      {
        name,
        routeDistinguisher: name === 'default' ? '' : (model.bgp?.vrfs.get(name)?.rd ?? ''),
        ipv4Routing: model.routing.ipv4Routing.has(name),
        ipv4OverIpv6: model.routing.ipv4OverIpv6.has(name),
        ipv6Routing: model.routing.ipv6Routing.has(name),
        multicast: model.routing.multicast.has(name),
        interfaces: named(name, (addresses) => hasIpv4(addresses) || addresses.ipv6),
        interfacesV4: named(name, hasIpv4),
        interfacesV6: named(name, ({ ipv6 }) => ipv6),
      },
    ]),
  )
}

const hasIpv4 = ({ primary, virtual, unnumbered, dhcp }: InterfaceAddresses) =>
  primary !== undefined || virtual !== undefined || unnumbered !== undefined || dhcp

/**
 * The operational state that a set of switches settles in: a pure function of their configurations, the cables, the
 * faults, the instant (milliseconds since the epoch) and the demands that flow. Layer by layer: links, LLDP, port-channels, interfaces and
 * VLANs, MLAG, connected and static routes, BGP and EVPN, VXLAN. What it does not model is in `docs/unproven.md`.
 */
export function converge(
  devices: readonly SwitchInput[],
  cabling: readonly Cable[],
  faults: readonly OperationalFault[],
  t: number,
  demands: readonly Demand[] = [],
): NetworkState {
  const models = new Map(devices.map((device) => [device.name, readSwitch(device)]))
  const at = faultsAt(faults, t)
  const links = linkPorts(models, cabling, at)
  const raised = raise(models, links, at)
  const segments = joinSegments(raised, links)
  const mlag = new Map(
    [...raised].map(([name, here]) => [name, runMlag(here, pairUp(here, raised, links, segments), at)]),
  )
  const routerMacs = new Map([...raised].map(([name, here]) => [name, routerMac(here.model, mlag.get(name))]))
  const forwarding = forwardingNodes(raised)
  const ospf = ospfNodes(raised, segments)
  const isis = isisNodes(raised, segments)
  const routers = new Map([...isis].map(([key, { router }]) => [key, router]))
  const inner = innerRoutes({ models, forwarding, ospf, isis: routers })
  const heard = heardHosts({ raised, cabling, links, mlag })
  const outcome = runBgp({ raised, forwarding, inner, segments, faults: at, routerMacs, hosts: heard })
  const vxlan = new Map([...raised].map(([name, here]) => [name, vxlanState(here, outcome, at, mlag.get(name))]))
  const trees = spanningTrees({ raised, links, mlag })
  const hosts = knownHosts(heard, { raised, mlag }, vxlan)
  const arp = new Map(
    [...raised].map(([name, here]) => [
      name,
      [...arpEntries(here, raised, outcome.segments, links), ...(hosts.get(name)?.arp ?? [])],
    ]),
  )
  const rates = carriedRates(demands, { raised, cabling, links, outcome, vxlan, arp })
  const [ospfOn, isisOn] = [byDevice(ospf.values()), byDevice(isis.values())]
  const switches = new Map<string, SwitchState>()
  for (const [name, here] of raised) {
    const paired = mlag.get(name)
    if (paired === undefined) continue
    const lldp = hearNeighbors(here.model, models, links, at)
    switches.set(name, {
      ...switchState(here, paired, raised, outcome, lldp),
      ospf: ospfState(ospfOn.get(name) ?? [], ospf),
      isis: isisState(isisOn.get(name) ?? [], isis),
      arp: arp.get(name) ?? [],
      macs: hosts.get(name)?.macs ?? [],
      spanningTree: () => trees(name),
      rates: () => rates(name),
      vxlan: vxlan.get(name),
      ailments: at.ailments(name),
    })
  }
  return { at: t, switches }
}

const MAX_HOPS = 64

function raise(models: ReadonlyMap<string, SwitchModel>, links: Links, faults: FaultsAt): RaisedSwitches {
  const bundled = bundleChannels(models, links, faults)
  return new Map(
    [...models].map(([name, model]) => {
      const channels = bundled.get(name) ?? new Map<string, PortChannelState>()
      return [name, { model, channels, interfaces: raiseInterfaces({ model, links, channels, faults }) }]
    }),
  )
}

function forwardingNodes(raised: RaisedSwitches): ForwardingNodes {
  const nodes = new Map<string, ForwardingNode>()
  for (const [device, { model, interfaces }] of raised) {
    const nets = connectedNets(interfaces)
    for (const vrf of model.routing.vrfs) {
      const here = nets.get(vrf) ?? []
      const links = [...interfaces.values()]
        .filter((port) => port.vrf === vrf && speaksIpv6(port))
        .map((port) => ({ address: linkLocal(model.facts.systemMac), interface: port.name }))
      nodes.set(nodeKey(device, vrf), { device, vrf, nets: here, links, routes: localRoutes(vrf, model, here) })
    }
  }
  return nodes
}

function routerMac(model: SwitchModel, mlag: MlagState | undefined) {
  return sharedRouterMac(model, mlag) ?? model.facts.systemMac
}

function switchState(
  here: RaisedSwitch,
  mlag: MlagState,
  raised: RaisedSwitches,
  outcome: BgpOutcome,
  lldp: SwitchState['lldp'],
): Omit<SwitchState, 'ospf' | 'isis' | 'arp' | 'macs' | 'spanningTree' | 'rates' | 'vxlan' | 'ailments'> {
  const { model, interfaces } = here
  const peer = raised.get(mlag.peerName ?? '')
  return {
    name: model.name,
    up: model.up,
    interfaces,
    lldp,
    vlans: placeVlans(model, interfaces),
    peerPorts: () => (peer === undefined || mlag.state !== 'active' ? new Map() : orphanPorts(peer)),
    portChannels: withPeerMembers(here.channels, peer),
    mlag,
    bgp: bgpState(model, outcome),
    vrfs: vrfStates(model, interfaces),
    reaches: (vrf, address) => {
      const from = outcome.forwarding.get(nodeKey(model.name, vrf))
      return from !== undefined && outcome.paths.reaches(from, address, MAX_HOPS) !== undefined
    },
    routes: new Map(
      model.routing.vrfs.map((vrf) => [vrf, outcome.forwarding.get(nodeKey(model.name, vrf))?.routes ?? new Map()]),
    ),
  }
}

function withPeerMembers(channels: ReadonlyMap<string, PortChannelState>, peer: RaisedSwitch | undefined) {
  if (peer === undefined) return channels
  const theirs = new Map([...peer.channels.values()].map((channel) => [channel.mlagId, channel.active]))
  return new Map(
    [...channels].map(([name, channel]) => {
      const peerActive = channel.mlagId === undefined ? [] : (theirs.get(channel.mlagId) ?? [])
      return [name, { ...channel, peerActive }]
    }),
  )
}

function placeVlans(
  model: SwitchModel,
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<number, VlanState> {
  const configured = configuredPorts(model)
  const up = (name: string) => interfaces.get(name)?.lineProtocol === 'up'
  const vlans = new Map<number, VlanState>()
  for (const { id, name, suspended } of model.vlans.values()) {
    const all = configured.get(id) ?? []
    const cpu = !suspended && up(`Vlan${id}`) ? ['Cpu'] : []
    const vxlan = !suspended && model.vxlan?.vlanToVni.has(id) && up(model.vxlan.name) ? [model.vxlan.name] : []
    const ports = [...cpu, ...all.filter(up), ...vxlan]
    vlans.set(id, { id, name, status: suspended ? 'suspended' : 'active', ports, configuredPorts: all })
  }
  return vlans
}

function orphanPorts({ model, interfaces }: RaisedSwitch): ReadonlyMap<number, readonly string[]> {
  const peerLink = model.mlag?.peerLink
  const isOrphan = (name: string) =>
    name !== peerLink && model.interfaces.get(name)?.mlagId === undefined && interfaces.get(name)?.lineProtocol === 'up'
  return new Map([...configuredPorts(model)].map(([id, ports]) => [id, ports.filter(isOrphan)]))
}

function configuredPorts(model: SwitchModel): ReadonlyMap<number, readonly string[]> {
  const configured = new Map<number, string[]>([...model.vlans.keys()].map((id) => [id, []]))
  for (const port of model.interfaces.values()) {
    if (port.kind !== 'ethernet' && port.kind !== 'portChannel') continue
    for (const id of carriedVlans(port, model.vlans)) configured.get(id)?.push(port.name)
  }
  return configured
}

function vxlanState(
  here: RaisedSwitch,
  outcome: BgpOutcome,
  faults: FaultsAt,
  mlag: MlagState | undefined,
): VxlanState | undefined {
  const { vxlan } = here.model
  if (vxlan === undefined) return undefined
  const vtep = vtepOf(here)
  const floodList = new Map<number, readonly string[]>()
  const root = outcome.nodes.get(nodeKey(here.model.name, 'default'))
  const learned = root === undefined || vtep === undefined ? undefined : floodLists(root, here.model, outcome.evpn)
  for (const vlan of vxlan.vlanToVni.keys()) {
    const all = new Set([...vxlan.floodVteps, ...(learned?.get(vlan) ?? [])])
    const vteps = [...all].filter((remote) => !faults.floodLost(here.model.name, vlan, remote))
    if (vtep !== undefined && vteps.length > 0) floodList.set(vlan, vteps.sort(compareAddresses))
  }
  const known = new Set([...[...floodList.values()].flat(), ...routedTo(here, outcome)])
  return {
    name: vxlan.name,
    sourceInterface: vxlan.sourceInterface,
    sourceAddress: here.interfaces.get(vxlan.sourceInterface)?.addresses.primary?.address ?? '0.0.0.0',
    udpPort: vxlan.udpPort,
    up: vtep !== undefined,
    sharedRouterMac: sharedRouterMac(here.model, mlag),
    vlanToVni: vxlan.vlanToVni,
    vrfToVni: vxlan.vrfToVni,
    floodList,
    vteps: [...known].sort(compareAddresses),
  }
}

function sharedRouterMac({ vxlan }: SwitchModel, mlag: MlagState | undefined) {
  return vxlan?.sharedRouterMac === true && mlag?.state === 'active' ? mlag.systemId : undefined
}

function routedTo({ model }: RaisedSwitch, outcome: BgpOutcome) {
  return model.routing.vrfs.flatMap((vrf) => {
    const routes = outcome.forwarding.get(nodeKey(model.name, vrf))?.routes.values() ?? []
    return [...routes].flatMap((route) => route.vias.flatMap((via) => via.vtep ?? []))
  })
}
