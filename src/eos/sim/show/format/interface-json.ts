import { definedMembers, type JsonObject } from '../../../../model/json.ts'
import { formatRanges } from '../../../../model/vlan-list.ts'
import type { ErrorCounts } from '../../converge/faults.ts'
import { linkLocal } from '../../converge/link-local.ts'
import type { InterfaceState, SwitchState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/facts.ts'
import { addressesJson, globalAddresses, loadInterval, macOf, objectOf, type ShowContext, seconds } from './define.ts'

// VLANs that EOS allocates for VRFs are left out: their numbers do not follow from the configuration (docs/eos.md 7.1).
function vxlanJson({ vxlan }: SwitchState, eos: string): JsonObject {
  if (vxlan === undefined) return {}
  const vlans = [...vxlan.vlanToVni.keys()].sort((a, b) => a - b)
  const perVlan = (value: (vlan: number) => JsonObject) => objectOf(vlans, (vlan) => [String(vlan), value(vlan)])
  return {
    srcIpIntf: vxlan.sourceInterface,
    srcIpAddr: vxlan.sourceAddress,
    ...(eosAtLeast(eos, UDP_PORT_SINCE) ? { udpPort: vxlan.udpPort } : {}),
    vlanToVniMap: perVlan((vlan) => ({ vni: vxlan.vlanToVni.get(vlan) ?? 0, source: '' })),
    vrfToVniMap: Object.fromEntries(vxlan.vrfToVni),
    vlanToVtepList: objectOf(vxlan.floodList, ([vlan, vteps]) => [
      String(vlan),
      { remoteVtepAddr: vteps, remoteVtepAddr6: [] },
    ]),
    vlanToLearnRestrict: perVlan(() => ({ learnFrom: 'learnFromAny', prefixList: [] })),
    vccImportVlan: formatRanges(vlans),
    mlagSharedRouterMacAddr: vxlan.sharedRouterMac ?? '00:00:00:00:00:00',
    replicationMode: vlans.length > 0 ? 'headendVcs' : 'headendNonVcs',
    controllerControlPlane: vlans.length > 0,
    ...CONSTANTS,
  }
}

// 4.23 does not tell it (lab-validation); ANTA reads it.
const UDP_PORT_SINCE = '4.24'

const CONSTANTS = {
  floodMcastGrp: '0.0.0.0',
  mcastGrpDecap: '',
  mcastRouting: false,
  staticFloodlists: false,
  dataPathLearningMode: false,
  controllerClientMode: false,
  arpReplyRelayMode: false,
  arpLocalAddress: false,
  portDot1qVniMapping: false,
  vniInDottedNotation: false,
  use32BitVni: false,
  vtepToVtepBridging: false,
  vtepSourcePruningAll: false,
  vtepSetForSourcePruning: [],
  decapFilterMode: 'filterEnabled',
  decapFilterIntf: [],
} as const

// Keys by the version they are recorded from (docs/eos.md 7.1); `l2Mru` is absent on 4.23 and there on 4.36.
const SINCE = {
  lanes: '4.20',
  l3MtuConfigured: '4.22',
  zeroAddress: '4.23',
  l2Mru: '4.24',
  ipv6Preference: '4.36',
  zeroWithIpv6: '4.36',
} as const

/** One element of `show interfaces`. */
export function interfaceJson(state: InterfaceState, context: ShowContext): JsonObject {
  const { eos } = context.facts
  return definedMembers({
    name: state.name,
    forwardingModel: forwardingModel(state),
    lineProtocolStatus: state.lineProtocol,
    interfaceStatus: state.status,
    hardware: state.name.includes('.') ? 'subinterface' : HARDWARE[state.kind],
    interfaceAddress: interfaceAddress(state, eos),
    interfaceAddressIp6: state.mode === 'routed' && state.addresses.ipv6 ? ipv6Json(state, context) : undefined,
    description: state.description,
    bandwidth: state.bandwidth,
    mtu: state.mtu,
    l3MtuConfigured: eosAtLeast(eos, SINCE.l3MtuConfigured) ? state.mtuConfigured : undefined,
    l2Mru: eosAtLeast(eos, SINCE.l2Mru) ? 0 : undefined,
    lastStatusChangeTimestamp: state.kind === 'vxlan' ? undefined : seconds(state.since ?? context.bootedAt),
    ...addressedJson(state, context),
    ...portJson(state, context),
    ...(state.kind === 'portChannel' ? channelJson(state, context) : {}),
    ...(state.kind === 'vxlan' ? vxlanJson(context.state, context.facts.eos) : {}),
  })
}

const HARDWARE: Readonly<Record<InterfaceState['kind'], string>> = {
  ethernet: 'ethernet',
  management: 'ethernet',
  portChannel: 'portChannel',
  loopback: 'loopback',
  vlan: 'vlan',
  vxlan: 'vxlan',
  other: 'unknown',
}

function forwardingModel(state: InterfaceState): string {
  if (state.mode === 'dataLink') return 'dataLink'
  if (state.kind === 'vxlan') return 'bridged'
  return state.mode === 'routed' ? 'routed' : 'bridged'
}

// Without one an SVI has an element of zeros from 4.23 on, and a port that speaks IPv6 from 4.36 on (docs/eos.md 7.1).
function interfaceAddress(state: InterfaceState, eos: string) {
  if (state.mode !== 'routed' || state.kind === 'vxlan') return []
  const { primary, virtual, dhcp, ipv6 } = state.addresses
  const addressed = primary !== undefined || virtual !== undefined || dhcp
  const zeros =
    (state.kind === 'vlan' && eosAtLeast(eos, SINCE.zeroAddress)) || (ipv6 && eosAtLeast(eos, SINCE.zeroWithIpv6))
  return addressed || zeros ? [addressesJson(state.addresses)] : []
}

function ipv6Json(state: InterfaceState, { facts }: ShowContext): JsonObject {
  const since436 = eosAtLeast(facts.eos, SINCE.ipv6Preference)
  const active = state.lineProtocol === 'up'
  const flags = { active, ...(since436 ? { leastpref: false } : {}), dadfailed: false }
  const linkLocalIp6 = { address: linkLocal(macOf(state, facts)), subnet: 'fe80::/64', ...flags }
  return definedMembers({
    linkLocalIp6: state.kind === 'loopback' ? undefined : linkLocalIp6,
    globalUnicastIp6s: globalAddresses(state.addresses.ipv6Addresses, flags),
    globalAddressesAreVirtual: since436 ? false : undefined,
    addrSource: state.kind === 'loopback' ? undefined : 'manual',
  })
}

function addressedJson(state: InterfaceState, context: ShowContext): JsonObject {
  if (state.kind === 'loopback' || state.kind === 'vxlan') return {}
  const mac = macOf(state, context.facts)
  return { physicalAddress: mac, burnedInAddress: mac }
}

function portJson(state: InterfaceState, context: ShowContext): JsonObject {
  if (state.kind !== 'ethernet' && state.kind !== 'management') return {}
  const physical = definedMembers({
    lanes: eosAtLeast(context.facts.eos, SINCE.lanes) ? 0 : undefined,
    interfaceMembership: state.channel === undefined ? undefined : `Member of ${state.channel}`,
    duplex: 'duplexFull',
    autoNegotiate: state.kind === 'management' ? 'success' : 'unknown',
    loopbackMode: 'loopbackNone',
  })
  return {
    ...(isSubinterface(state) ? {} : physical),
    interfaceStatistics: statistics(context, state),
    interfaceCounters: counters(context, state),
  }
}

// A subinterface shows nothing physical (docs/eos.md 7.1).
const isSubinterface = ({ name }: InterfaceState) => name.includes('.')

function channelJson(state: InterfaceState, context: ShowContext): JsonObject {
  const members = state.members.map((member) => {
    const bandwidth = context.state.interfaces.get(member)?.bandwidth ?? 0
    return [member, { duplex: 'duplexFull', bandwidth }] as const
  })
  const peers = context.state.portChannels.get(state.name)?.peerActive ?? []
  const ofPeer = peers.map((member) => [`Peer${member}`, { duplex: 'duplexFull', bandwidth: 0 }] as const)
  return {
    memberInterfaces: Object.fromEntries([...members, ...ofPeer]),
    fallbackEnabled: false,
    fallbackEnabledType: 'fallbackNone',
    interfaceStatistics: statistics(context, state),
    interfaceCounters: counters(context, state),
  }
}

function statistics(context: ShowContext, { name }: InterfaceState): JsonObject {
  const [received, sent] = [rateOf(context, name, 'in'), rateOf(context, name, 'out')]
  return {
    updateInterval: loadInterval(context.running),
    inBitsRate: received.bits,
    inPktsRate: received.packets,
    outBitsRate: sent.bits,
    outPktsRate: sent.packets,
  }
}

function counters(context: ShowContext, state: InterfaceState): JsonObject {
  const { detail, inErrors, outErrors, inDiscards, outDiscards } = errorTotals(state.errors)
  const carried = traffic(state, context.now, context.bootedAt)
  return {
    inOctets: carried.octets,
    inUcastPkts: carried.unicast,
    inMulticastPkts: carried.multicast,
    inBroadcastPkts: carried.broadcast,
    inDiscards,
    inTotalPkts: packets(carried),
    outOctets: carried.octets,
    outUcastPkts: carried.unicast,
    outMulticastPkts: carried.multicast,
    outBroadcastPkts: carried.broadcast,
    outDiscards,
    totalInErrors: inErrors,
    inputErrorsDetail: { ...detail, rxPause: 0 },
    totalOutErrors: outErrors,
    outputErrorsDetail: { collisions: 0, lateCollisions: 0, deferredTransmissions: 0, txPause: 0 },
    linkStatusChanges: state.linkChanges,
    counterRefreshTime: seconds(context.now),
  }
}

// What a port has carried in one direction since it came up.
interface Traffic {
  readonly unicast: number
  readonly multicast: number
  readonly broadcast: number
  readonly octets: number
}

const SILENT: Traffic = { unicast: 0, multicast: 0, broadcast: 0, octets: 0 }

/** No host sends anything here, but a network is never silent: spanning-tree, LLDP, ARP and routing keepalives go over every port that is up. */
export function traffic(state: InterfaceState, now: number, bootedAt: number): Traffic {
  const isPort = state.kind === 'ethernet' || state.kind === 'management' || state.kind === 'portChannel'
  if (!isPort || state.status !== 'connected') return SILENT
  const up = Math.max(0, Math.floor((now - Math.max(bootedAt, state.since ?? bootedAt)) / 1000))
  const [unicast, multicast, broadcast] = [up * 3, Math.floor(up / 2), Math.floor(up / 10)]
  return { unicast, multicast, broadcast, octets: unicast * 96 + multicast * 119 + broadcast * 64 }
}

/** What a port carries a second in one direction: bits, and packets of 1,000 bytes. */
export function rateOf(context: ShowContext, port: string, way: 'in' | 'out'): { bits: number; packets: number } {
  const bits = context.state.rates().get(port)?.[way] ?? 0
  return { bits, packets: bits / 8000 }
}

export function packets({ unicast, multicast, broadcast }: Traffic): number {
  return unicast + multicast + broadcast
}

export interface ErrorTotals {
  readonly detail: Readonly<
    Record<'runtFrames' | 'giantFrames' | 'fcsErrors' | 'alignmentErrors' | 'symbolErrors', number>
  >
  readonly inErrors: number
  readonly outErrors: number
  readonly inDiscards: number
  readonly outDiscards: number
}

export function errorTotals(errors: ErrorCounts): ErrorTotals {
  const detail = {
    runtFrames: errors.runtFrames ?? 0,
    giantFrames: errors.giantFrames ?? 0,
    fcsErrors: errors.fcsErrors ?? 0,
    alignmentErrors: errors.alignmentErrors ?? 0,
    symbolErrors: errors.symbolErrors ?? 0,
  }
  return {
    detail,
    inErrors: Object.values(detail).reduce((sum, count) => sum + count, 0),
    outErrors: errors.outErrors ?? 0,
    inDiscards: errors.inDiscards ?? 0,
    outDiscards: errors.outDiscards ?? 0,
  }
}

/** One element of `show interfaces counters errors`. */
export function errorsJson({ detail, inErrors, outErrors }: ErrorTotals): JsonObject {
  return {
    inErrors,
    outErrors,
    fcsErrors: detail.fcsErrors,
    alignmentErrors: detail.alignmentErrors,
    symbolErrors: detail.symbolErrors,
    frameTooShorts: detail.runtFrames,
    frameTooLongs: detail.giantFrames,
  }
}
