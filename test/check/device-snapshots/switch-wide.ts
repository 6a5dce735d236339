import type { JsonObject } from '../../../src/model/json.ts'
import type { SnapshotRow } from './row.ts'
import {
  aggregating,
  evpnBl1A,
  evpnSvc3A,
  leaf2,
  leaf2On421,
  np1,
  np2,
  r1On436,
  r2On436,
  r3On418,
  sender,
} from './switches.ts'

/** `show version`. No recorded switch has used more than 55.55 % of its memory. */
const version: readonly SnapshotRow[] = [
  r3On418.passes('VerifyEOSVersion', { versions: ['4.18.10M'] }),
  leaf2On421.passes('VerifyEOSVersion', { versions: ['4.23.0.1F', '4.21.1.1F'] }),
  evpnBl1A.fails(
    'VerifyEOSVersion',
    { versions: ['4.23.0.1', '4.23.0F'] },
    'EOS version mismatch - Actual: 4.23.0.1F not in Expected: 4.23.0.1, 4.23.0F',
  ),
  r1On436.fails(
    'VerifyEOSVersion',
    { versions: ['4.36.0.1F'] },
    'EOS version mismatch - Actual: 4.36.0.1F-47401373.43601F (engineering build) not in Expected: 4.36.0.1F',
  ),
  r3On418.passes('VerifyMemoryUtilization'),
  evpnBl1A.passes('VerifyMemoryUtilization'),
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
  np1.passes('VerifyOSPFNeighborCount', { number: 1 }),
  np2.fails('VerifyOSPFNeighborCount', { number: 2 }, 'Neighbor count mismatch - Expected: 2 Actual: 1'),
  r3On418.skips('VerifyOSPFNeighborCount', { number: 1 }, 'OSPF not configured'),
  np2.passes('VerifyOSPFNeighborState'),
  r2On436.skips('VerifyOSPFNeighborState', {}, 'OSPF not configured'),
  np1.passes('VerifyOSPFSpecificNeighbors', { neighbors: [adjacency('192.168.1.2', 'Ethernet2')] }),
  np2.passes('VerifyOSPFSpecificNeighbors', {
    neighbors: [adjacency('192.168.2.2', 'Et3', { area_id: '0.0.0.0', state: 'full' })],
  }),
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
  aggregating.fails(
    'VerifyOSPFSpecificNeighbors',
    { neighbors: [adjacency('192.168.1.2', 'Ethernet1')] },
    'OSPF not configured',
  ),
]

/** `show running-config` as text. */
const lines: readonly SnapshotRow[] = [
  evpnSvc3A.passes('VerifyRunningConfigLines', {
    regex_patterns: ['^ip routing vrf Tenant_A_OPZone$', 'vxlan udp-port 4789', '^ +neighbor \\S+ ebgp-multihop 3$'],
  }),
  r3On418.passes('VerifyRunningConfigLines', { regex_patterns: ['^no aaa root$', '^hostname r3-\\d+'] }),
  r1On436.fails(
    'VerifyRunningConfigLines',
    { regex_patterns: ['^ntp server', '^ip routing$', '^router-id 1\\.1\\.1\\.1$'] },
    "Following patterns were not found: '^ntp server', '^router-id 1\\.1\\.1\\.1$'",
  ),
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
  r1On436.passes('VerifyRunningConfig', rule([{ match: 'network 1.1.1.1/32' }], ['router bgp \\d+'])),
  r1On436.passes('VerifyRunningConfig', rule([{ match: 'enable password', mode: 'contains', absent: true }])),
  leaf2.passes(
    'VerifyRunningConfig',
    rule([{ match: 'neighbor Fabric activate' }], ['router bgp \\d+', 'address-family ipv4']),
  ),
  evpnSvc3A.passes('VerifyRunningConfig', rule([atLeast('maximum-paths (\\d+)', 'le', 2)], ['router bgp 65103'])),
  leaf2.fails(
    'VerifyRunningConfig',
    rule([{ match: 'protocol http', absent: true }, { match: 'no shutdown' }], ['management api http-commands']),
    "Command 'protocol http' in 'management api http-commands' - Expected to be absent",
  ),
  r1On436.fails(
    'VerifyRunningConfig',
    rule([{ match: 'no shutdown' }], ['management api http-commands']),
    "Section 'management api http-commands' in the running-config - Not found",
  ),
  r3On418.fails(
    'VerifyRunningConfig',
    rule([atLeast('neighbor 10.34.11.2 maximum-routes (\\d+)', 'ge', 20000)], ['router bgp 65134']),
    "Captured value of 'neighbor 10.34.11.2 maximum-routes (\\d+)' >= 20000 in 'router bgp 65134' - Actual: 12000",
  ),
  sender.fails(
    'VerifyRunningConfig',
    rule([{ match: 'router-id', mode: 'contains' }]),
    "Substring 'router-id' in the running-config - Not found",
  ),
  evpnSvc3A.fails(
    'VerifyRunningConfig',
    rule([{ match: 'description', mode: 'contains' }], ['interface Ethernet\\d+']),
    ...[7, 8, 9, 10, 11, 12].map((port) => `Substring 'description' in 'interface Ethernet${port}' - Not found`),
  ),
]

/** What is of the whole switch: its software, its OSPF, its configuration. */
export const switchWideRows: readonly SnapshotRow[] = [...version, ...ospf, ...lines, ...blocks]
