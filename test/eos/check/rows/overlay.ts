import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { errs, fails, passes, type Row, rowsOf, skips } from './rows-of.ts'

const check = 'VerifyEVPNType5Routes'

const path = (nextHop: string, routeType: JsonObject, ...extCommunities: string[]) => ({
  nextHop,
  routeType,
  routeDetail: { extCommunities },
})
const route = (rd: string, domain: string, ...evpnRoutePaths: JsonObject[]) => ({
  routeKeyDetail: { rd, domain },
  evpnRoutePaths,
})
const table = (...routes: JsonObject[]) => ({
  evpnRoutes: Object.fromEntries(routes.map((one, index) => [`RD: ${index}`, one])),
})

const used = { active: true, valid: true }
const unused = { active: false, valid: true }
const RD = '192.0.2.1:10'

const prefix = (...routes: JsonObject[]) => ({
  prefixes: [{ address: '198.51.100.0/24', vni: 10, routes }],
})

/** What the checks of `evpn` must say. */
export const evpnChecks: readonly Row[] = [
  ...rowsOf(check, { command: 'show bgp evpn route-type ip-prefix 198.51.100.0/24 vni 10', inputs: prefix() }, [
    passes(
      'any route is enough, of IPv4 and IPv6, of a network and of a host',
      [
        table(route(RD, 'local', path('192.0.2.1', unused)), route(RD, 'remote', path('192.0.2.2', used))),
        table(route(RD, 'local', path('', unused), path('', used))),
        table(route(RD, 'local', path('', used))),
      ],
      {
        prefixes: [
          { address: '198.51.100.0/24', vni: 10 },
          { address: '198.51.100.7', vni: 10, routes: [] },
          { address: '2001:DB8:0::7', vni: '20', routes: null },
        ],
      },
    ),
    fails(
      'a route of another domain, a local path, and route targets in another notation than the one of EOS',
      table(
        route(
          RD,
          'local',
          path('', used),
          path('192.0.2.9', used, 'Route-Target-AS:65636:10', 'Route-Target-AS:65001:7', 'Route-Target-IP:192.0.2.9:5'),
        ),
        route(RD, 'remote', path('192.0.2.9', used)),
      ),
      `
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 1.100:10, 65001:7 - Path not found
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 192.0.2.9:5 - Path not found
      `,
      prefix(
        { rd: RD, domain: 'remote', paths: null },
        {
          rd: RD,
          paths: [
            { nexthop: '', route_targets: null },
            { nexthop: '192.0.2.9', route_targets: ['1.100:10', '65001:7'] },
            { nexthop: '192.0.2.9', route_targets: ['192.0.2.9:5'] },
          ],
        },
      ),
    ),
    fails(
      'no route of the distinguisher, none of the domain, none in use',
      table(route(RD, 'local', path('192.0.2.1', unused)), route('192.0.2.2:10', 'remote', path('192.0.2.1', used))),
      `
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:11 - Route not found
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Domain: remote - Route not found
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 - No active and valid path found
      `,
      prefix({ rd: '192.0.2.1:11' }, { rd: RD, domain: 'remote' }, { rd: RD }),
    ),
    fails(
      'no path by the next hop, one without all route targets, one that is not in use',
      table(
        route(
          RD,
          'local',
          path('192.0.2.9', used, 'Route-Target-AS:10:10', 'TunnelEncap:tunnelTypeVxlan'),
          path('192.0.2.9', unused, 'Route-Target-AS:20:20'),
        ),
      ),
      `
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.8 - Path not found
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 10:10, 20:20 - Path not found
        Prefix: 198.51.100.0/24 VNI: 10 RD: 192.0.2.1:10 Nexthop: 192.0.2.9 RTs: 20:20 - No active and valid path found
      `,
      prefix({
        rd: RD,
        paths: [
          { nexthop: '192.0.2.8' },
          { nexthop: '192.0.2.9', route_targets: ['10:10', '20:20'] },
          { nexthop: '192.0.2.9', route_targets: ['20:20'] },
        ],
      }),
    ),
    fails(
      'no route, and none in use',
      [table(), table(route(RD, 'local', path('', unused)), route(RD, 'remote'))],
      `
        Prefix: 198.51.100.9/24 VNI: 10 - No EVPN Type-5 routes found
        Prefix: 2001:db8::/64 VNI: 20 - No active and valid path found across all RDs
      `,
      {
        prefixes: [
          { address: '198.51.100.9/24', vni: 10 },
          { address: '2001:db8::/64', vni: 20 },
        ],
      },
    ),
    fails('empty', {}, 'Prefix: 198.51.100.0/24 VNI: 10 - No EVPN Type-5 routes found'),
  ]),
]

const notConfigured = 'Interface: Vxlan1 - Not configured'

/** What `show interfaces` tells of Vxlan1. */
const interfaces = (vxlan1: Json) => ({ interfaces: { Vxlan1: vxlan1 } })

/** What the checks of `vxlan` must say. */
export const vxlanChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyVxlan1Interface',
    { command: 'show interfaces description', empty: 'answered in an unknown shape at interfaceDescriptions' },
    [
      passes('up', { interfaceDescriptions: { Vxlan1: { lineProtocolStatus: 'up', interfaceStatus: 'up' } } }),
      fails(
        'shut down',
        { interfaceDescriptions: { Vxlan1: { lineProtocolStatus: 'down', interfaceStatus: 'adminDown' } } },
        'Interface: Vxlan1 - Incorrect Line protocol status/Status - Expected: up/up Actual: down/adminDown',
      ),
      skips('no Vxlan1', { interfaceDescriptions: {} }, notConfigured),
    ],
  ),
  ...rowsOf('VerifyVxlanConfigSanity', { command: 'show vxlan config-sanity' }, [
    passes('sane', {
      categories: { localVtep: { allCheckPass: true }, mlag: { allCheckPass: true }, pd: { allCheckPass: true } },
    }),
    fails(
      'two categories, one of them untold',
      { categories: { localVtep: { allCheckPass: false }, pd: { allCheckPass: true }, mlag: {} } },
      `
        Vxlan Category: localVtep - Config sanity check is not passing
        Vxlan Category: mlag - Config sanity check is not passing
      `,
    ),
    skips('no VXLAN', { categories: {} }, 'VXLAN is not configured'),
    skips('empty', {}, 'VXLAN is not configured'),
  ]),
  ...rowsOf(
    'VerifyVxlanVniBinding',
    { command: 'show vxlan vni', inputs: { bindings: { '10010': 10, '5000': 'PROD', '5001': 1199 } } },
    [
      passes('to a VLAN, to a VRF, and to the VLAN of a VRF', {
        vxlanIntfs: {
          Vxlan1: {
            vniBindings: { '10010': { vlan: 10 } },
            vniBindingsToVrf: { '5000': { vrfName: 'PROD', vlan: 1198 }, '5001': { vrfName: 'DEV', vlan: 1199 } },
          },
        },
      }),
      fails(
        'to others, VLANs first',
        {
          vxlanIntfs: {
            Vxlan1: {
              vniBindings: { '10010': { vlan: 11 } },
              vniBindingsToVrf: { '5000': { vrfName: 'TEST', vlan: 1198 }, '5001': { vrfName: 'DEV', vlan: 1197 } },
            },
          },
        },
        `
          Interface: Vxlan1 VNI: 10010 - Wrong VLAN binding - Expected: 10 Actual: 11
          Interface: Vxlan1 VNI: 5000 - Wrong VRF binding - Expected: PROD Actual: TEST
          Interface: Vxlan1 VNI: 5001 - Wrong VLAN binding - Expected: 1199 Actual: 1197
        `,
      ),
      fails(
        'to nothing, and to a VLAN where a VRF is wanted',
        { vxlanIntfs: { Vxlan1: { vniBindings: { '5000': { vlan: 20 } }, vniBindingsToVrf: {} } } },
        `
          Interface: Vxlan1 VNI: 5001 - Binding not found
          Interface: Vxlan1 VNI: 10010 - Binding not found
          Interface: Vxlan1 VNI: 5000 - Binding not found
        `,
      ),
      skips('no Vxlan1', { vxlanIntfs: {} }, notConfigured),
      skips('empty', {}, 'Interface: Vxlan1 - Not configured'),
    ],
  ),
  ...rowsOf('VerifyVxlanVtep', { command: 'show vxlan vtep', inputs: { vteps: ['192.0.2.5', '192.0.2.6'] } }, [
    passes('both, in any order', { interfaces: { Vxlan1: { vteps: ['192.0.2.6', '192.0.2.5'] } } }),
    passes('none, and none expected', { interfaces: { Vxlan1: { vteps: [] } } }, { vteps: [] }),
    fails(
      'two missing, two more',
      { interfaces: { Vxlan1: { vteps: ['192.0.2.7', '192.0.2.8'] } } },
      `
        The following VTEP peer(s) are missing from the Vxlan1 interface: 192.0.2.5, 192.0.2.6
        Unexpected VTEP peer(s) on Vxlan1 interface: 192.0.2.7, 192.0.2.8
      `,
    ),
    skips('no Vxlan1', { interfaces: {} }, notConfigured),
    errs(
      'no peers are told, and none expected',
      { interfaces: { Vxlan1: {} } },
      '`show vxlan vtep` does not tell interfaces.Vxlan1.vteps',
      { vteps: [] },
    ),
    skips('empty', {}, 'Interface: Vxlan1 - Not configured'),
  ]),
  ...rowsOf(
    'VerifyVxlan1ConnSettings',
    { command: 'show interfaces', inputs: { source_interface: 'lo1', udp_port: 4789 } },
    [
      passes('as given', interfaces({ srcIpIntf: 'Loopback1', udpPort: 4789 })),
      fails(
        'another port, and no source',
        interfaces({ udpPort: 8472 }),
        `
          Interface: Vxlan1 - Incorrect Source interface - Expected: Loopback1 Actual: None
          Interface: Vxlan1 - Incorrect UDP port - Expected: 4789 Actual: 8472
        `,
      ),
      skips('no Vxlan1', { interfaces: { Loopback1: {} } }, notConfigured),
      skips('empty', {}, 'Interface: Vxlan1 - Not configured'),
    ],
  ),
  ...rowsOf(
    'VerifyVxlan1VVTEPIPAddresses',
    { command: 'show interfaces', inputs: { ipv4_address: '192.0.2.5', ipv6_address: '2001:DB8::5' } },
    [
      passes('both', interfaces({ vArpVtepAddr: '192.0.2.5', vArpVtepAddrV6: '2001:db8::5' })),
      passes('IPv4 alone', interfaces({ vArpVtepAddr: '192.0.2.5' }), { ipv4_address: '192.0.2.5' }),
      fails(
        'another, and none',
        interfaces({ vArpVtepAddr: '0.0.0.0' }),
        `
          Interface: Vxlan1 - Incorrect VVTEP IPv4 address - Expected: 192.0.2.5 Actual: 0.0.0.0
          Interface: Vxlan1 - VVTEP IPv6 address is not configured
        `,
      ),
      skips('no Vxlan1', { interfaces: {} }, notConfigured),
      errs(
        'no address to judge by',
        interfaces({}),
        'the check `VerifyVxlan1VVTEPIPAddresses` does not accept its inputs: ' +
          'expected an IPv4 address, an IPv6 address, or both',
        { ipv4_address: null },
      ),
      skips('empty', {}, 'Interface: Vxlan1 - Not configured'),
    ],
  ),
]

const mount = (type: string, state = 'mountStateMountComplete') => ({ type, state })
const TYPES = ['Mcs::ApiConfigRedundancyStatus', 'Mcs::ActiveFlows', 'Mcs::Client::Status']
const mounted = (hostname: string, pathStates: readonly object[]) => ({
  hostname,
  mounts: [{ service: 'Mcs', mountStates: [{ pathStates: pathStates.map((one) => ({ ...one })) }] }],
})
const complete = TYPES.map((type) => mount(type))
const peers = [{ peer_name: 'cvx-2' }, { peer_name: 'cvx-3', registration_state: 'Connecting' }]
const cluster = (role: string, peerStatus: object) => ({
  enabled: true,
  clusterMode: true,
  clusterStatus: { role, peerStatus: { ...peerStatus } },
})
const registered = {
  'cvx-2': { registrationState: 'Registration complete' },
  'cvx-3': { registrationState: 'Connecting' },
}

/** What the checks of `cvx` must say. */
export const cvxChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyMcsClientMounts',
    { command: 'show management cvx mounts', empty: 'answered in an unknown shape at mountStates' },
    [
      passes('all of MCS; others do not count', {
        mountStates: [mount('Mcs::DeviceConfigV1'), mount('Other::Type', 'mountStatePreservedUnmounted')],
      }),
      fails(
        'two of three',
        {
          mountStates: [
            { type: 'Mcs::DeviceConfigV1', state: 'mountStateMountFailed' },
            { type: 'Mcs::DeviceConfigV1', state: 'mountStateMountComplete' },
            { type: 'Mcs::Other', state: 'mountStateMountComplete' },
          ],
        },
        'MCS Client mount states are not valid - Expected: mountStateMountComplete Actual: mountStateMountFailed',
      ),
      fails('a list that is empty', { mountStates: [] }, 'MCS Client mount states are not present'),
    ],
  ),
  ...rowsOf('VerifyManagementCVX', { command: 'show management cvx', inputs: { enabled: true } }, [
    passes('enabled', { clusterStatus: { enabled: true } }),
    fails(
      'enabled, and should not be',
      { clusterStatus: { enabled: true } },
      'Management CVX status is not valid: Expected: disabled Actual: enabled',
      { enabled: false },
    ),
    fails('empty', {}, 'Management CVX status - Not configured'),
  ]),
  ...rowsOf('VerifyMcsServerMounts', { command: 'show cvx mounts', inputs: { connections_count: 2 } }, [
    passes('two clients', { connections: [mounted('leaf1', complete), mounted('leaf2', complete)] }),
    fails(
      'states, types and their number; other services, no mounts',
      {
        connections: [
          mounted('leaf1', [mount('Mcs::ActiveFlows', 'mountStateMountFailed'), mount('Mcs::Client::Status')]),
          mounted('leaf2', [...complete.slice(0, 2), mount('Mcs::Strange')]),
          { hostname: 'leaf3', mounts: [{ service: 'Bugalerts' }] },
          { hostname: 'leaf4', mounts: [] },
          mounted('leaf5', complete),
        ],
      },
      `
        Host: leaf1 - Incorrect number of mount path states - Expected: 3 Actual: 2
        Host: leaf1 Path Type: Mcs::ActiveFlows - MCS server mount state is not valid - Expected: mountStateMountComplete Actual:mountStateMountFailed
        Host: leaf2 - Unexpected MCS path type - Expected: Mcs::ApiConfigRedundancyStatus, Mcs::ActiveFlows, Mcs::Client::Status Actual: Mcs::Strange
        Host: leaf3 - MCS mount state not detected
        Host: leaf4 - No mount status found
        Incorrect CVX successful connections count - Expected: 2 Actual: 3
      `,
    ),
    fails('no connection is expected, but none can be seen', {}, 'CVX connections are not available', {
      connections_count: 0,
    }),
    fails('empty', { connections: [] }, 'CVX connections are not available'),
  ]),
  ...rowsOf('VerifyActiveCVXConnections', { command: 'show cvx connections brief', inputs: { connections_count: 1 } }, [
    passes('one of two is active', { connections: [{ oobConnectionActive: true }, { oobConnectionActive: false }] }),
    fails(
      'none is active',
      { connections: [{ oobConnectionActive: false }, {}] },
      'Incorrect CVX active connections count - Expected: 1 Actual: 0',
    ),
    fails('empty', {}, 'CVX connections are not available'),
  ]),
  ...rowsOf('VerifyCVXClusterStatus', { command: 'show cvx', inputs: { role: 'Standby', peer_status: peers } }, [
    passes(
      'the state of a peer under the name that EOS gives it, and the role by default',
      cluster('Master', { 'cvx-3': { registrationState: 'Connecting' } }),
      { peer_status: [{ peer_name: 'cvx-3', registrationState: 'Connecting' }] },
    ),
    fails(
      'another role, whatever else is wrong',
      cluster('Master', { 'cvx-3': { registrationState: 'Registration error' } }),
      'CVX Role is not valid: Expected: Standby Actual: Master',
    ),
    fails(
      'the number of peers, one missing, one in another state',
      cluster('Standby', { 'cvx-3': { registrationState: 'Registration error' } }),
      `
        Unexpected number of peers - Expected: 2 Actual: 1
        cvx-2 - Not present
        cvx-3 - Invalid registration state - Expected: Connecting Actual: Registration error
      `,
    ),
    fails('disabled', { ...cluster('Standby', registered), enabled: false }, 'CVX Server status is not enabled'),
    fails(
      'empty',
      {},
      `
        CVX Server status is not enabled
        CVX Server is not a cluster
      `,
    ),
    errs(
      'an answer of another kind',
      { clusterStatus: 'up' },
      '`show cvx` answered in an unknown shape at clusterStatus',
    ),
  ]),
]

const COUNTERS = 'show monitor telemetry postcard counters'
const PROFILES = 'show monitor telemetry postcard policy profile'

/** What the checks of `greent` must say. */
export const greentChecks: readonly Row[] = [
  ...rowsOf('VerifyGreenTCounters', { command: COUNTERS, empty: 'answered in an unknown shape at grePktSent' }, [
    passes('packets were sent', { grePktSent: 12 }),
    fails('only samples were received', { grePktSent: 0, sampleRcvd: 12 }, 'GreenT counters are not incremented'),
  ]),
  ...rowsOf('VerifyGreenT', { command: PROFILES }, [
    passes('one besides the default', { profiles: { default: {}, drops: {} } }),
    fails('the default alone', { profiles: { default: {} } }, 'No GreenT policy is created'),
    fails('empty', { profiles: {} }, 'No GreenT policy is created'),
  ]),
]

const COMMAND = 'show path-selection paths'

const pathOfSelection = (changed: object = {}) => ({
  source: '192.0.2.1',
  destination: '198.51.100.1',
  state: 'ipsecEstablished',
  dpsSessions: { 0: { active: true } },
  ...changed,
})

const peer = (dpsPaths: object, group = 'internet') => ({
  dpsPeers: { '203.0.113.1': { dpsGroups: { [group]: { dpsPaths: { ...dpsPaths } } } } },
})

const given = {
  peer: '203.0.113.1',
  path_group: 'internet',
  source_address: '192.0.2.1',
  destination_address: '198.51.100.1',
}
const ends = 'Source: 192.0.2.1 Destination: 198.51.100.1'
const subject = `Peer: 203.0.113.1 Path Group: internet ${ends}`

/** What the checks of `path_selection` must say. */
export const pathSelectionChecks: readonly Row[] = [
  ...rowsOf('VerifyPathsHealth', { command: COMMAND }, [
    passes('both good states', peer({ path1: pathOfSelection(), path2: pathOfSelection({ state: 'routeResolved' }) })),
    fails(
      'a state, telemetry of the second session, and both',
      peer({
        path1: pathOfSelection({ state: 'ipsecPending' }),
        path2: pathOfSelection({ dpsSessions: { 0: { active: true }, 1: { active: false } } }),
        path3: pathOfSelection({ state: 'routeUnresolved', dpsSessions: { 0: { active: false } } }),
      }),
      `
        Peer: 203.0.113.1 Path Group: internet - Invalid path state - Expected: ipsecEstablished, routeResolved Actual: ipsecPending
        Peer: 203.0.113.1 Path Group internet - Telemetry state inactive
        Peer: 203.0.113.1 Path Group: internet - Invalid path state - Expected: ipsecEstablished, routeResolved Actual: routeUnresolved
      `,
    ),
    errs(
      'a path that tells nothing',
      peer({ path1: pathOfSelection(), path4: {} }),
      '`show path-selection paths` does not tell dpsPeers.203.0.113.1.dpsGroups.internet.dpsPaths.path4.state',
    ),
    errs(
      'a path without sessions',
      peer({ path1: pathOfSelection({ dpsSessions: {} }) }),
      '`show path-selection paths` does not tell dpsPeers.203.0.113.1.dpsGroups.internet.dpsPaths.path1.dpsSessions.0.active',
    ),
    errs('a peer without paths', peer({}), '`show path-selection paths`: the answer has no path'),
    fails('empty', { dpsPeers: {} }, 'No path configured for router path-selection'),
  ]),
  ...rowsOf('VerifySpecificPath', { command: COMMAND, inputs: { paths: [given] } }, [
    passes(
      'the given path; another one of the group is down',
      peer({ path1: pathOfSelection({ source: '192.0.2.9', state: 'ipsecPending' }), path2: pathOfSelection() }),
    ),
    fails(
      'a state and telemetry',
      peer({ path1: pathOfSelection({ state: 'ipsecPending', dpsSessions: { 0: { active: false } } }) }),
      `${subject} - Invalid state path - Expected: ipsecEstablished, routeResolved Actual: ipsecPending`,
    ),
    fails(
      'no such peer, no such group, no such ends',
      peer({ path1: pathOfSelection() }),
      `
        Peer: 203.0.113.9 Path Group: internet ${ends} - Peer not found
        Peer: 203.0.113.1 Path Group: mpls ${ends} - No DPS path found for this peer and path group
        Peer: 203.0.113.1 (To the lab) Path Group: internet Source: 192.0.2.1 Destination: 198.51.100.9 - No path matching the source and destination found
      `,
      {
        paths: [
          { ...given, peer: '203.0.113.9' },
          { ...given, path_group: 'mpls' },
          { ...given, destination_address: '198.51.100.9', description: 'To the lab' },
        ],
      },
    ),
    fails('no peer', { dpsPeers: {} }, 'Router path-selection not configured'),
    fails('empty', {}, 'Router path-selection not configured'),
  ]),
]
