import { definedMembers } from '../../../../model/defined-members.ts'
import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { BgpPeer, BgpRouteMaps, BgpVrfState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/facts.ts'
import { keepalives, sessionSince } from './bgp-table.ts'
import { objectOf, protocolModel, type ShowContext, seconds } from './define.ts'

function neighborConstants(): JsonObject {
  return {
    updateGroupIndex: 2,
    as4: 2,
    autoLocalAddress: 'disabled',
    maintenance: false,
    noComms: true,
    advertisedRestartTime: 300,
    restart: 300,
    routeMapInfo: { filterType: 'RouteMap' },
    prefixListInfo: { filterType: 'PrefixList' },
    dropStats: zeros(RIBD_DROPS),
    peerInUpdateErrors: zeros(['inUpdErrDisableAfiSafi', 'inUpdErrIgnore', 'inUpdErrWithdraw']),
    ...zeros(RIBD_COUNTS),
  }
}

function neighborConstantsOf436(peer: BgpPeer): JsonObject {
  return definedMembers({
    updateGroupIndex: -1,
    minHoldTime: 3,
    configMinHoldTime: 3,
    sendFailureHoldTime: 0,
    totalRoutesWarnLimit: Math.floor(peer.maximumRoutes * 0.8),
    maxTotalRoutes: peer.maximumRoutes,
    rpkiOriginValidationMethod: 'disabled',
    inboundUpdateProcessingDelay: 0,
    inboundUpdateProcessingDelayState: 'inactive',
    peerInUpdateErrors: zeros(['inUpdErrWithdraw', 'inUpdErrIgnore', 'inUpdErrDisableAfiSafi', 'lastUpdErrTime']),
    dropStats: zeros(['inDropAsloop', 'inDropClusterIdLoop', 'inDropMalformedMpbgp', 'inDropOrigId', 'inDropNhLocal']),
    ifName: peer.interface,
    afiSafiInfo: peer.families.has('ipv4Unicast') ? { ipv4Unicast: { localNexthop: peer.source } } : undefined,
  })
}

const RIBD_DROPS = [
  'inDropAsloop',
  'inDropEnforceFirstAs',
  'inDropNhAfV6',
  'inDropNhInvalid',
  'inDropNhLocal',
  'inDropOrigId',
  'outDropV4LocalAddr',
  'outDropV6LocalAddr',
  'prefixLuDroppedV4',
  'prefixLuDroppedV6',
] as const

const RIBD_COUNTS = [
  'v4BestEcmpPaths',
  'v4BestPaths',
  'v4SrTeBestEcmpPaths',
  'v4SrTeBestPaths',
  'v4SrTePrefixesReceived',
  'v4SrTePrefixesSent',
  'v6BestEcmpPaths',
  'v6BestPaths',
  'v6SrTeBestEcmpPaths',
  'v6SrTeBestPaths',
  'v6SrTePrefixesReceived',
  'v6SrTePrefixesSent',
] as const

function zeros(keys: readonly string[]): JsonObject {
  return objectOf(keys, (key) => [key, 0])
}

// What is recorded from a version on: TTLs of the multi-agent model, what ribd shows of address families, what 4.36 adds.
const SINCE = { ttl: '4.22', familyMaps: '4.22', capabilities: '4.36' } as const

/** One element of `peerList`; its keys depend on the routing model more than on the version (docs/eos.md 7.2). */
export function neighborJson(peer: BgpPeer, vrf: BgpVrfState, context: ShowContext): JsonObject {
  const { eos } = context.facts
  const ribd = protocolModel(context) === 'ribd'
  const ttl = { ttl: peer.ttl, maxTtlHops: maximumHops(peer, ribd) }
  return {
    peerAddress: peer.address,
    asn: peer.asn,
    localAsn: peer.localAsn,
    linkType: peer.internal ? 'internal' : 'external',
    routerId: peer.routerId ?? '0.0.0.0',
    localRouterId: vrf.routerId,
    vrf: vrf.vrf,
    version: 4,
    state: peer.state,
    ...(peer.description === '' ? {} : { description: peer.description }),
    ...(ribd || eosAtLeast(eos, SINCE.ttl) ? { ...ttl, negotiatedVersion: 4 } : {}),
    ...timesJson(peer, context),
    ...messagesJson(peer, context),
    ...prefixesJson(peer),
    ...policyJson(ribd && !eosAtLeast(eos, SINCE.familyMaps) ? peer.outerMaps : peer.families.get('ipv4Unicast')),
    ...(ribd ? ribdJson(peer, context) : agentJson(peer, eos)),
    updateSource: peer.source,
    peerTcpInfo: tcpJson(peer),
    prependOwnDisabled: false,
    bgpSoftReconfigInbound: 'Default',
    localPort: peer.state === 'Established' ? 179 : 0,
    remotePort: peer.state === 'Established' ? EPHEMERAL : 0,
  }
}

const EPHEMERAL = 36_000

function tcpJson({ state }: BgpPeer): JsonObject {
  if (state === 'Established') {
    return { state: 'ESTABLISHED', outputQueueLength: 0, inputQueueLength: 0, maxSegmentSize: 1448 }
  }
  return { state: null, outputQueueLength: null, inputQueueLength: null, maxSegmentSize: null }
}

function maximumHops({ internal, ttl }: BgpPeer, ribd: boolean) {
  if (ribd) return null
  return internal || ttl === 1 ? 255 : ttl
}

function timesJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const { hold, keepalive } = peer.negotiatedTimers ?? { hold: 0, keepalive: 0 }
  const up = peer.state === 'Established'
  return {
    holdTime: hold,
    keepaliveTime: keepalive,
    establishedTransitions: up ? 1 : 0,
    lastState: up ? 'OpenConfirm' : 'Idle',
    lastEvent: up ? 'RecvKeepAlive' : 'Start',
    ...(up
      ? { establishedTime: Math.floor(seconds(context.now - sessionSince(peer, context))), lastRcvd: 5, lastSent: 5 }
      : {}),
  }
}

function messagesJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const sent = keepalives(peer, context)
  const opens = peer.state === 'Established' ? 1 : 0
  const ipv4 = peer.families.get('ipv4Unicast')
  const stats = (updates: number) => ({ opens, notifications: 0, updates, keepalives: sent, rtRefreshes: 0 })
  return {
    sentMessages: sent + opens,
    receivedMessages: sent + opens,
    inMessageStats: stats(ipv4?.received ?? 0),
    outMessageStats: stats(ipv4?.sent() ?? 0),
  }
}

function prefixesJson(peer: BgpPeer): JsonObject {
  const ipv4 = peer.families.get('ipv4Unicast')
  const evpn = peer.families.get('l2VpnEvpn')
  return {
    prefixesReceived: ipv4?.received ?? 0,
    prefixesSent: ipv4?.sent() ?? 0,
    v6PrefixesReceived: 0,
    v6PrefixesSent: 0,
    ...(evpn === undefined ? {} : { evpnReceived: evpn.received, evpnSent: evpn.sent() }),
  }
}

function policyJson({ routeMapIn, routeMapOut }: BgpRouteMaps = {}): JsonObject {
  return definedMembers({ routeMapInbound: routeMapIn, routeMapOutbound: routeMapOut })
}

function agentJson(peer: BgpPeer, eos: string): JsonObject {
  const since436 = eosAtLeast(eos, SINCE.capabilities)
  return definedMembers({
    peerGroupName: peer.peerGroup === '' ? undefined : peer.peerGroup,
    configHoldTime: peer.timers.hold,
    configKeepaliveTime: peer.timers.keepalive,
    holdTimeLeft: 0,
    keepaliveTimeLeft: 0,
    bfdState: peer.bfd ? (peer.state === 'Established' ? BFD_UP : BFD_DOWN) : undefined,
    ...(since436 ? neighborConstantsOf436(peer) : {}),
  })
}

// `bfdState` is 3 in every recording of a session that is up (4.23).
const BFD_UP = 3
const BFD_DOWN = 1

function ribdJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const { interface: port } = peer
  return definedMembers({
    peerGroup: peer.peerGroup === '' ? undefined : peer.peerGroup,
    confHoldTime: peer.timers.hold,
    configuredKeepaliveTime: peer.timers.keepalive,
    ifName: port === undefined ? undefined : shortName(port).toLowerCase(),
    updownTime: Math.floor(seconds(context.now - sessionSince(peer, context))),
    sentUpdates: peer.families.get('ipv4Unicast')?.sent() ?? 0,
    receivedUpdates: peer.families.get('ipv4Unicast')?.received ?? 0,
    ...neighborConstants(),
  })
}
