import { definedItems, definedMembers, type JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { BgpFamily, BgpFamilyState, BgpPeer, BgpRouteMaps, BgpVrfState } from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { keepalives, sessionSince } from './bgp-table.ts'
import { bgpSpan, objectOf, protocolModel, type ShowContext, seconds } from './define.ts'

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

/** One neighbor of `show ip bgp neighbors` as text (lab-validation, suzieq, 4.23; napalm get_bgp_neighbors_detail). */
export function neighborText(peer: BgpPeer, vrf: BgpVrfState, context: ShowContext): string {
  return printedLines([
    `BGP neighbor is ${peer.address}, remote AS ${peer.asn}, ${peer.internal ? 'internal' : 'external'} link`,
    ...given(peer.description, (text) => ` Description: ${text}`),
    `  BGP version 4, remote router ID ${peer.routerId ?? '0.0.0.0'}, VRF ${vrf.vrf}`,
    ...given(peer.peerGroup, (name) => `  Inherits configuration from and member of peer-group ${name}`),
    ...stateLines(peer, context),
    ...statisticsLines(peer, context),
    ...policyLines(peer),
    ...endLines(peer, vrf),
  ])
}

function given(text: string, line: (text: string) => string) {
  return text === '' ? [] : [line(text)]
}

function stateLines(peer: BgpPeer, context: ShowContext) {
  const up = peer.state === 'Established'
  const { hold, keepalive } = peer.negotiatedTimers ?? { hold: 0, keepalive: 0 }
  const heard = up ? '00:00:05' : 'never'
  const since = up ? `, up for ${bgpSpan(context.now - sessionSince(peer, context))}` : ''
  return [
    `  Last read ${heard}, last write ${heard}`,
    `  Hold time is ${hold}, keepalive interval is ${keepalive} seconds`,
    `  Configured hold time is ${peer.timers.hold}, keepalive interval is ${peer.timers.keepalive} seconds`,
    `  BGP state is ${peer.state}${since}`,
    `  Number of transitions to established: ${up ? 1 : 0}`,
    `  Last state was ${up ? 'OpenConfirm' : 'Idle'}`,
    `  Last event was ${up ? 'RecvKeepAlive' : 'Start'}`,
  ]
}

export const FAMILY_WORDS: Readonly<Record<BgpFamily, string>> = {
  ipv4Unicast: 'IPv4 Unicast',
  l2VpnEvpn: 'L2VPN EVPN',
}

const CAPABILITY: Readonly<Record<BgpFamilyState['state'], string>> = {
  negotiated: 'advertised and received and negotiated',
  advertised: 'advertised',
  received: 'received',
  configured: 'advertised',
}

const HEAD = `${' '.repeat(25)}Sent      Rcvd`

function statisticsLines(peer: BgpPeer, context: ShowContext) {
  const opens = peer.state === 'Established' ? 1 : 0
  const messages = keepalives(peer, context)
  const ipv4 = peer.families.get('ipv4Unicast')
  const evpn = peer.families.get('l2VpnEvpn')
  const updates = [ipv4?.sent() ?? 0, ipv4?.received ?? 0] as const
  return definedItems(
    '  Neighbor Capabilities:',
    ...[...peer.families].map(
      ([family, { state }]) => `    Multiprotocol ${FAMILY_WORDS[family]}: ${CAPABILITY[state]}`,
    ),
    `    Four Octet ASN: ${CAPABILITY[opens === 1 ? 'negotiated' : 'configured']}`,
    `    Route Refresh: ${CAPABILITY[opens === 1 ? 'negotiated' : 'configured']}`,
    '  Restart timer is inactive',
    '  End of rib timer is inactive',
    '  Message Statistics:',
    '    InQ depth is 0',
    '    OutQ depth is 0',
    HEAD,
    countRow('Opens:', opens, opens),
    countRow('Notifications:', 0, 0),
    countRow('Updates:', ...updates),
    countRow('Keepalives:', messages, messages),
    countRow('Route-Refresh:', 0, 0),
    countRow('Total messages:', messages + opens, messages + opens),
    '  Prefix Statistics:',
    HEAD,
    countRow('IPv4 Unicast:', ...updates),
    countRow('IPv6 Unicast:', 0, 0),
    evpn !== undefined && countRow('EVPN:', evpn.sent(), evpn.received),
    peer.maximumRoutes !== 0 && `  Configured maximum total number of routes is ${peer.maximumRoutes}`,
  )
}

function countRow(label: string, sent: number, received: number) {
  return `    ${label.padEnd(15)}${String(sent).padStart(10)}${String(received).padStart(10)}`
}

function policyLines(peer: BgpPeer) {
  const { routeMapIn = '', routeMapOut = '' } = peer.families.get('ipv4Unicast') ?? {}
  return [
    ...given(routeMapIn, (name) => `  Inbound route map is ${name}`),
    ...given(routeMapOut, (name) => `  Outbound route map is ${name}`),
  ]
}

function endLines(peer: BgpPeer, vrf: BgpVrfState) {
  const up = peer.state === 'Established'
  return [
    `Local AS is ${peer.localAsn}, local router ID ${vrf.routerId}`,
    `TTL is ${peer.ttl}`,
    `Local TCP address is ${peer.source === '' ? 'unset' : peer.source}, local port is ${up ? 179 : 0}`,
    `Remote TCP address is ${peer.address}, remote port is ${up ? 36_000 : 0}`,
    'Auto-Local-Addr is disabled',
  ]
}
