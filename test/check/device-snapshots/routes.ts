import type { SnapshotRow } from './row.ts'
import { aggregating, evpnSvc3A, ibgp, leaf2, np2, r2On436, r3On418 } from './switches.ts'

const toNextHops = (prefix: string, nexthops: readonly string[], more: { vrf?: string; strict?: boolean } = {}) => ({
  prefix,
  nexthops,
  ...more,
})
const ofType = (prefix: string, route_type: string, vrf = 'default') => ({ prefix, vrf, route_type })
const present = (prefix: string, vrf = 'default') => ({ prefix, vrf })

/** Where routes lead and where they are from: `show ip route vrf all`. */
const inAllVrfs: readonly SnapshotRow[] = [
  leaf2.passes('VerifyIPv4RouteNextHops', {
    route_entries: [
      toNextHops('0.0.0.0/0', ['10.0.0.27']),
      toNextHops('10.1.3.1/32', ['10.0.0.27', '10.0.0.25'], { strict: true }),
    ],
  }),
  leaf2.fails(
    'VerifyIPv4RouteNextHops',
    {
      route_entries: [
        toNextHops('10.1.3.1/32', ['10.0.0.27'], { strict: true }),
        toNextHops('10.1.2.1/32', ['10.0.0.25', '10.0.0.27']),
        toNextHops('10.1.2.0/24', ['10.0.0.25']),
        toNextHops('10.1.2.1/32', ['10.0.0.25'], { vrf: 'PROD' }),
      ],
    },
    'Prefix: 10.1.3.1/32 VRF: default - List of next-hops not matching - Expected: 10.0.0.27 Actual: 10.0.0.25, 10.0.0.27',
    'Prefix: 10.1.2.1/32 VRF: default Nexthop: 10.0.0.27 - Route not found',
    'Prefix: 10.1.2.0/24 VRF: default - prefix not found',
    'Prefix: 10.1.2.1/32 VRF: PROD - prefix not found',
  ),
  // The answer has `nexthopAddr: ""` and the VTEP beside it, which ANTA does not read.
  evpnSvc3A.fails(
    'VerifyIPv4RouteNextHops',
    { route_entries: [toNextHops('10.1.255.8/32', ['192.168.254.8'], { vrf: 'Tenant_A_OPZone' })] },
    'Prefix: 10.1.255.8/32 VRF: Tenant_A_OPZone Nexthop: 192.168.254.8 - Route not found',
  ),
  aggregating.fails(
    'VerifyIPv4RouteNextHops',
    {
      route_entries: [toNextHops('10.10.1.0/24', ['192.168.2.2']), toNextHops('10.10.0.0/16', ['192.168.2.2'])],
    },
    'Prefix: 10.10.0.0/16 VRF: default Nexthop: 192.168.2.2 - Route not found',
  ),
  r3On418.fails(
    'VerifyIPv4RouteNextHops',
    { route_entries: [toNextHops('10.34.11.0/24', ['10.34.11.2'])] },
    'Prefix: 10.34.11.0/24 VRF: default Nexthop: 10.34.11.2 - Route not found',
  ),

  np2.passes('VerifyIPv4RouteType', {
    routes_entries: [
      ofType('10.203.0.0/24', 'static'),
      ofType('192.168.1.0/30', 'OSPF'),
      ofType('10.203.0.0/16', 'OSPF external type 2'),
      ofType('10.12.12.0/30', 'connected'),
    ],
  }),
  evpnSvc3A.passes('VerifyIPv4RouteType', {
    routes_entries: [
      ofType('0.0.0.0/0', 'static', 'MGMT'),
      ofType('10.1.255.8/32', 'eBGP', 'Tenant_A_OPZone'),
      ofType('172.31.255.16/31', 'iBGP'),
    ],
  }),
  aggregating.fails(
    'VerifyIPv4RouteType',
    { routes_entries: [ofType('10.12.0.0/16', 'BGP Aggregate'), ofType('10.11.0.0/16', 'BGP Aggregate')] },
    'Prefix: 10.11.0.0/16 VRF: default - Incorrect route type - Expected: bgpAggregate Actual: static',
  ),
  ibgp.fails(
    'VerifyIPv4RouteType',
    { routes_entries: [ofType('172.16.2.1/32', 'eBGP')] },
    'Prefix: 172.16.2.1/32 VRF: default - Incorrect route type - Expected: eBGP Actual: iBGP',
  ),
  r2On436.fails(
    'VerifyIPv4RouteType',
    {
      routes_entries: [
        ofType('1.1.1.1/32', 'eBGP'),
        ofType('3.3.3.3/32', 'eBGP'),
        ofType('172.20.20.0/24', 'connected', 'MGMT'),
      ],
    },
    'Prefix: 3.3.3.3/32 VRF: default - Route not found',
    'Prefix: 172.20.20.0/24 VRF: MGMT - VRF not configured',
  ),
]

/** Routes that are there: `show ip route vrf V`, and `show ip route vrf V PREFIX`. */
const inOneVrf: readonly SnapshotRow[] = [
  leaf2.passes('VerifyRoutingTableEntry', { routes: ['10.1.1.1', '10.1.2.2'] }),
  // 10.200.2.0/24 leads to the second, and is not it.
  leaf2.fails(
    'VerifyRoutingTableEntry',
    { routes: ['10.1.1.1', '10.200.2.5', '10.9.9.9'] },
    'The following route(s) are missing from the routing table of VRF default: 10.200.2.5, 10.9.9.9',
  ),
  evpnSvc3A.passes('VerifyRoutingTableEntry', {
    vrf: 'Tenant_B_OPZone',
    routes: ['10.2.255.8', '10.2.10.0'],
    collect: 'all',
  }),
  evpnSvc3A.fails(
    'VerifyRoutingTableEntry',
    { vrf: 'Tenant_B_OPZone', routes: ['10.2.255.7', '10.2.255.8', '10.2.12.0'], collect: 'all' },
    'The following route(s) are missing from the routing table of VRF Tenant_B_OPZone: 10.2.255.7, 10.2.12.0',
  ),
  r2On436.errs(
    'VerifyRoutingTableEntry',
    { vrf: 'MGMT', routes: ['172.20.20.0'], collect: 'all' },
    '`show ip route vrf MGMT` was not answered',
  ),

  evpnSvc3A.passes('VerifyIPv4RoutePresencePerVRF', {
    route_entries: [
      present('10.3.255.9/32', 'Tenant_C_OPZone'),
      present('0.0.0.0/0', 'MGMT'),
      present('192.168.122.0/24'),
      present('10.3.11.0/24', 'Tenant_C_OPZone'),
    ],
  }),
  np2.fails(
    'VerifyIPv4RoutePresencePerVRF',
    { route_entries: [present('10.203.0.0/16'), present('10.203.1.0/24'), present('10.203.0.0/24')] },
    'Prefix: 10.203.1.0/24 VRF: default - Route not found',
  ),
  r3On418.passes('VerifyIPv4RoutePresencePerVRF', { route_entries: [present('172.16.34.2/32')] }),

  aggregating.passes('VerifyIPv4RoutePresencePerPrefix', {
    route_entries: [present('10.10.0.0/16'), present('10.13.1.0/24')],
  }),
  // An aggregate holds the first, and is not it.
  aggregating.fails(
    'VerifyIPv4RoutePresencePerPrefix',
    { route_entries: [present('10.10.2.0/24'), present('10.13.1.0/24'), present('0.0.0.0/0')] },
    'Prefix: 10.10.2.0/24 VRF: default - Route not found',
    'Prefix: 0.0.0.0/0 VRF: default - Route not found',
  ),
]

/** Routing tables. */
export const routeRows: readonly SnapshotRow[] = [...inAllVrfs, ...inOneVrf]
