import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { errs, fails, moreOf, passes, type Row, rowsOf } from './rows-of.ts'

/** What most checks of peers ask. */
export const NEIGHBORS = 'show bgp neighbors vrf all'

/** What the checks for the routing model `ribd` ask. */
export const IP_NEIGHBORS = 'show ip bgp neighbors vrf all'

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
function attributesOf(check: string, { asked, good, bad, faults, untold, command = NEIGHBORS }: Attributes) {
  const peers = (...keys: JsonObject[]) => ({ bgp_peers: keys.map((key) => ({ ...key, ...asked })) })
  const told = (...peerList: JsonObject[]) => [{ vrfs: { default: { peerList } } }]
  const [first, second] = [{ peer_address: '192.0.2.1' }, { interface: 'Ethernet2' }]
  const nothing = told({ ifName: 'Ethernet2' })
  return rowsOf(check, { command, inputs: peers(first) }, [
    passes(
      'as asked',
      told({ peerAddress: '192.0.2.1', ...good }, { ifName: 'Ethernet2', ...good }),
      peers(first, second),
    ),
    fails(
      'otherwise, and no peer',
      told({ peerAddress: '192.0.2.1', ...bad }),
      [
        ...faults.map((fault) => `Peer: 192.0.2.1 VRF: default - ${fault}`),
        'Peer: 2001:db8::3 VRF: default - Not found',
        'Peer: 192.0.2.1 VRF: RED - Not found',
      ],
      peers(first, { peer_address: '2001:db8::3' }, { ...first, vrf: 'RED' }),
    ),
    typeof untold === 'string'
      ? errs('untold', nothing, `\`${command}\` does not tell vrfs.default.peerList.0.${untold}`, peers(second))
      : fails(
          'untold',
          nothing,
          untold.map((fault) => `Interface: Ethernet2 VRF: default - ${fault}`),
          peers(second),
        ),
    fails('empty', {}, 'Peer: 192.0.2.1 VRF: default - Not found'),
  ])
}

const refused = (check: string, at: string, message: string) =>
  moreOf(check, [
    errs(
      'what it cannot do without is not given',
      [],
      `the check \`${check}\` does not accept its inputs at bgp_peers.0${at}: ${message}`,
      { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    ),
  ])
const NEEDED = 'Invalid input: expected nonoptional, received undefined'

/** What the checks of single attributes of peers must say. */
export const attributeRows: readonly Row[] = [
  ...attributesOf('VerifyBGPTimers', {
    asked: { hold_time: 90, keep_alive_time: 30 },
    good: { holdTime: 90, keepaliveTime: 30 },
    bad: { holdTime: 180, keepaliveTime: 60 },
    faults: ['Hold time mismatch - Expected: 90 Actual: 180', 'Keepalive time mismatch - Expected: 30 Actual: 60'],
    untold: 'holdTime',
  }),
  ...refused('VerifyBGPTimers', '.hold_time', NEEDED),
  ...attributesOf('VerifyBGPPeerTtlMultiHops', {
    asked: { ttl: 1, max_ttl_hops: 3 },
    good: { ttl: 1, maxTtlHops: 3 },
    bad: { ttl: 255, maxTtlHops: 4 },
    faults: ['TTL mismatch - Expected: 1 Actual: 255', 'Max TTL Hops mismatch - Expected: 3 Actual: 4'],
    untold: ['TTL mismatch - Expected: 1 Actual: None', 'Max TTL Hops mismatch - Expected: 3 Actual: None'],
    command: IP_NEIGHBORS,
  }),
  ...refused('VerifyBGPPeerTtlMultiHops', '.ttl', NEEDED),
  ...attributesOf('VerifyBGPPeerGroup', {
    asked: { peer_group: 'SPINES' },
    good: { peerGroupName: 'SPINES' },
    bad: { peerGroupName: 'LEAVES' },
    faults: ['Incorrect peer group configured - Expected: SPINES Actual: LEAVES'],
    untold: ['Incorrect peer group configured - Expected: SPINES Actual: Not Found'],
  }),
  ...refused('VerifyBGPPeerGroup', '.peer_group', NEEDED),
  ...attributesOf('VerifyBgpRouteMaps', {
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
  ...moreOf('VerifyBgpRouteMaps', [
    fails(
      'only one direction is asked',
      {
        vrfs: { default: { peerList: [{ peerAddress: '192.0.2.1', routeMapInbound: 'X', routeMapOutbound: 'Y' }] } },
      },
      'Peer: 192.0.2.1 VRF: default - Outbound route-map mismatch - Expected: RM-OUT Actual: Y',
      { bgp_peers: [{ peer_address: '192.0.2.1', outbound_route_map: 'RM-OUT' }] },
    ),
  ]),
  ...refused('VerifyBgpRouteMaps', '', 'expected `inbound_route_map` or `outbound_route_map`'),
  ...attributesOf('VerifyBGPPeerRouteLimit', {
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
  ...moreOf('VerifyBGPPeerRouteLimit', [
    fails(
      'a warning limit of 0 is judged, one that is not given is not',
      { vrfs: { default: { peerList: [{ peerAddress: '192.0.2.1', maxTotalRoutes: 0, totalRoutesWarnLimit: 5 }] } } },
      'Peer: 192.0.2.1 VRF: default - Maximum routes warning limit mismatch - Expected: 0 Actual: 5',
      {
        bgp_peers: [
          { peer_address: '192.0.2.1', maximum_routes: 0, warning_limit: 0 },
          { peer_address: '192.0.2.1', maximum_routes: 0 },
        ],
      },
    ),
  ]),
  ...refused('VerifyBGPPeerRouteLimit', '.maximum_routes', NEEDED),
  ...attributesOf('VerifyBGPPeerDropStats', {
    asked: { drop_stats: ['inDropAsloop', 'inDropOrigId', 'inDropNhLocal'] },
    good: { dropStats: { inDropAsloop: 0, inDropOrigId: 0, inDropNhLocal: 0, inDropNhAfV6: 9 } },
    bad: { dropStats: { inDropAsloop: 0, inDropOrigId: 2 } },
    faults: ['Non-zero NLRI drop statistics counter - inDropOrigId: 2'],
    untold: 'dropStats',
  }),
  ...moreOf('VerifyBGPPeerDropStats', [
    fails(
      'all counters where none is asked',
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
      `
        Peer: 192.0.2.1 VRF: default - Non-zero NLRI drop statistics counter - inDropAsloop: 1
        Peer: 192.0.2.1 VRF: default - Non-zero NLRI drop statistics counter - inDropEnforceFirstAs: 3
      `,
      { bgp_peers: [{ peer_address: '192.0.2.1' }, { peer_address: '192.0.2.2', drop_stats: [] }] },
    ),
  ]),
  ...attributesOf('VerifyBGPPeerUpdateErrors', {
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
  ...moreOf('VerifyBGPPeerUpdateErrors', [
    fails(
      'all counters where none is asked',
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
      'Peer: 192.0.2.1 VRF: default - Non-zero update error counter - inUpdErrIgnore: 2',
      { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    ),
  ]),
]

const yes = { advertised: true, received: true, enabled: true }
const half = { advertised: true, received: false, enabled: false }

const neighbors = (...peerList: JsonObject[]) => ({ vrfs: { default: { peerList } } })
const able = (peerAddress: string, neighborCapabilities: JsonObject) => ({
  peerAddress,
  neighborCapabilities,
})
const peer = (last: number, more: JsonObject = {}) => ({ peer_address: `192.0.2.${last}`, ...more })

const multiprotocol: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPPeerMPCaps',
    { command: NEIGHBORS, inputs: { bgp_peers: [peer(1, { capabilities: ['ipv4Unicast'] })] } },
    [
      passes(
        'capabilities in the words of the configuration, and exactly those in another order',
        neighbors(
          able('192.0.2.1', {
            multiprotocolCaps: { ipv4MplsLabels: yes, dps: yes, ipv4FlowSpecVpn: yes, ipv4Unicast: half },
          }),
          able('192.0.2.2', { multiprotocolCaps: { ipv6MplsVpn: yes, rtMembership: yes } }),
        ),
        {
          bgp_peers: [
            peer(1, { capabilities: ['ipv4 labeled-Unicast', 'Dynamic path_selection', 'IPv4-Flow_Spec Vpn'] }),
            peer(2, { capabilities: ['rt-membership', 'ipv6 MPLS vpn'], strict: true }),
          ],
        },
      ),
      fails(
        'one missing, one not negotiated, others than asked, none at all, no peer',
        neighbors(
          able('192.0.2.1', { multiprotocolCaps: { ipv4Unicast: half } }),
          able('192.0.2.2', { multiprotocolCaps: { ipv4Unicast: half, linkState: yes } }),
          able('192.0.2.3', { multiprotocolCaps: { ipv4Unicast: half } }),
          able('192.0.2.4', { multiprotocolCaps: {} }),
        ),
        `
          Peer: 192.0.2.1 VRF: default - l2VpnEvpn not found
          Peer: 192.0.2.1 VRF: default - ipv4Unicast not negotiated - Advertised: True, Received: False, Enabled: False
          Peer: 192.0.2.2 VRF: default - Mismatch - Expected: ipv4Unicast Actual: ipv4Unicast, linkState
          Peer: 192.0.2.3 VRF: default - ipv4Unicast not negotiated - Advertised: True, Received: False, Enabled: False
          Peer: 192.0.2.4 VRF: default - ipv4Unicast not found
          Peer: 192.0.2.5 VRF: default - Not found
        `,
        {
          bgp_peers: [
            peer(1, { capabilities: ['l2VpnEvpn', 'ipv4Unicast'] }),
            peer(2, { capabilities: ['ipv4Unicast'], strict: true }),
            peer(3, { capabilities: ['ipv4Unicast'], strict: true }),
            peer(4, { capabilities: ['ipv4Unicast'] }),
            peer(5, { capabilities: ['ipv4Unicast'] }),
          ],
        },
      ),
      fails('empty', {}, 'Peer: 192.0.2.1 VRF: default - Not found'),
    ],
  ),
]

const one = (check: string, key: string, words: string) => [
  ...rowsOf(check, { command: NEIGHBORS, inputs: { bgp_peers: [peer(1)] } }, [
    passes('negotiated', neighbors(able('192.0.2.1', { [key]: yes }))),
    fails(
      'half, not at all, nothing told, no peer',
      neighbors(able('192.0.2.1', { [key]: half }), able('192.0.2.2', {}), { peerAddress: '192.0.2.3' }),
      `
        Peer: 192.0.2.1 VRF: default - ${words} not negotiated - Advertised: True, Received: False, Enabled: False
        Peer: 192.0.2.2 VRF: default - ${words} not found
        Peer: 192.0.2.3 VRF: default - ${words} not found
        Peer: 192.0.2.4 VRF: default - Not found
      `,
      { bgp_peers: [peer(1), peer(2), peer(3), peer(4)] },
    ),
    fails('empty', {}, 'Peer: 192.0.2.1 VRF: default - Not found'),
  ]),
]

const communities: readonly Row[] = [
  ...rowsOf('VerifyBGPAdvCommunities', { command: NEIGHBORS, inputs: { bgp_peers: [peer(1)] } }, [
    passes(
      'all kinds, and only those that are asked',
      neighbors(
        { peerAddress: '192.0.2.1', advertisedCommunities: { standard: true, extended: true, large: true } },
        { peerAddress: '192.0.2.2', advertisedCommunities: { standard: false, large: true } },
      ),
      { bgp_peers: [peer(1), peer(2, { advertised_communities: ['large'] })] },
    ),
    fails(
      'one kind missing, nothing told, no peer',
      {
        vrfs: {
          default: {
            peerList: [
              { peerAddress: '192.0.2.1', advertisedCommunities: { standard: true, extended: true, large: false } },
              { peerAddress: '192.0.2.2', advertisedCommunities: { standard: true } },
              { peerAddress: '192.0.2.3', advertisedCommunities: { standard: true, extended: true, large: true } },
            ],
          },
        },
      },
      `
        Peer: 192.0.2.1 VRF: default - Standard: True, Extended: True, Large: False
        Peer: 192.0.2.2 VRF: default - Standard: True
        Peer: 192.0.2.4 VRF: default - Not found
      `,
      { bgp_peers: [peer(1), peer(2, { advertised_communities: ['extended'] }), peer(3), peer(4)] },
    ),
    fails('empty', {}, 'Peer: 192.0.2.1 VRF: default - Not found'),
  ]),
]

const nlri = (nlrisReceived: number, nlrisAccepted: number) => ({
  afiSafiState: 'negotiated',
  nlrisReceived,
  nlrisAccepted,
})

const acceptance: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPNlriAcceptance',
    {
      command: 'show bgp summary vrf all',
      inputs: {
        bgp_peers: [peer(1, { capabilities: ['ipv4Unicast'] })],
      },
    },
    [
      passes(
        'a peer by its address, and one by its interface',
        [
          {
            vrfs: {
              default: {
                peers: {
                  '192.0.2.1': {
                    peerAsn: '65001',
                    ipv4Unicast: nlri(4, 4),
                    l2VpnEvpn: nlri(0, 0),
                    ipv4MplsVpn: nlri(2, 1),
                  },
                  'fe80::2%Et2': { ipv6Unicast: nlri(1, 1) },
                },
              },
            },
          },
          neighbors({ peerAddress: 'fe80::2%Et2', ifName: 'Ethernet2' }),
        ],
        {
          bgp_peers: [
            peer(1, { capabilities: ['ipv4 unicast', 'l2vpn-evpn'] }),
            { interface: 'eth2', capabilities: ['ipv6Unicast'] },
          ],
        },
      ),
      fails(
        'filtered, untold, not negotiated, not there, no peer by address, by interface and by VRF',
        [
          {
            vrfs: {
              default: {
                peers: {
                  '192.0.2.1': {
                    ipv4Unicast: nlri(4, 3),
                    ipv6Unicast: { afiSafiState: 'negotiated' },
                    l2VpnEvpn: { afiSafiState: 'advertised', nlrisReceived: 0, nlrisAccepted: 0 },
                  },
                },
              },
            },
          },
          neighbors({ peerAddress: 'fe80::2%Et2', ifName: 'Ethernet3' }),
        ],
        `
          Peer: 192.0.2.1 VRF: default AFI/SAFI: ipv4Unicast - Some NLRI were filtered or rejected - Accepted: 3 Received: 4
          Peer: 192.0.2.1 VRF: default - l2VpnEvpn not negotiated
          Peer: 192.0.2.1 VRF: default - linkState not found
          Peer: 192.0.2.2 VRF: default - Not found
          Interface: Ethernet2 VRF: default - Not found
          Peer: 192.0.2.1 VRF: RED - Not found
        `,
        {
          bgp_peers: [
            peer(1, { capabilities: ['ipv4Unicast', 'ipv6Unicast', 'l2VpnEvpn', 'linkState'] }),
            peer(2, { capabilities: ['ipv4Unicast'] }),
            { interface: 'Ethernet2', capabilities: ['ipv6Unicast'] },
            peer(1, { vrf: 'RED', capabilities: ['ipv4Unicast'] }),
          ],
        },
      ),
      errs('empty', {}, '`show bgp neighbors vrf all` was not answered'),
    ],
  ),
]

/** What the checks of capabilities, communities and accepted NLRI must say. */
export const capabilityRows: readonly Row[] = [
  ...multiprotocol,
  ...one('VerifyBGPPeerASNCap', 'fourOctetAsnCap', '4-octet ASN capability'),
  ...one('VerifyBGPPeerRouteRefreshCap', 'routeRefreshCap', 'Route refresh capability'),
  ...communities,
  ...acceptance,
]

const empty = { inputQueueLength: 0, outputQueueLength: 0 }
const yesFamilies = { advertised: true, received: true, enabled: true }
const no = { advertised: true, received: false, enabled: false }

const up = (peerAddress: string, multiprotocolCaps: JsonObject) => ({
  peerAddress,
  state: 'Established',
  establishedTime: 600,
  neighborCapabilities: { multiprotocolCaps },
  peerTcpInfo: empty,
})
const down = (peerAddress: string, multiprotocolCaps: JsonObject) => ({
  peerAddress,
  state: 'Active',
  neighborCapabilities: { multiprotocolCaps },
})
const vrfs = (peerList: readonly Json[], red: readonly Json[] = []) => ({
  vrfs: { default: { peerList: [...peerList] }, RED: { peerList: [...red] } },
})

const unicast = { afi: 'ipv4', safi: 'unicast' }

const summary = {
  vrfs: {
    default: {
      vrf: 'default',
      peers: {
        '192.0.2.1': { peerState: 'Established', l2VpnEvpn: { afiSafiState: 'negotiated' } },
        '192.0.2.2': { peerState: 'Active', l2VpnEvpn: { afiSafiState: 'configured' } },
        '192.0.2.3': {
          peerState: 'Established',
          l2VpnEvpn: { afiSafiState: 'advertised' },
          ipv6MplsLabels: { afiSafiState: 'negotiated' },
        },
      },
    },
    RED: { peers: {} },
  },
}

const count: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPPeerCount',
    { command: 'show bgp summary vrf all', inputs: { address_families: [{ afi: 'evpn', num_peers: 1 }] } },
    [
      passes('any peer of the family counts, and only established and negotiated ones where that is asked', summary, {
        address_families: [
          { afi: 'evpn', num_peers: 3 },
          { afi: 'evpn', num_peers: '1', check_peer_state: true },
          { afi: 'ipv6', safi: 'labeled-unicast', num_peers: 1 },
        ],
      }),
      fails(
        'too few, too many, none, and no such VRF',
        summary,
        `
          AFI: evpn - Peer count mismatch - Expected: 4 Actual: 3
          AFI: evpn - Peer count mismatch - Expected: 2 Actual: 1
          AFI: ipv4 SAFI: unicast VRF: RED - Peer count mismatch - Expected: 1 Actual: 0
          AFI: ipv4 SAFI: unicast VRF: BLUE - VRF not configured
          AFI: rt-membership - Peer count mismatch - Expected: 1 Actual: 0
        `,
        {
          address_families: [
            { afi: 'evpn', num_peers: 4 },
            { afi: 'evpn', num_peers: 2, check_peer_state: true },
            { ...unicast, vrf: 'RED', num_peers: 1 },
            { ...unicast, vrf: 'BLUE', num_peers: 1 },
            { afi: 'rt-membership', num_peers: 1 },
          ],
        },
      ),
      errs(
        'the number of peers is not given',
        summary,
        'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0.num_peers: Invalid input: expected nonoptional, received undefined',
        { address_families: [{ afi: 'evpn' }] },
      ),
      errs(
        'IPv4 without a SAFI',
        summary,
        'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0: `safi` belongs to the families `ipv4` and `ipv6`, which need one',
        { address_families: [{ afi: 'ipv4', num_peers: 1 }] },
      ),
      errs(
        'EVPN of a VRF',
        summary,
        'the check `VerifyBGPPeerCount` does not accept its inputs at address_families.0: `vrf` must be `default` with any family but `ipv4` and `ipv6`',
        { address_families: [{ afi: 'evpn', vrf: 'RED', num_peers: 1 }] },
      ),
      fails('empty', {}, 'AFI: evpn - VRF not configured'),
    ],
  ),
]

const health: readonly Row[] = [
  ...rowsOf('VerifyBGPPeersHealth', { command: NEIGHBORS, inputs: { address_families: [{ afi: 'evpn' }] } }, [
    passes(
      'peers that do not have the family are not looked at',
      vrfs(
        [up('192.0.2.1', { l2VpnEvpn: yesFamilies }), down('192.0.2.2', { ipv4Unicast: no })],
        [up('192.0.2.3', { ipv4Unicast: yesFamilies })],
      ),
      { minimum_established_time: 600, address_families: [{ afi: 'evpn' }, { ...unicast, vrf: 'RED' }] },
    ),
    fails(
      'a session that is down may have the family where it does not tell',
      vrfs([up('192.0.2.1', { l2VpnEvpn: yesFamilies }), { peerAddress: '192.0.2.2', state: 'Idle' }]),
      'AFI: evpn Peer: 192.0.2.2 - Incorrect session state - Expected: Established Actual: Idle',
    ),
    fails(
      'waiting messages, and queues that are not looked at',
      vrfs([
        {
          ...up('192.0.2.1', { l2VpnEvpn: yesFamilies, ipv4MplsVpn: yesFamilies }),
          peerTcpInfo: { inputQueueLength: 0, outputQueueLength: 7 },
        },
        { ...up('192.0.2.2', { l2VpnEvpn: yesFamilies }), peerTcpInfo: null },
      ]),
      `
        AFI: evpn Peer: 192.0.2.1 - Session has non-empty message queues - InQ: 0 OutQ: 7
        AFI: evpn Peer: 192.0.2.2 - Session message queues not found
      `,
      { address_families: [{ afi: 'evpn' }, { afi: 'vpn-ipv4', check_tcp_queues: false }] },
    ),
    fails(
      'a session that is down, one that is too young, a family that is not negotiated, none, no such VRF',
      vrfs(
        [down('192.0.2.1', { ipv4Unicast: no })],
        [
          up('192.0.2.2', { ipv4Unicast: yesFamilies }),
          {
            peerAddress: '192.0.2.9',
            ifName: 'Ethernet9',
            state: 'Established',
            establishedTime: 900,
            neighborCapabilities: { multiprotocolCaps: { ipv4Unicast: {} } },
            peerTcpInfo: empty,
          },
        ],
      ),
      `
        AFI: ipv4 SAFI: unicast VRF: default Peer: 192.0.2.1 - Incorrect session state - Expected: Established Actual: Active
        AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.2 - BGP session not established for the minimum required duration - Expected: 601s Actual: 600s
        AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.9 - AFI/SAFI state is not negotiated
        AFI: link-state - No peers found
        AFI: ipv6 SAFI: sr-te VRF: BLUE - VRF not configured
      `,
      {
        minimum_established_time: 601,
        address_families: [
          { ...unicast },
          { ...unicast, vrf: 'RED' },
          { afi: 'link-state' },
          { afi: 'ipv6', safi: 'sr-te', vrf: 'BLUE' },
        ],
      },
    ),
    fails('empty', {}, 'AFI: evpn - VRF not configured'),
  ]),
]

const specific: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPSpecificPeers',
    { command: NEIGHBORS, inputs: { address_families: [{ afi: 'evpn', peers: ['192.0.2.1'] }] } },
    [
      passes(
        'an IPv6 peer in another notation, and queues that are not looked at',
        vrfs(
          [
            {
              ...up('192.0.2.1', { l2VpnEvpn: yesFamilies }),
              peerTcpInfo: { inputQueueLength: 3, outputQueueLength: 0 },
            },
          ],
          [up('2001:db8::1', { ipv6Unicast: yesFamilies })],
        ),
        {
          address_families: [
            { afi: 'ipv6', safi: 'unicast', vrf: 'RED', peers: ['2001:DB8:0:0::1'] },
            { afi: 'evpn', peers: ['192.0.2.1'], check_tcp_queues: false },
          ],
        },
      ),
      fails(
        'a peer that is missing, one that is down, one without the family, one too young, no such VRF',
        vrfs(
          [down('192.0.2.1', { l2VpnEvpn: yesFamilies }), up('192.0.2.2', { ipv4Unicast: yesFamilies })],
          [
            {
              peerAddress: '192.0.2.3',
              state: 'Established',
              establishedTime: 59,
              neighborCapabilities: { multiprotocolCaps: { ipv4Unicast: yesFamilies } },
              peerTcpInfo: empty,
            },
          ],
        ),
        `
          AFI: evpn Peer: 192.0.2.9 - Not configured
          AFI: evpn Peer: 192.0.2.1 - Incorrect session state - Expected: Established Actual: Active
          AFI: evpn Peer: 192.0.2.2 - AFI/SAFI state is not negotiated
          AFI: ipv4 SAFI: unicast VRF: RED Peer: 192.0.2.3 - BGP session not established for the minimum required duration - Expected: 60s Actual: 59s
          AFI: ipv4 SAFI: unicast VRF: BLUE - VRF not configured
        `,
        {
          minimum_established_time: 60,
          address_families: [
            { afi: 'evpn', peers: ['192.0.2.9', '192.0.2.1', '192.0.2.2'] },
            { ...unicast, vrf: 'RED', peers: ['192.0.2.3'] },
            { ...unicast, vrf: 'BLUE', peers: ['192.0.2.4'] },
          ],
        },
      ),
      fails(
        'families that are not told: of a peer that is up a fault, of one that is down no second one',
        vrfs([
          { peerAddress: '192.0.2.1', state: 'Established', peerTcpInfo: empty },
          { peerAddress: '192.0.2.2', state: 'Active', neighborCapabilities: null },
        ]),
        `
          AFI: evpn Peer: 192.0.2.1 - AFI/SAFI state is not negotiated
          AFI: evpn Peer: 192.0.2.2 - Incorrect session state - Expected: Established Actual: Active
        `,
        { address_families: [{ afi: 'evpn', peers: ['192.0.2.1', '192.0.2.2'] }] },
      ),
      fails('empty', {}, 'AFI: evpn - VRF not configured'),
    ],
  ),
]

/** What the checks of address families must say. */
export const familyRows: readonly Row[] = [...count, ...health, ...specific]

const redistributing = (vrf: string, afi_safi: string, ...redistributed_routes: JsonObject[]) => ({
  vrfs: [{ vrf, address_families: [{ afi_safi, redistributed_routes }] }],
})
const instance = (afiSafiConfig: JsonObject) => ({ vrfs: { default: { afiSafiConfig } } })

/** What the check of redistribution must say. */
export const redistributionRows: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPRedistribution',
    { command: 'show bgp instance vrf all', inputs: redistributing('default', 'v4u', { proto: 'Static' }) },
    [
      passes(
        'a route map that is not asked is not judged, and User is EOS SDK',
        instance({
          v6u: {
            redistributedRoutes: [{ proto: 'EOS SDK' }, { proto: 'Static', routeMap: 'RM' }],
          },
        }),
        redistributing('default', 'IPv6-unicast', { proto: 'Static' }, { proto: 'User' }),
      ),
      fails(
        'leaked routes and route map otherwise, and no such protocol',
        instance({
          v4u: {
            redistributedRoutes: [{ proto: 'Connected' }, { proto: 'Static', includeLeaked: true, routeMap: 'RM' }],
          },
        }),
        `
          VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Connected, Include Leaked: True, Route Map: RM-CONNECTED - Include leaked mismatch - Actual: False
          VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Connected, Include Leaked: True, Route Map: RM-CONNECTED - Route map mismatch - Actual: Not Found
          VRF: default, AFI-SAFI: IPv4 Unicast, Proto: Static - Include leaked mismatch - Actual: True
          VRF: default, AFI-SAFI: IPv4 Unicast, Proto: RIP - Not configured
        `,
        redistributing(
          'default',
          'v4u',
          { proto: 'Connected', include_leaked: true, route_map: 'RM-CONNECTED' },
          { proto: 'Static' },
          { proto: 'RIP', route_map: 'RM-RIP' },
        ),
      ),
      fails(
        'another family',
        instance({ v4u: { redistributedRoutes: [{ proto: 'Static' }] } }),
        'VRF: default, AFI-SAFI: IPv4 Multicast - Not redistributed',
        redistributing('default', 'ipv4 multicast', { proto: 'Static' }),
      ),
      fails(
        'no such VRF',
        instance({ v4u: { redistributedRoutes: [{ proto: 'Static' }] } }),
        'VRF: RED - Not configured',
        redistributing('RED', 'v4u', { proto: 'Static' }),
      ),
      fails('empty', {}, 'VRF: default - Not configured'),
    ],
  ),
]

const table = (bgpRouteEntries: JsonObject) => ({ vrfs: { default: { bgpRouteEntries } } })
const path = (routeType: JsonObject, nextHop = '192.0.2.1') => ({ nextHop, routeType })
const paths = (...bgpRoutePaths: JsonObject[]) => ({ bgpRoutePaths })

const used = path({ valid: true, active: true })
const unused = path({ valid: true, active: false })
const invalid = path({ valid: false, active: false })

const peerRoutes = {
  peer_address: '192.0.2.1',
  advertised_routes: ['198.51.100.0/24', '2001:DB8:0::/48'],
  received_routes: ['203.0.113.0/24'],
}

const exchanged: readonly Row[] = [
  ...rowsOf(
    'VerifyBGPExchangedRoutes',
    { command: 'show bgp neighbors 192.0.2.1 advertised-routes vrf default', inputs: { bgp_peers: [peerRoutes] } },
    [
      passes('the first of several paths counts, and IPv6 prefixes may be written long', [
        table({ '198.51.100.0/24': paths(used), '2001:db8::/48': paths(used) }),
        table({ '203.0.113.0/24': paths(used, unused) }),
      ]),
      fails(
        'valid is enough where that is asked',
        [
          table({ '198.51.100.0/24': paths(unused), '2001:db8::/48': paths(used) }),
          table({ '203.0.113.0/24': paths(invalid), '192.0.2.128/32': paths(unused) }),
        ],
        'Peer: 192.0.2.1 VRF: default Received route: 203.0.113.0/24 - Valid: False',
        { check_active: false, bgp_peers: [{ ...peerRoutes, received_routes: ['203.0.113.0/24', '192.0.2.128'] }] },
      ),
      fails(
        'inactive first, not valid, not there, and no such VRF',
        [
          table({ '198.51.100.0/24': paths(unused, used) }),
          table({}),
          table({ '203.0.113.0/24': paths(invalid) }),
          table({ '203.0.113.0/24': paths(used) }),
        ],
        `
          Peer: 192.0.2.1 VRF: default Advertised route: 198.51.100.0/24 - Valid: True Active: False
          Peer: 192.0.2.1 VRF: default Advertised route: 2001:db8::/48 - Not found
          Peer: 192.0.2.1 VRF: default Received route: 203.0.113.0/24 - Valid: False Active: False
          Peer: fe80::2%Et2 (spine2) VRF: RED Received route: 203.0.113.0/24 - Not found
        `,
        {
          bgp_peers: [
            peerRoutes,
            { peer_address: 'fe80::2%Et2', vrf: 'RED', description: 'spine2', received_routes: ['203.0.113.0/24'] },
          ],
        },
      ),
      errs(
        'a route without paths',
        [table({ '198.51.100.0/24': paths() }), table({})],
        '`show bgp neighbors 192.0.2.1 advertised-routes vrf default` does not tell vrfs.default.bgpRouteEntries.198.51.100.0/24.bgpRoutePaths.0',
        { bgp_peers: [{ peer_address: '192.0.2.1', advertised_routes: ['198.51.100.0/24'] }] },
      ),
      errs(
        'a path without flags',
        [table({ '198.51.100.0/24': paths(path({})) }), table({})],
        '`show bgp neighbors 192.0.2.1 advertised-routes vrf default` does not tell vrfs.default.bgpRouteEntries.198.51.100.0/24.bgpRoutePaths.0.routeType.active',
        { bgp_peers: [{ peer_address: '192.0.2.1', advertised_routes: ['198.51.100.0/24'] }] },
      ),
      errs(
        'a peer without routes',
        [],
        'the check `VerifyBGPExchangedRoutes` does not accept its inputs at bgp_peers.0: expected `advertised_routes` or `received_routes`',
        { bgp_peers: [{ peer_address: '192.0.2.1' }] },
      ),
      errs('empty', {}, '`show bgp neighbors 192.0.2.1 routes vrf default` was not answered'),
    ],
  ),
]

const endpoints = {
  vxlan_endpoints: [
    { address: '192.0.2.7', vni: 10010 },
    { address: '0050.56AB.cdef', vni: '10020' },
    { address: '00-50-56-00-00-01', vni: 10030 },
  ],
}
const evpn = (...routes: (readonly JsonObject[])[]) => ({
  evpnRoutes: Object.fromEntries(
    routes.map((evpnRoutePaths, index) => [`RD: ${index}`, { evpnRoutePaths: [...evpnRoutePaths] }]),
  ),
})

const type2: readonly Row[] = [
  ...moreOf('VerifyEVPNType2Route', [
    passes('one path of one route is enough', [evpn([used]), evpn([unused, used]), evpn([invalid], [used])], endpoints),
    fails(
      'not there, active but not valid, without paths',
      [evpn(), evpn([path({ active: true, valid: false })], [unused]), evpn([])],
      `
        Address: 192.0.2.7 VNI: 10010 - No EVPN Type-2 route
        Address: 00:50:56:ab:cd:ef VNI: 10020 - No valid and active path
        Address: 00:50:56:00:00:01 VNI: 10030 - No valid and active path
      `,
      endpoints,
    ),
    errs('empty', {}, '`show bgp evpn route-type mac-ip 00:50:56:ab:cd:ef vni 10020` was not answered', endpoints),
    errs(
      'absent',
      evpn([used]),
      '`show bgp evpn route-type mac-ip 00:50:56:ab:cd:ef vni 10020` was not answered',
      endpoints,
    ),
  ]),
]

const wanted = { prefix: '198.51.100.0/24', paths: [{ nexthop: '192.0.2.1', origin: 'Igp' }] }

const routePaths: readonly Row[] = [
  ...rowsOf('VerifyBGPRoutePaths', { command: 'show ip bgp vrf all', inputs: { route_entries: [wanted] } }, [
    passes(
      'among other paths',
      table({ '198.51.100.0/24': paths(path({ origin: 'Egp' }, '192.0.2.2'), path({ origin: 'Igp' })) }),
    ),
    fails(
      'another origin, none told, no such path, no path at all, no such VRF',
      table({
        '198.51.100.0/24': paths(path({ origin: 'Incomplete' }), path({}, '192.0.2.2')),
        '203.0.113.0/24': paths(),
      }),
      `
        Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.1 Origin: Igp - Origin mismatch - Actual: Incomplete
        Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.2 Origin: Egp - Origin mismatch - Actual: None
        Prefix: 198.51.100.0/24 VRF: default Next-hop: 192.0.2.3 Origin: Igp - Path not found
        Prefix: 203.0.113.0/24 VRF: default Next-hop: 192.0.2.1 Origin: Igp - Path not found
        Prefix: 198.51.100.0/24 VRF: RED - Prefix not found
      `,
      {
        route_entries: [
          {
            prefix: '198.51.100.0/24',
            paths: [
              { nexthop: '192.0.2.1', origin: 'Igp' },
              { nexthop: '192.0.2.2', origin: 'Egp' },
              { nexthop: '192.0.2.3', origin: 'Igp' },
            ],
          },
          { ...wanted, prefix: '203.0.113.0/24' },
          { ...wanted, vrf: 'RED' },
        ],
      },
    ),
    fails('empty', {}, 'Prefix: 198.51.100.0/24 VRF: default - Prefix not found'),
  ]),
]

const head = { valid: true, active: true, ecmp: true, ecmpHead: true, ecmpContributor: true }
const contributor = { valid: true, active: false, ecmp: true, ecmpHead: false, ecmpContributor: true }
const shared = paths(
  path(head, '192.0.2.1'),
  path(contributor, '192.0.2.2'),
  path({ valid: true, ecmp: false, ecmpContributor: false }, '192.0.2.3'),
)
const installed = (prefix: string, count: number) => ({
  [prefix]: { vias: Array.from({ length: count }, (_, index) => ({ nexthopAddr: `192.0.2.${index + 1}` })) },
})
const rib = (routes: JsonObject) => ({ vrfs: { default: { routes } } })
const shares = (...prefixes: string[]) => ({
  route_entries: prefixes.map((prefix) => ({ prefix, ecmp_count: 2 })),
})

const ecmp: readonly Row[] = [
  ...rowsOf('VerifyBGPRouteECMP', { command: 'show ip bgp vrf all', inputs: shares('198.51.100.0/24') }, [
    passes('two paths, and two next hops', [
      table({ '198.51.100.0/24': shared }),
      rib(installed('198.51.100.0/24', 2)),
    ]),
    fails(
      'every way of not sharing',
      [
        table({
          '198.51.100.16/28': paths(path({ ...head, active: false }), path(contributor, '192.0.2.2')),
          '198.51.100.32/28': paths(path(head), path({ ...contributor, ecmpContributor: false }, '192.0.2.2')),
          '198.51.100.48/28': shared,
          '198.51.100.64/28': shared,
          '198.51.100.80/28': paths(),
        }),
        rib(installed('198.51.100.64/28', 1)),
      ],
      `
        Prefix: 198.51.100.0/28 VRF: default - Prefix not found in BGP table
        Prefix: 198.51.100.16/28 VRF: default - Valid and active ECMP head not found
        Prefix: 198.51.100.32/28 VRF: default - ECMP count mismatch - Expected: 2 Actual: 1
        Prefix: 198.51.100.48/28 VRF: default - Prefix not found in routing table
        Prefix: 198.51.100.64/28 VRF: default - Nexthops count mismatch - BGP: 2 RIB: 1
        Prefix: 198.51.100.80/28 VRF: default - Valid and active ECMP head not found
      `,
      shares(
        '198.51.100.0/28',
        '198.51.100.16/28',
        '198.51.100.32/28',
        '198.51.100.48/28',
        '198.51.100.64/28',
        '198.51.100.80/28',
      ),
    ),
    errs('empty', {}, '`show ip route vrf all bgp` was not answered'),
  ]),
]

/** What the checks of routes must say. */
export const routeRows: readonly Row[] = [...exchanged, ...type2, ...routePaths, ...ecmp]

const queues = (inputQueueLength: number, outputQueueLength: number) => ({
  inputQueueLength,
  outputQueueLength,
})
const vrfsSessions = (peerList: readonly Json[], red: readonly Json[] = []) => ({
  vrfs: { default: { peerList: [...peerList] }, RED: { peerList: [...red] } },
})

const good = { state: 'Established', establishedTime: 90, peerTcpInfo: queues(0, 0) }
const peers = {
  bgp_peers: [
    { peer_address: '192.0.2.1' },
    { peer_address: 'fe80::2%Et2', description: 'spine2' },
    { interface: 'et3', vrf: 'RED', description: 'spine3' },
  ],
}

const sessionsOf = (check: string, command: string) => [
  ...rowsOf(check, { command, inputs: peers }, [
    passes(
      'an IPv4 peer, a link-local one and one over an interface',
      vrfsSessions(
        [
          { ...good, peerAddress: '192.0.2.1' },
          { ...good, peerAddress: 'fe80::2%Et2' },
        ],
        [{ ...good, ifName: 'Ethernet3' }],
      ),
      { ...peers, minimum_established_time: 90 },
    ),
    fails(
      'an interface that the switch writes short is another one',
      vrfsSessions([], [{ ...good, ifName: 'et3' }]),
      'Interface: Ethernet3 VRF: RED - Not found',
      { bgp_peers: [{ interface: 'et3', vrf: 'RED' }] },
    ),
    fails(
      'queues that are not told',
      vrfsSessions([{ peerAddress: '192.0.2.1', state: 'Established' }]),
      'Peer: 192.0.2.1 VRF: default - Session message queues not found',
      { bgp_peers: [{ peer_address: '192.0.2.1' }] },
    ),
    passes('inputs that a catalog writes as null', vrfsSessions([{ ...good, peerAddress: '192.0.2.1' }]), {
      minimum_established_time: null,
      bgp_peers: [{ peer_address: '192.0.2.1', interface: null, description: null, drop_stats: null }],
    }),
    passes(
      'messages wait, and nobody asks',
      vrfsSessions([{ peerAddress: '192.0.2.1', state: 'Established', peerTcpInfo: queues(4, 5) }]),
      { bgp_peers: [{ peer_address: '192.0.2.1' }], check_tcp_queues: false },
    ),
    fails(
      'down, too young with messages that wait, and missing',
      vrfsSessions([
        { peerAddress: '192.0.2.1', state: 'Idle' },
        { ...good, peerAddress: 'fe80::2%Et2', peerTcpInfo: queues(4, 5) },
      ]),
      `
        Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Idle
        Peer: fe80::2%Et2 (spine2) VRF: default - BGP session not established for the minimum required duration - Expected: 91s Actual: 90s
        Peer: fe80::2%Et2 (spine2) VRF: default - Session has non-empty message queues - InQ: 4 OutQ: 5
        Interface: Ethernet3 (spine3) VRF: RED - Not found
      `,
      { ...peers, minimum_established_time: 91 },
    ),
    errs(
      'a VRF that is not told, and a peer of which nothing is told',
      vrfsSessions([{ peerAddress: '192.0.2.2' }]),
      `\`${command}\` does not tell vrfs.default.peerList.0.state`,
      { bgp_peers: [{ peer_address: '192.0.2.1', vrf: 'BLUE' }, { peer_address: '192.0.2.2' }] },
    ),
    errs(
      'a peer that nothing tells from others',
      vrfsSessions([]),
      `the check \`${check}\` does not accept its inputs at bgp_peers.0: expected either \`peer_address\` or \`interface\``,
      { bgp_peers: [{ vrf: 'RED' }] },
    ),
    fails(
      'empty',
      {},
      `
        Peer: 192.0.2.1 VRF: default - Not found
        Peer: fe80::2%Et2 (spine2) VRF: default - Not found
        Interface: Ethernet3 (spine3) VRF: RED - Not found
      `,
    ),
  ]),
]

const healthRibd: readonly Row[] = [
  ...rowsOf('VerifyBGPPeersHealthRibd', { command: IP_NEIGHBORS, empty: 'does not tell vrfs' }, [
    passes('queues are not told, and nobody asks', vrfsSessions([{ peerAddress: '192.0.2.1', state: 'Established' }]), {
      check_tcp_queues: false,
    }),
    fails(
      'queues are not told',
      vrfsSessions([
        { peerAddress: '192.0.2.1', state: 'Established' },
        { peerAddress: '192.0.2.2', state: 'Idle' },
      ]),
      `
        Peer: 192.0.2.1 VRF: default - Session message queues not found
        Peer: 192.0.2.2 VRF: default - Incorrect session state - Expected: Established Actual: Idle
      `,
    ),
    fails(
      'down, and messages wait',
      vrfsSessions(
        [{ peerAddress: '192.0.2.1', state: 'Active', peerTcpInfo: queues(0, 0) }],
        [{ ...good, peerAddress: '192.0.2.9', ifName: 'Ethernet4', peerTcpInfo: queues(1, 0) }],
      ),
      `
        Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Active
        Peer: 192.0.2.9 VRF: RED - Session has non-empty message queues - InQ: 1 OutQ: 0
      `,
    ),
    errs('no peer in any VRF', vrfsSessions([]), '`show ip bgp neighbors vrf all`: the answer has no peer'),
  ]),
]

const md5: readonly Row[] = [
  ...rowsOf('VerifyBGPPeerMD5Auth', { command: NEIGHBORS, inputs: { bgp_peers: [{ peer_address: '192.0.2.1' }] } }, [
    passes(
      'authenticated peers',
      vrfsSessions(
        [{ peerAddress: '192.0.2.1', state: 'Established', md5AuthEnabled: true }],
        [{ ifName: 'Ethernet3', state: 'Established', md5AuthEnabled: true }],
      ),
      { bgp_peers: [{ peer_address: '192.0.2.1' }, { interface: 'Ethernet3', vrf: 'RED' }] },
    ),
    fails(
      'down and open, open, missing',
      vrfsSessions([
        { peerAddress: '192.0.2.1', state: 'Connect', md5AuthEnabled: false },
        { peerAddress: '192.0.2.2', state: 'Established' },
      ]),
      `
        Peer: 192.0.2.1 VRF: default - Incorrect session state - Expected: Established Actual: Connect
        Peer: 192.0.2.1 VRF: default - Session does not have MD5 authentication enabled
        Peer: 192.0.2.2 VRF: default - Session does not have MD5 authentication enabled
        Interface: Ethernet3 VRF: default - Not found
      `,
      { bgp_peers: [{ peer_address: '192.0.2.1' }, { peer_address: '192.0.2.2' }, { interface: 'Ethernet3' }] },
    ),
    fails('empty', {}, 'Peer: 192.0.2.1 VRF: default - Not found'),
  ]),
]

/** What the checks of sessions must say. */
export const sessionRows: readonly Row[] = [
  ...sessionsOf('VerifyBGPPeerSession', NEIGHBORS),
  ...sessionsOf('VerifyBGPPeerSessionRibd', IP_NEIGHBORS),
  ...healthRibd,
  ...md5,
]

/** What the checks of `routing.bgp` must say. */
export const routingBgpChecks: readonly Row[] = [
  ...familyRows,
  ...sessionRows,
  ...capabilityRows,
  ...attributeRows,
  ...routeRows,
  ...redistributionRows,
]
