import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { IP_NEIGHBORS, NEIGHBORS, withoutAnswers } from './without-answers.ts'

interface Attributes {
  /** What the check asks of the peer 192.0.2.1, and what the switch tells of it. */
  readonly asked: JsonObject
  readonly good: JsonObject
  readonly bad: JsonObject
  readonly faults: readonly string[]
  /** What it says of a peer of which the switch tells nothing; the member that it misses where it cannot judge. */
  readonly untold: readonly string[] | string
  readonly command?: string
}

/** Rows of a check that compares attributes of peers: as asked, otherwise, untold, and no peer. */
function rowsOf(check: string, { asked, good, bad, faults, untold, command = NEIGHBORS }: Attributes): readonly Row[] {
  const peers = (...keys: JsonObject[]): JsonObject => ({ bgp_peers: keys.map((key) => ({ ...key, ...asked })) })
  const told = (...peerList: JsonObject[]): JsonObject => ({ vrfs: { default: { peerList } } })
  return [
    {
      check,
      name: 'as asked',
      inputs: peers({ peer_address: '192.0.2.1' }, { interface: 'Ethernet2' }),
      outputs: [told({ peerAddress: '192.0.2.1', ...good }, { ifName: 'Ethernet2', ...good })],
      result: 'success',
    },
    {
      check,
      name: 'otherwise, and no peer',
      inputs: peers(
        { peer_address: '192.0.2.1' },
        { peer_address: '2001:db8::3' },
        { peer_address: '192.0.2.1', vrf: 'RED' },
      ),
      outputs: [told({ peerAddress: '192.0.2.1', ...bad })],
      result: 'failure',
      messages: [
        ...faults.map((fault) => `Peer: 192.0.2.1 VRF: default - ${fault}`),
        'Peer: 2001:db8::3 VRF: default - Not found',
        'Peer: 192.0.2.1 VRF: RED - Not found',
      ],
    },
    {
      check,
      name: 'untold',
      inputs: peers({ interface: 'Ethernet2' }),
      outputs: [told({ ifName: 'Ethernet2' })],
      result: typeof untold === 'string' ? 'error' : 'failure',
      messages:
        typeof untold === 'string'
          ? [`\`${command}\` does not tell vrfs.default.peerList.0.${untold}`]
          : untold.map((fault) => `Interface: Ethernet2 VRF: default - ${fault}`),
    },
    ...withoutAnswers(check, command, peers({ peer_address: '192.0.2.1' }), [
      'Peer: 192.0.2.1 VRF: default - Not found',
    ]),
  ]
}

const refused = (check: string, at: string, message: string): Row => ({
  check,
  name: 'what it cannot do without is not given',
  inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }] },
  outputs: [],
  result: 'error',
  messages: [`the check \`${check}\` does not accept its inputs at bgp_peers.0${at}: ${message}`],
})
const NEEDED = 'Invalid input: expected nonoptional, received undefined'

/** What the checks of single attributes of peers must say. */
export const attributeRows: readonly Row[] = [
  ...rowsOf('VerifyBGPTimers', {
    asked: { hold_time: 90, keep_alive_time: 30 },
    good: { holdTime: 90, keepaliveTime: 30 },
    bad: { holdTime: 180, keepaliveTime: 60 },
    faults: ['Hold time mismatch - Expected: 90 Actual: 180', 'Keepalive time mismatch - Expected: 30 Actual: 60'],
    untold: 'holdTime',
  }),
  refused('VerifyBGPTimers', '.hold_time', NEEDED),
  ...rowsOf('VerifyBGPPeerTtlMultiHops', {
    asked: { ttl: 1, max_ttl_hops: 3 },
    good: { ttl: 1, maxTtlHops: 3 },
    bad: { ttl: 255, maxTtlHops: 4 },
    faults: ['TTL mismatch - Expected: 1 Actual: 255', 'Max TTL Hops mismatch - Expected: 3 Actual: 4'],
    untold: ['TTL mismatch - Expected: 1 Actual: None', 'Max TTL Hops mismatch - Expected: 3 Actual: None'],
    command: IP_NEIGHBORS,
  }),
  refused('VerifyBGPPeerTtlMultiHops', '.ttl', NEEDED),
  ...rowsOf('VerifyBGPPeerGroup', {
    asked: { peer_group: 'SPINES' },
    good: { peerGroupName: 'SPINES' },
    bad: { peerGroupName: 'LEAVES' },
    faults: ['Incorrect peer group configured - Expected: SPINES Actual: LEAVES'],
    untold: ['Incorrect peer group configured - Expected: SPINES Actual: Not Found'],
  }),
  refused('VerifyBGPPeerGroup', '.peer_group', NEEDED),
  ...rowsOf('VerifyBgpRouteMaps', {
    asked: { inbound_route_map: 'RM-IN', outbound_route_map: 'RM-OUT' },
    good: { routeMapInbound: 'RM-IN', routeMapOutbound: 'RM-OUT' },
    bad: { routeMapInbound: 'RM-OUT', routeMapOutbound: 'RM-IN' },
    faults: [
      'Inbound route-map mismatch - Expected: RM-IN Actual: RM-OUT',
      'Outbound route-map mismatch - Expected: RM-OUT Actual: RM-IN',
    ],
    untold: [
      'Inbound route-map mismatch - Expected: RM-IN Actual: Not Configured',
      'Outbound route-map mismatch - Expected: RM-OUT Actual: Not Configured',
    ],
  }),
  {
    check: 'VerifyBgpRouteMaps',
    name: 'only one direction is asked',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1', outbound_route_map: 'RM-OUT' }] },
    outputs: [
      { vrfs: { default: { peerList: [{ peerAddress: '192.0.2.1', routeMapInbound: 'X', routeMapOutbound: 'Y' }] } } },
    ],
    result: 'failure',
    messages: ['Peer: 192.0.2.1 VRF: default - Outbound route-map mismatch - Expected: RM-OUT Actual: Y'],
  },
  refused('VerifyBgpRouteMaps', '', 'expected `inbound_route_map` or `outbound_route_map`'),
  ...rowsOf('VerifyBGPPeerRouteLimit', {
    asked: { maximum_routes: 1000, warning_limit: 800 },
    good: { maxTotalRoutes: 1000, totalRoutesWarnLimit: 800 },
    bad: { maxTotalRoutes: 2000, totalRoutesWarnLimit: 900 },
    faults: [
      'Maximum routes mismatch - Expected: 1000 Actual: 2000',
      'Maximum routes warning limit mismatch - Expected: 800 Actual: 900',
    ],
    untold: [
      'Maximum routes mismatch - Expected: 1000 Actual: Not Found',
      'Maximum routes warning limit mismatch - Expected: 800 Actual: 0',
    ],
  }),
  {
    check: 'VerifyBGPPeerRouteLimit',
    name: 'a warning limit of 0 is judged, one that is not given is not',
    inputs: {
      bgp_peers: [
        { peer_address: '192.0.2.1', maximum_routes: 0, warning_limit: 0 },
        { peer_address: '192.0.2.1', maximum_routes: 0 },
      ],
    },
    outputs: [
      { vrfs: { default: { peerList: [{ peerAddress: '192.0.2.1', maxTotalRoutes: 0, totalRoutesWarnLimit: 5 }] } } },
    ],
    result: 'failure',
    messages: ['Peer: 192.0.2.1 VRF: default - Maximum routes warning limit mismatch - Expected: 0 Actual: 5'],
  },
  refused('VerifyBGPPeerRouteLimit', '.maximum_routes', NEEDED),
  ...rowsOf('VerifyBGPPeerDropStats', {
    asked: { drop_stats: ['inDropAsloop', 'inDropOrigId', 'inDropNhLocal'] },
    good: { dropStats: { inDropAsloop: 0, inDropOrigId: 0, inDropNhLocal: 0, inDropNhAfV6: 9 } },
    bad: { dropStats: { inDropAsloop: 0, inDropOrigId: 2 } },
    faults: ['Non-zero NLRI drop statistics counter - inDropOrigId: 2'],
    untold: 'dropStats',
  }),
  {
    check: 'VerifyBGPPeerDropStats',
    name: 'all counters where none is asked',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }, { peer_address: '192.0.2.2', drop_stats: [] }] },
    outputs: [
      {
        vrfs: {
          default: {
            peerList: [
              { peerAddress: '192.0.2.1', dropStats: { inDropAsloop: 1, inDropOrigId: 0, inDropEnforceFirstAs: 3 } },
              { peerAddress: '192.0.2.2', dropStats: {} },
            ],
          },
        },
      },
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Non-zero NLRI drop statistics counter - inDropAsloop: 1',
      'Peer: 192.0.2.1 VRF: default - Non-zero NLRI drop statistics counter - inDropEnforceFirstAs: 3',
    ],
  },
  ...rowsOf('VerifyBGPPeerUpdateErrors', {
    asked: { update_errors: ['inUpdErrWithdraw', 'disabledAfiSafi'] },
    good: { peerInUpdateErrors: { inUpdErrWithdraw: 0, disabledAfiSafi: 'None', inUpdErrIgnore: 1 } },
    bad: { peerInUpdateErrors: { inUpdErrWithdraw: 1, disabledAfiSafi: 'ipv6Unicast' } },
    faults: [
      'Non-zero update error counter - inUpdErrWithdraw: 1',
      'Non-zero update error counter - disabledAfiSafi: ipv6Unicast',
    ],
    untold: [
      'Non-zero update error counter - inUpdErrWithdraw: Not Found',
      'Non-zero update error counter - disabledAfiSafi: Not Found',
    ],
  }),
  {
    check: 'VerifyBGPPeerUpdateErrors',
    name: 'all counters where none is asked',
    inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    outputs: [
      {
        vrfs: {
          default: {
            peerList: [
              {
                peerAddress: '192.0.2.1',
                peerInUpdateErrors: { inUpdErrIgnore: 2, disabledAfiSafi: 'None', lastUpdErrTime: 0 },
              },
            ],
          },
        },
      },
    ],
    result: 'failure',
    messages: ['Peer: 192.0.2.1 VRF: default - Non-zero update error counter - inUpdErrIgnore: 2'],
  },
]
