import type { CheckResult } from '../../../src/lab/trial/judge-check.ts'
import type { JsonObject } from '../../../src/model/json.ts'

/** EOS 4.18.10M, ribd: answers the neighbors of BGP with an error inside JSON. */
export const r3On418 = on('eos_bgp_weight_behavior_ribd__r3-418')
/** EOS 4.21.1.1F. */
export const spine1On421 = on('eos_iosxe_aws_demo__Spine1')
/** EOS 4.23.0.1F, ribd: two of its five peers are firewalls that are not there. */
export const borderLeaf2 = on('cv_demo_base_panos__bl02')
/** EOS 4.23.0.1F, ribd: a leaf with two uplinks. */
export const leaf2 = on('cv_demo_base_panos__leaf02')
/** EOS 4.23.0.1F: static routes, and aggregates of BGP. */
export const aggregating = on('eos_bgp_aggregate__EOS-1')
/** EOS 4.23.0.1F: OSPF beside BGP. */
export const np1 = on('eos_ospf_bgp__np01')
/** EOS 4.23.0.1F: OSPF beside BGP, with a static and an external route. */
export const np2 = on('eos_ospf_bgp__np02')
/** EOS 4.23.0.1F, multi-agent: an EVPN fabric with VXLAN and tenants. */
export const evpnLeaf1A = on('eos_evpn_l3_design_guide_vlan_based__H-LEAF1A')
/** EOS 4.23.0.1F, multi-agent: of an MLAG pair in the EVPN fabric. */
export const evpnSvc3A = on('eos_evpn_l3_design_guide_vlan_based__H-SVC3A')
/** EOS 4.23.0.1F, multi-agent: of the same MLAG pair. */
export const evpnSvc3B = on('eos_evpn_l3_design_guide_vlan_based__H-SVC3B')
/** EOS 4.23.0.1F, multi-agent: fourteen peers. */
export const evpnSpine1 = on('eos_evpn_l3_design_guide_vlan_based__H-SPINE1')
/** EOS 4.23.0.1F, multi-agent: fourteen peers. */
export const evpnSpine2 = on('eos_evpn_l3_design_guide_vlan_based__H-SPINE2')
/** cEOSLab 4.36.0.1F. */
export const r1On436 = on('eos_ceos_ebgp__r1')
/** cEOSLab 4.36.0.1F, the neighbour of {@link r1On436}. */
export const r2On436 = on('eos_ceos_ebgp__r2')

/** One check on one recorded switch, and what it must say: read from the recording by a person, never from the check. */
export interface SnapshotRow extends CheckResult {
  readonly snapshot: string
  readonly check: string
  readonly inputs: JsonObject
}

type Expected = (check: string, inputs?: JsonObject, ...messages: readonly string[]) => SnapshotRow

/** The rows of one switch: what passes on it, what fails and with which messages, what is skipped, what cannot be judged. */
export function on(snapshot: string): Readonly<Record<'passes' | 'fails' | 'skips' | 'errs', Expected>> {
  const expected =
    (result: CheckResult['result']): Expected =>
    (check, inputs = {}, ...messages) => ({ snapshot, check, inputs, result, messages })
  return {
    passes: expected('success'),
    fails: expected('failure'),
    skips: expected('skipped'),
    errs: expected('error'),
  }
}

const toNextHops = (prefix: string, nexthops: readonly string[], more: { vrf?: string; strict?: boolean } = {}) => ({
  prefix,
  nexthops,
  ...more,
})
const ofType = (prefix: string, route_type: string, vrf = 'default') => ({ prefix, vrf, route_type })
const present = (prefix: string, vrf = 'default') => ({ prefix, vrf })

/** Where routes lead and where they are from: `show ip route vrf all`. */
const inAllVrfs: readonly SnapshotRow[] = [
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

  np2.passes('VerifyIPv4RouteType', {
    routes_entries: [
      ofType('10.203.0.0/24', 'static'),
      ofType('192.168.1.0/30', 'OSPF'),
      ofType('10.203.0.0/16', 'OSPF external type 2'),
      ofType('10.12.12.0/30', 'connected'),
    ],
  }),
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
  // 10.200.2.0/24 leads to the second, and is not it.
  leaf2.fails(
    'VerifyRoutingTableEntry',
    { routes: ['10.1.1.1', '10.200.2.5', '10.9.9.9'] },
    'The following route(s) are missing from the routing table of VRF default: 10.200.2.5, 10.9.9.9',
  ),
  evpnSvc3A.fails(
    'VerifyRoutingTableEntry',
    { vrf: 'Tenant_B_OPZone', routes: ['10.2.255.7', '10.2.255.8', '10.2.12.0'], collect: 'all' },
    'The following route(s) are missing from the routing table of VRF Tenant_B_OPZone: 10.2.255.7, 10.2.12.0',
  ),
  np2.fails(
    'VerifyIPv4RoutePresencePerVRF',
    { route_entries: [present('10.203.0.0/16'), present('10.203.1.0/24'), present('10.203.0.0/24')] },
    'Prefix: 10.203.1.0/24 VRF: default - Route not found',
  ),
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

/** `show version`. No recorded switch has used more than 55.55 % of its memory. */
const version: readonly SnapshotRow[] = [
  r1On436.fails(
    'VerifyEOSVersion',
    { versions: ['4.36.0.1F'] },
    'EOS version mismatch - Actual: 4.36.0.1F-47401373.43601F (engineering build) not in Expected: 4.36.0.1F',
  ),
  r2On436.passes('VerifyMemoryUtilization'),
]

const adjacency = (ip_address: string, local_interface: string, more: JsonObject = {}) => ({
  instance: 10,
  vrf: 'default',
  ip_address,
  local_interface,
  area_id: 0,
  ...more,
})

/** `show ip ospf neighbor`; `{"vrfs": {}}` where no OSPF is configured, as on 33 of the 35. */
const ospf: readonly SnapshotRow[] = [
  np2.fails('VerifyOSPFNeighborCount', { number: 2 }, 'Neighbor count mismatch - Expected: 2 Actual: 1'),
  r3On418.skips('VerifyOSPFNeighborCount', { number: 1 }, 'OSPF not configured'),
  np2.passes('VerifyOSPFNeighborState'),
  np2.fails(
    'VerifyOSPFSpecificNeighbors',
    {
      neighbors: [
        adjacency('192.168.2.2', 'Ethernet3', { instance: 20 }),
        adjacency('192.168.2.2', 'Ethernet3', { state: '2Ways' }),
        adjacency('192.168.2.3', 'Ethernet3', { area_id: 1 }),
        adjacency('192.168.2.2', 'Ethernet3', { vrf: 'PROD' }),
      ],
    },
    'Instance: 20 VRF: default Neighbor IP: 192.168.2.2 Area: 0.0.0.0 - Neighbor not found',
    'Instance: 10 VRF: default Neighbor IP: 192.168.2.2 Area: 0.0.0.0 - Adjacency state mismatch - Expected: 2Ways Actual: full',
    'Instance: 10 VRF: default Neighbor IP: 192.168.2.3 Area: 0.0.0.1 - Neighbor not found',
    'Instance: 10 VRF: PROD Neighbor IP: 192.168.2.2 Area: 0.0.0.0 - Neighbor not found',
  ),
]

/** `show running-config` as text. */
const lines: readonly SnapshotRow[] = [
  evpnSvc3A.passes('VerifyRunningConfigLines', {
    regex_patterns: ['^ip routing vrf Tenant_A_OPZone$', 'vxlan udp-port 4789', '^ +neighbor \\S+ ebgp-multihop 3$'],
  }),
]

const rule = (entries: readonly JsonObject[], section?: readonly string[]): JsonObject => ({
  rules: [{ ...(section === undefined ? {} : { section }), entries }],
})
const atLeast = (match: string, operator: string, value: number) => ({
  match,
  mode: 'regex',
  threshold: { value, operator },
})

/** `show running-config` as JSON. */
const blocks: readonly SnapshotRow[] = [
  evpnSvc3A.passes('VerifyRunningConfig', rule([atLeast('maximum-paths (\\d+)', 'le', 2)], ['router bgp 65103'])),
  leaf2.fails(
    'VerifyRunningConfig',
    rule([{ match: 'protocol http', absent: true }, { match: 'no shutdown' }], ['management api http-commands']),
    "Command 'protocol http' in 'management api http-commands' - Expected to be absent",
  ),
  r3On418.fails(
    'VerifyRunningConfig',
    rule([atLeast('neighbor 10.34.11.2 maximum-routes (\\d+)', 'ge', 20000)], ['router bgp 65134']),
    "Captured value of 'neighbor 10.34.11.2 maximum-routes (\\d+)' >= 20000 in 'router bgp 65134' - Actual: 12000",
  ),
]

/** What is of the whole switch: its software, its OSPF, its configuration. */
export const switchWideRows: readonly SnapshotRow[] = [...version, ...ospf, ...lines, ...blocks]
