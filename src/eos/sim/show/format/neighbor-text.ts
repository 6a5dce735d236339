import type { BgpFamily, BgpFamilyState, BgpPeer, BgpVrfState } from '../../converge/network-state.ts'
import { printedLines } from '../../platform/facts.ts'
import { keepalives, sessionSince } from './bgp-table.ts'
import { bgpSpan, type ShowContext } from './define.ts'

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
  return [
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
    ...(evpn === undefined ? [] : [countRow('EVPN:', evpn.sent(), evpn.received)]),
    ...(peer.maximumRoutes === 0 ? [] : [`  Configured maximum total number of routes is ${peer.maximumRoutes}`]),
  ]
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
