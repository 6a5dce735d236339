import type { Cable, Demand } from '../platform/facts.ts'
import { arpEntries } from './arp.ts'
import { type BgpOutcome, bgpState, runBgp } from './bgp.ts'
import { carriedRates } from './demands.ts'
import { type FaultsAt, faultsAt } from './faults.ts'
import { type ForwardingNode, nodeKey } from './forwarding-plane.ts'
import { heardHosts, knownHosts } from './hosts.ts'
import { innerRoutes } from './inner-routes.ts'
import { raiseInterfaces } from './interfaces.ts'
import { isisNodes, isisState } from './isis.ts'
import { linkLocal, speaksIpv6 } from './link-local.ts'
import { type Links, linkPorts } from './links.ts'
import { hearNeighbors } from './lldp.ts'
import { connectedNets, localRoutes } from './local-routes.ts'
import { runMlag } from './mlag.ts'
import { pairUp } from './mlag-pair.ts'
import type { MlagState, NetworkState, PortChannelState, SwitchState } from './network-state.ts'
import type { OperationalFault } from './operational-fault.ts'
import { byDevice, ospfNodes, ospfState } from './ospf.ts'
import { bundleChannels } from './port-channels.ts'
import { readSwitch, type SwitchInput, type SwitchModel } from './read-switch.ts'
import { joinSegments, type RaisedSwitch } from './segments.ts'
import { spanningTrees } from './spanning-tree.ts'
import { orphanPorts, placeVlans } from './vlans.ts'
import { vrfStates } from './vrfs.ts'
import { sharedRouterMac, vxlanState } from './vxlan.ts'

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

/** The TTL of a packet that the switch sends. */
const MAX_HOPS = 64

function raise(
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
  faults: FaultsAt,
): ReadonlyMap<string, RaisedSwitch> {
  const bundled = bundleChannels(models, links, faults)
  return new Map(
    [...models].map(([name, model]) => {
      const channels = bundled.get(name) ?? new Map<string, PortChannelState>()
      return [name, { model, channels, interfaces: raiseInterfaces({ model, links, channels, faults }) }]
    }),
  )
}

function forwardingNodes(raised: ReadonlyMap<string, RaisedSwitch>): ReadonlyMap<string, ForwardingNode> {
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

function routerMac(model: SwitchModel, mlag: MlagState | undefined): string {
  return sharedRouterMac(model, mlag) ?? model.facts.systemMac
}

function switchState(
  here: RaisedSwitch,
  mlag: MlagState,
  raised: ReadonlyMap<string, RaisedSwitch>,
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

/** The members that the MLAG peer has in the same MLAG. */
function withPeerMembers(
  channels: ReadonlyMap<string, PortChannelState>,
  peer: RaisedSwitch | undefined,
): ReadonlyMap<string, PortChannelState> {
  if (peer === undefined) return channels
  const theirs = new Map([...peer.channels.values()].map((channel) => [channel.mlagId, channel.active]))
  return new Map(
    [...channels].map(([name, channel]) => {
      const peerActive = channel.mlagId === undefined ? [] : (theirs.get(channel.mlagId) ?? [])
      return [name, { ...channel, peerActive }]
    }),
  )
}
