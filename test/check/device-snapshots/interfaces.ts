import type { SnapshotRow } from './row.ts'
import {
  borderLeaf1,
  evpnLeaf1A,
  evpnSpine1,
  evpnSvc3A,
  evpnSvc3B,
  leaf1On421,
  np1,
  r1On436,
  r2On436,
  r3On418,
  r4On418,
} from './switches.ts'

const speed = (name: string, auto: boolean, gigabits: number, lanes?: number) => ({
  name,
  auto,
  speed: gigabits,
  ...(lanes === undefined ? {} : { lanes }),
})

/** Ports, their counters and their MTU: `show interfaces`. */
const ports: readonly SnapshotRow[] = [
  borderLeaf1.passes('VerifyInterfacesCounterDetails'),
  np1.passes('VerifyInterfacesCounterDetails', {
    ignored_interfaces: ['Management1'],
    link_status_changes_threshold: 2,
  }),
  // Changed 23 minutes and 28 seconds before its counters were read.
  evpnSpine1.fails(
    'VerifyInterfacesCounterDetails',
    { link_status_changes_threshold: 5 },
    'Interface: Management1 Description: oob_management Uptime: 23 minutes - Link status changes above threshold - Expected: <= 5 Actual: 8',
  ),
  evpnSvc3A.fails(
    'VerifyInterfacesCounterDetails',
    { link_status_changes_threshold: 9 },
    'Interface: Management1 Description: oob_management Uptime: 29 minutes - Link status changes above threshold - Expected: <= 9 Actual: 10',
  ),
  r3On418.fails(
    'VerifyInterfacesCounterDetails',
    { link_status_changes_threshold: 2 },
    'Interface: Management1 Uptime: 2 minutes - Link status changes above threshold - Expected: <= 2 Actual: 3',
  ),
  leaf1On421.fails(
    'VerifyInterfacesCounterDetails',
    { interfaces: ['Ethernet14', 'Management1'], link_status_changes_threshold: 2 },
    'Interface: Management1 Uptime: 1 day - Link status changes above threshold - Expected: <= 2 Actual: 3',
  ),
  r1On436.fails(
    'VerifyInterfacesCounterDetails',
    { interfaces: ['Ethernet1', 'Ethernet2', 'Management0'], link_status_changes_threshold: 2 },
    'Interface: Ethernet2 - Not found',
    'Interface: Management0 Uptime: less than a minute - Link status changes above threshold - Expected: <= 2 Actual: 3',
  ),

  r1On436.passes('VerifyInterfacesSpeed', {
    interfaces: [speed('Ethernet1', false, 1), speed('Management0', true, 1)],
  }),
  r2On436.fails(
    'VerifyInterfacesSpeed',
    { interfaces: [speed('Ethernet1', true, 1)] },
    'Interface: Ethernet1 - Auto-negotiation mismatch - Expected: success Actual: unknown',
  ),
  borderLeaf1.fails(
    'VerifyInterfacesSpeed',
    { interfaces: [speed('Management1', true, 1), speed('et1', false, 10), speed('Ethernet13', false, 1)] },
    'Interface: Ethernet1 - Bandwidth mismatch - Expected: 10.0Gbps Actual: 0Gbps',
    'Interface: Ethernet13 - Not found',
  ),
  evpnSpine1.fails(
    'VerifyInterfacesSpeed',
    { interfaces: [speed('Ethernet2', true, 2.5, 1)] },
    'Interface: Ethernet2 - Bandwidth mismatch - Expected: 2.5Gbps Actual: 0Gbps',
    'Interface: Ethernet2 - Auto-negotiation mismatch - Expected: success Actual: unknown',
    'Interface: Ethernet2 - Data lanes count mismatch - Expected: 1 Actual: 0',
  ),
  r3On418.fails(
    'VerifyInterfacesSpeed',
    { interfaces: [speed('Management1', true, 1, 1)] },
    'Interface: Management1 - Data lanes count mismatch - Expected: 1 Actual: None',
  ),

  borderLeaf1.passes('VerifyL2MTU'),
  r1On436.passes('VerifyL2MTU'),
  leaf1On421.passes('VerifyL2MTU', { ignored_interfaces: ['Port-Channel20'] }),
  leaf1On421.fails('VerifyL2MTU', {}, 'Interface: Port-Channel20 - Incorrect MTU - Expected: 9214 Actual: 0'),
  evpnSvc3A.fails(
    'VerifyL2MTU',
    { mtu: 9214 },
    'Interface: Port-Channel6 - Incorrect MTU - Expected: 9214 Actual: 0',
    'Interface: Port-Channel5 - Incorrect MTU - Expected: 9214 Actual: 0',
  ),
  // What is ignored takes the place of what is ignored by itself.
  evpnSvc3A.fails(
    'VerifyL2MTU',
    { ignored_interfaces: ['Port-Channel5'] },
    'Interface: Port-Channel6 - Incorrect MTU - Expected: 9214 Actual: 0',
    'Interface: Vxlan1 - Incorrect MTU - Expected: 9214 Actual: 0',
  ),
  evpnLeaf1A.fails(
    'VerifyL2MTU',
    { specific_mtu: [{ Ethernet8: 9000 }, { Ethernet1: 9000 }] },
    'Interface: Ethernet8 - Incorrect MTU - Expected: 9000 Actual: 9214',
  ),

  borderLeaf1.passes('VerifyL3MTU'),
  evpnLeaf1A.passes('VerifyL3MTU', { specific_mtu: [{ Vlan4083: 9164 }, { Vlan4084: 9164 }, { Vlan4085: 9164 }] }),
  evpnLeaf1A.passes('VerifyL3MTU', { ignored_interfaces: ['Vlan', 'Loopback', 'Management'] }),
  borderLeaf1.fails(
    'VerifyL3MTU',
    { ignored_interfaces: ['Management'] },
    'Interface: Loopback0 - Incorrect MTU - Expected: 1500 Actual: 65535',
  ),
  evpnLeaf1A.fails(
    'VerifyL3MTU',
    {},
    'Interface: Vlan4083 - Incorrect MTU - Expected: 1500 Actual: 9164',
    'Interface: Vlan4085 - Incorrect MTU - Expected: 1500 Actual: 9164',
    'Interface: Vlan4084 - Incorrect MTU - Expected: 1500 Actual: 9164',
  ),
  r4On418.fails('VerifyL3MTU', { mtu: 9000 }, 'Interface: Ethernet1 - Incorrect MTU - Expected: 9000 Actual: 1500'),
  r2On436.fails(
    'VerifyL3MTU',
    { specific_mtu: [{ Et1: 9200 }] },
    'Interface: Ethernet1 - Incorrect MTU - Expected: 9200 Actual: 1500',
  ),
]

/** Vxlan1 in `show interfaces`. None of the recordings tells its UDP port or a virtual VTEP address. */
const vxlan: readonly SnapshotRow[] = [
  r1On436.skips(
    'VerifyVxlan1ConnSettings',
    { source_interface: 'Loopback1', udp_port: 4789 },
    'Interface: Vxlan1 - Not configured',
  ),
  evpnLeaf1A.fails(
    'VerifyVxlan1ConnSettings',
    { source_interface: 'Loopback1', udp_port: 4789 },
    'Interface: Vxlan1 - Incorrect UDP port - Expected: 4789 Actual: None',
  ),
  evpnSvc3B.fails(
    'VerifyVxlan1ConnSettings',
    { source_interface: 'lo0', udp_port: 4789 },
    'Interface: Vxlan1 - Incorrect Source interface - Expected: Loopback0 Actual: Loopback1',
    'Interface: Vxlan1 - Incorrect UDP port - Expected: 4789 Actual: None',
  ),
  np1.skips('VerifyVxlan1VVTEPIPAddresses', { ipv4_address: '192.168.254.3' }, 'Interface: Vxlan1 - Not configured'),
  evpnLeaf1A.fails(
    'VerifyVxlan1VVTEPIPAddresses',
    { ipv4_address: '192.168.254.3' },
    'Interface: Vxlan1 - VVTEP IPv4 address is not configured',
  ),
  evpnSvc3A.fails(
    'VerifyVxlan1VVTEPIPAddresses',
    { ipv4_address: '192.168.254.6', ipv6_address: '2001:db8::6' },
    'Interface: Vxlan1 - VVTEP IPv4 address is not configured',
    'Interface: Vxlan1 - VVTEP IPv6 address is not configured',
  ),
]

/** What `show interfaces` is judged for. */
export const interfaceRows: readonly SnapshotRow[] = [...ports, ...vxlan]
