import { definedItems } from '../../../../model/json.ts'
import {
  type BgpSummaryPeer,
  familyOf,
  SHOW_BGP_NEIGHBORS,
  SHOW_BGP_SUMMARY,
  SHOW_IP_BGP_NEIGHBORS,
} from '../../answer/bgp.ts'
import { mismatch, needed, nullAsAbsent, printed } from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import { flag, integer } from '../../input/words.ts'
import {
  bgpPeer,
  capabilityFaults,
  counterFaults,
  judgePeers,
  neighborOf,
  peerName,
  peersOf,
  queueFaults,
  sessionFaults,
  verifyPeers,
} from './bgp-peer.ts'

/** Every NLRI that was received of each peer was accepted. */
export const VerifyBGPNlriAcceptance = defineVerify({
  summary: 'Verifies that all NLRI received of BGP peers were accepted.',
  docs: 'Passes when each peer is there, each capability is negotiated, and as many NLRI were accepted as received.',
  example: {
    bgp_peers: [
      { peer_address: '10.100.0.128', vrf: 'default', capabilities: ['ipv4Unicast'] },
      { peer_address: 'fe80::2%Et1', vrf: 'default', capabilities: ['ipv6Unicast'] },
      { interface: 'Ethernet2', vrf: 'default', capabilities: ['ipv6Unicast'] },
    ],
  },
  input: () => ({
    bgp_peers: peersOf(bgpPeer().required({ capabilities: true })).describe('peers and their capabilities'),
  }),
  // The summary knows peers by their address only; the neighbors tell the address behind an interface.
  asks: [SHOW_BGP_SUMMARY, SHOW_BGP_NEIGHBORS],
  judge: ([{ vrfs }, neighbors], { bgp_peers }) =>
    passUnlessSilent(
      bgp_peers.flatMap((peer) => {
        const address = peer.peer_address ?? neighborOf(peer, neighbors)?.peerAddress ?? ''
        const found = vrfs?.get(peer.vrf)?.peers?.get(address)
        if (found === undefined || isEmpty(found)) return [{ fault: `${peerName(peer)} - Not found` }]
        return peer.capabilities.flatMap((name): readonly Judged[] => {
          const family = familyOf(found, name)
          const faults = nlriFaults(family, name).map((fault) => ({ fault: `${peerName(peer)} ${fault}` }))
          return faults.length === 0 && family !== undefined ? [{ family }] : faults
        })
      }),
    ),
})

type Family = NonNullable<ReturnType<typeof familyOf>>
type Judged = { readonly fault: string } | { readonly family: Family }

function passUnlessSilent(judged: readonly Judged[]): Judgement {
  const faults = judged.flatMap((one) => ('fault' in one ? [one.fault] : []))
  if (faults.length === 0) for (const one of judged) if ('family' in one) needed(one.family, 'nlrisReceived')
  return faults
}

function isEmpty({ state, attributes }: BgpSummaryPeer) {
  return state === undefined && attributes.size === 0
}

function nlriFaults(family: Family | undefined, capability: string) {
  if (family === undefined) return [`- ${capability} not found`]
  const { nlrisAccepted: accepted, nlrisReceived: received } = family
  const filtered = `AFI/SAFI: ${capability} - Some NLRI were filtered or rejected - Accepted: ${printed(accepted)} Received: ${printed(received)}`
  return definedItems(
    needed(family, 'afiSafiState') !== 'negotiated' && `- ${capability} not negotiated`,
    accepted !== received && filtered,
  )
}

const verifyCapability = (what: string, called: string, told: 'fourOctetAsnCap' | 'routeRefreshCap') =>
  verifyPeers({
    summary: `Verifies the ${what} capability of BGP peers.`,
    docs: `Passes when each peer is there, and its ${what} capability is advertised, received and enabled.`,
    example: [
      { peer_address: '172.30.11.1', vrf: 'default' },
      { peer_address: 'fd00:dc:1::1', vrf: 'default' },
      { interface: 'Ethernet1', vrf: 'MGMT' },
    ],
    about: 'peers to judge',
    peer: bgpPeer,
    judge: (_peer, { neighborCapabilities }) => capabilityFaults(called, neighborCapabilities?.[told]),
  })

/** The four octet ASN capability of each peer is negotiated. */
export const VerifyBGPPeerASNCap = verifyCapability('four octet ASN', '4-octet ASN capability', 'fourOctetAsnCap')

/** No NLRI of any peer was dropped. */
export const VerifyBGPPeerDropStats = verifyPeers({
  summary: 'Verifies that BGP peers have dropped no NLRI.',
  docs: 'Passes when each peer is there, and the given drop counters (all that the switch has where none are given) are zero. A given counter that does not exist fails.',
  example: [
    {
      peer_address: '172.30.11.1',
      vrf: 'default',
      drop_stats: ['inDropAsloop', 'prefixEvpnDroppedUnsupportedRouteType'],
    },
    { interface: 'Ethernet1', vrf: 'MGMT' },
  ],
  about: 'peers and the counters to judge',
  peer: bgpPeer,
  judge: ({ drop_stats }, neighbor) => {
    const counters = needed(neighbor, 'dropStats')
    if (Object.keys(counters).length === 0) return undefined
    // Counters that this version does not have count nothing.
    return counterFaults('NLRI drop statistics counter', counters, drop_stats, 0)
  },
})

/** Each peer is in its peer group. */
export const VerifyBGPPeerGroup = verifyPeers({
  summary: 'Verifies the peer group of BGP peers.',
  docs: 'Passes when each peer is there, and is in the expected peer group.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', peer_group: 'IPv4-UNDERLAY-PEERS' },
    { interface: 'Ethernet1', vrf: 'MGMT', peer_group: 'IPv4-UNDERLAY-PEERS' },
  ],
  about: 'peers and their groups',
  peer: () => bgpPeer().required({ peer_group: true }),
  judge: ({ peer_group }, { peerGroupName = 'Not Found' }) =>
    mismatch('Incorrect peer group configured', peer_group, peerGroupName),
})

/** The session of each peer is established and authenticated with MD5 (RFC 2385). */
export const VerifyBGPPeerMD5Auth = verifyPeers({
  summary: 'Verifies the MD5 authentication and the session of BGP peers.',
  docs: 'Passes when each peer is there, its session established, and MD5 authentication enabled.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default' },
    { peer_address: 'fd00:dc:1::1', vrf: 'default' },
    { interface: 'Ethernet1', vrf: 'default' },
  ],
  about: 'peers to judge',
  peer: bgpPeer,
  judge: (_peer, neighbor) =>
    definedItems(
      ...mismatch('Incorrect session state', 'Established', neighbor.state, 'None'),
      neighbor.md5AuthEnabled !== true && 'Session does not have MD5 authentication enabled',
    ),
})

/** The multiprotocol capabilities of each peer are negotiated. */
export const VerifyBGPPeerMPCaps = verifyPeers({
  summary: 'Verifies the multiprotocol capabilities of BGP peers.',
  docs: 'Passes when each peer is there, and each capability is advertised, received and enabled; with `strict`, when the peer has no others.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', strict: false, capabilities: ['ipv4 labeled-Unicast'] },
    { interface: 'Ethernet1', vrf: 'default', strict: true, capabilities: ['ipv4MplsVpn', 'L2vpnEVPN'] },
  ],
  about: 'peers and their capabilities',
  peer: () => bgpPeer().required({ capabilities: true }),
  judge: ({ capabilities, strict }, { neighborCapabilities }) => {
    const told = neighborCapabilities?.multiprotocolCaps
    if (told === undefined) return ['Multiprotocol capabilities not found']
    const names = Object.keys(told)
    if (strict && !isSameSet(capabilities, names))
      return [`Mismatch - Expected: ${capabilities.join(', ')} Actual: ${names.join(', ')}`]
    return capabilities.flatMap((name) => capabilityFaults(name, told[name]))
  },
})

function isSameSet(some: readonly string[], others: readonly string[]) {
  return some.every((one) => others.includes(one)) && others.every((one) => some.includes(one))
}

/** The limits of routes of each peer are as expected. */
export const VerifyBGPPeerRouteLimit = verifyPeers({
  summary: 'Verifies the maximum routes and the warning limit of BGP peers.',
  docs: 'Passes when each peer is there, and its maximum routes and, if given, its warning limit are as expected. A switch that tells no warning limit has none, which is 0.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', maximum_routes: 12000, warning_limit: 10000 },
    { interface: 'Ethernet1', vrf: 'MGMT', maximum_routes: 12000 },
  ],
  about: 'peers and their limits',
  peer: () => bgpPeer().required({ maximum_routes: true }),
  judge: ({ maximum_routes, warning_limit }, { maxTotalRoutes, totalRoutesWarnLimit = 0 }) => [
    ...mismatch('Maximum routes mismatch', maximum_routes, maxTotalRoutes ?? 'Not Found'),
    ...(warning_limit === undefined
      ? []
      : mismatch('Maximum routes warning limit mismatch', warning_limit, totalRoutesWarnLimit)),
  ],
})

/** The route refresh capability of each peer is negotiated. */
export const VerifyBGPPeerRouteRefreshCap = verifyCapability(
  'route refresh',
  'Route refresh capability',
  'routeRefreshCap',
)

const verifySessions = (summary: string, asks: typeof SHOW_BGP_NEIGHBORS) =>
  defineVerify({
    summary,
    docs: 'Passes when each peer is there, established (at least as long as `minimum_established_time`), and has nothing waiting in the queues of its TCP session (unless `check_tcp_queues` is false).',
    example: {
      minimum_established_time: 10000,
      check_tcp_queues: false,
      bgp_peers: [
        { peer_address: '10.1.0.1', vrf: 'default' },
        { peer_address: 'fd00:dc:1::1', vrf: 'default' },
        { interface: 'Vlan3499', vrf: 'PROD' },
      ],
    },
    input: () => ({
      minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
      check_tcp_queues: flag('whether the queues of the TCP sessions must be empty', true),
      bgp_peers: peersOf(bgpPeer()).describe('peers whose sessions to judge'),
    }),
    asks,
    judge: (neighbors, { bgp_peers, minimum_established_time: minimum, check_tcp_queues }) =>
      judgePeers(bgp_peers, neighbors, (_peer, neighbor) => [
        ...sessionFaults(neighbor, minimum),
        ...(check_tcp_queues ? queueFaults(neighbor) : []),
      ]),
  })

/** The sessions of the named peers, on a switch with the routing model `ribd`, are established. */
export const VerifyBGPPeerSessionRibd = verifySessions(
  'Verifies the sessions of BGP peers of a switch with the routing model `ribd`.',
  SHOW_IP_BGP_NEIGHBORS,
)

/** The sessions of the named peers are established. */
export const VerifyBGPPeerSession = verifySessions('Verifies the sessions of BGP peers.', SHOW_BGP_NEIGHBORS)

/** The TTL and the most hops of each peer are as expected. */
export const VerifyBGPPeerTtlMultiHops = verifyPeers({
  summary: 'Verifies the TTL and the maximum TTL hops of BGP peers.',
  docs: 'Passes when each peer is there, and its TTL and maximum TTL hops are as expected.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', ttl: 3, max_ttl_hops: 3 },
    { interface: 'Ethernet1', vrf: 'MGMT', ttl: 30, max_ttl_hops: 30 },
  ],
  about: 'peers and their TTLs',
  peer: () => bgpPeer().required({ ttl: true, max_ttl_hops: true }),
  asks: SHOW_IP_BGP_NEIGHBORS,
  judge: ({ ttl, max_ttl_hops }, neighbor) => [
    ...mismatch('TTL mismatch', ttl, neighbor.ttl, 'None'),
    ...mismatch('Max TTL Hops mismatch', max_ttl_hops, neighbor.maxTtlHops, 'None'),
  ],
})

/** No peer sent an update with errors. */
export const VerifyBGPPeerUpdateErrors = verifyPeers({
  summary: 'Verifies that BGP peers sent no updates with errors.',
  docs: 'Passes when each peer is there, and the given update error counters (all that the switch has where none are given) are zero; `disabledAfiSafi` must be "None". A given counter that does not exist fails.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', update_errors: ['inUpdErrWithdraw'] },
    { interface: 'Ethernet1', vrf: 'MGMT' },
  ],
  about: 'peers and the counters to judge',
  peer: bgpPeer,
  judge: ({ update_errors }, neighbor) => {
    const counters = neighbor.peerInUpdateErrors ?? {}
    if (!update_errors && Object.keys(counters).length === 0) return undefined
    return counterFaults('update error counter', counters, update_errors, 'Not Found')
  },
})

/** The route maps of each peer are applied in their direction. */
export const VerifyBgpRouteMaps = verifyPeers({
  summary: 'Verifies the inbound and outbound route maps of BGP peers.',
  docs: 'Passes when each peer is there, and the given route maps are applied to it in their direction. At least one of the two is given.',
  example: [
    {
      peer_address: '172.30.11.1',
      vrf: 'default',
      inbound_route_map: 'RM-MLAG-PEER-IN',
      outbound_route_map: 'RM-MLAG-PEER-OUT',
    },
    { interface: 'Ethernet1', vrf: 'MGMT', inbound_route_map: 'RM-MLAG-PEER-IN' },
  ],
  about: 'peers and their route maps',
  peer: () =>
    bgpPeer().refine((peer) => peer.inbound_route_map !== undefined || peer.outbound_route_map !== undefined, {
      error: 'expected `inbound_route_map` or `outbound_route_map`',
    }),
  judge: ({ inbound_route_map, outbound_route_map }, neighbor) => [
    ...routeMapFaults('Inbound', inbound_route_map, neighbor.routeMapInbound),
    ...routeMapFaults('Outbound', outbound_route_map, neighbor.routeMapOutbound),
  ],
})

function routeMapFaults(direction: string, expected: string | undefined, actual: string | undefined) {
  return expected === undefined ? [] : mismatch(`${direction} route-map mismatch`, expected, actual ?? 'Not Configured')
}

/** The timers of each peer are as expected. */
export const VerifyBGPTimers = verifyPeers({
  summary: 'Verifies the timers of BGP peers.',
  docs: 'Passes when each peer is there, and its hold time and keepalive time (seconds) are as expected.',
  example: [
    { peer_address: '172.30.11.1', vrf: 'default', hold_time: 180, keep_alive_time: 60 },
    { interface: 'Ethernet1', vrf: 'MGMT', hold_time: 180, keep_alive_time: 60 },
  ],
  about: 'peers and their timers',
  peer: () => bgpPeer().required({ hold_time: true, keep_alive_time: true }),
  judge: ({ hold_time, keep_alive_time }, neighbor) => [
    ...mismatch('Hold time mismatch', hold_time, needed(neighbor, 'holdTime')),
    ...mismatch('Keepalive time mismatch', keep_alive_time, needed(neighbor, 'keepaliveTime')),
  ],
})
