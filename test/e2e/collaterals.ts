import type { DeviceFault } from '../../src/sim/fault/fault.ts'

/** Something that goes wrong while a good change is verified, and the line that must say so. */
export interface Collateral {
  readonly name: string
  readonly faults: readonly DeviceFault[]
  /** What is told, in one line. */
  readonly told: string
  /** Lines typed by hand that put right again what a fault typed. */
  readonly mended?: DeviceFault
}

const typed = (device: string, ...lines: readonly string[]): DeviceFault => ({ device, kind: 'hand-edit', lines })

/** Collaterals of a change on leaf1, on itself and on those that it is cabled to: spine1, spine2 and leaf2. */
export const COLLATERALS: readonly Collateral[] = [
  {
    name: 'a BGP peer down',
    faults: [{ device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.1.0' }],
    told: 'expected-change: BGP 10.0.1.0 in default: Established -> ',
  },
  {
    name: 'a BGP peer down on a spine, to another leaf',
    faults: [{ device: 'spine1', kind: 'bgp-peer-down', peer: '10.0.1.3' }],
    told: 'expected-change on spine1: BGP 10.0.1.3 in default: Established -> ',
  },
  {
    name: 'an EVPN peer down on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'bgp-peer-down', peer: '10.0.250.2' }],
    told: 'expected-change on leaf2: BGP 10.0.250.2 in default: Established -> ',
  },
  {
    name: 'a BGP peer down on the other spine, to a leaf of another pair',
    faults: [{ device: 'spine2', kind: 'bgp-peer-down', peer: '10.0.2.5' }],
    told: 'expected-change on spine2: BGP 10.0.2.5 in default: Established -> ',
  },
  {
    name: 'a route missing from one spine',
    faults: [{ device: 'leaf1', kind: 'routes-withdrawn', peer: '10.0.1.0', prefixes: ['10.0.250.13/32'] }],
    told: 'expected-change: route 10.0.250.13/32 in default',
  },
  {
    name: 'a route missing altogether',
    faults: [
      { device: 'spine1', kind: 'routes-withdrawn', peer: '10.0.1.5', prefixes: ['10.0.250.13/32'] },
      { device: 'spine1', kind: 'routes-withdrawn', peer: '10.0.1.7', prefixes: ['10.0.250.13/32'] },
    ],
    told: 'expected-change on spine1: route 10.0.250.13/32 in default removed',
  },
  {
    name: 'a route count halved',
    faults: [
      { device: 'spine2', kind: 'routes-withdrawn', peer: '10.0.2.5' },
      { device: 'spine2', kind: 'routes-withdrawn', peer: '10.0.2.7' },
    ],
    told: 'expected-change on spine2: bgp routes in default: ',
  },
  {
    name: 'a flood list entry lost',
    faults: [{ device: 'leaf1', kind: 'flood-entry-lost', vtep: '10.0.251.13', vlan: 110 }],
    told: 'expected-change: VXLAN VLAN 110 flood list: 10.0.251.13 removed',
  },
  {
    name: 'a VTEP lost from every flood list of the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'flood-entry-lost', vtep: '10.0.251.13' }],
    told: 'expected-change on leaf2: VXLAN VLAN 110 flood list: 10.0.251.13 removed',
  },
  {
    name: 'a VLAN gone on the MLAG peer',
    faults: [typed('leaf2', 'no vlan 112')],
    told: 'expected-change on leaf2: VLAN 112 removed: was ',
    mended: typed('leaf2', 'vlan 112', 'name PROD-DB'),
  },
  {
    name: 'a VLAN gone on the switch itself',
    faults: [typed('leaf1', 'no vlan 112')],
    told: 'expected-change: VLAN 112 removed: was ',
  },
  {
    name: 'a VLAN with another name on the MLAG peer',
    faults: [typed('leaf2', 'vlan 111', 'name STOLEN')],
    told: 'expected-change on leaf2: VLAN 111 name: ',
    mended: typed('leaf2', 'vlan 111', 'name PROD-APP'),
  },
  {
    name: 'a member of a port-channel inactive',
    faults: [{ device: 'leaf1', kind: 'member-inactive', port: 'Ethernet5' }],
    told: 'expected-change: MLAG 5',
  },
  {
    name: 'an MLAG member inactive on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'member-inactive', port: 'Ethernet6' }],
    told: 'expected-change on leaf2: MLAG 6',
  },
  {
    name: 'half of the peer link gone',
    faults: [{ device: 'leaf2', kind: 'member-inactive', port: 'Ethernet55/1' }],
    told: 'expected-change on leaf2: Port-Channel1000',
  },
  {
    name: 'the MLAG pair apart',
    faults: [{ device: 'leaf2', kind: 'mlag-inactive' }],
    told: 'expected-change on leaf2: MLAG: active -> inactive',
  },
  {
    name: 'errors rising',
    faults: [{ device: 'leaf1', kind: 'errors-rising', port: 'Ethernet1', counter: 'fcsErrors', perSecond: 10 }],
    told: 'expected-change: errors on Ethernet1, fcsErrors: ',
  },
  {
    name: 'discards rising on a spine',
    faults: [{ device: 'spine2', kind: 'errors-rising', port: 'Ethernet1/1', counter: 'outDiscards', perSecond: 50 }],
    told: 'expected-change on spine2: errors on Ethernet1/1, outDiscards: ',
  },
  {
    name: 'a neighbour swapped',
    faults: [
      { device: 'leaf1', kind: 'neighbor-swapped', port: 'Ethernet50/1', heard: 'leaf4', heardPort: 'Ethernet49/1' },
    ],
    told: 'expected-change: LLDP Ethernet50/1: spine2.dc1.example.net Ethernet1/1 -> leaf4.dc1.example.net Ethernet49/1',
  },
  {
    name: 'a neighbour swapped on a spine',
    faults: [
      { device: 'spine1', kind: 'neighbor-swapped', port: 'Ethernet4/1', heard: 'leaf3', heardPort: 'Ethernet50/1' },
    ],
    told: 'expected-change on spine1: LLDP Ethernet4/1: leaf4.dc1.example.net Ethernet49/1 -> leaf3.dc1.example.net Ethernet50/1',
  },
  {
    name: 'an interface flapping every 20 s',
    faults: [{ device: 'leaf1', kind: 'link-flap', port: 'Ethernet9', period: 20 }],
    told: 'expected-change: interface Ethernet9',
  },
  {
    name: 'an interface flapping every 20 s on the MLAG peer',
    faults: [{ device: 'leaf2', kind: 'link-flap', port: 'Ethernet9', period: 20 }],
    told: 'expected-change on leaf2: interface Ethernet9',
  },
  {
    name: 'a cable pulled between a spine and another pair',
    faults: [{ device: 'spine1', kind: 'link-down', port: 'Ethernet3/1' }],
    told: 'expected-change on spine1: interface Ethernet3/1: connected -> notconnect',
  },
  {
    name: 'a configuration line that nobody approved',
    faults: [typed('leaf1', 'interface Ethernet9', 'description typed by hand')],
    told: 'running-config: +interface Ethernet9 / description typed by hand',
  },
  {
    name: 'a configuration line typed on a spine',
    faults: [typed('spine1', 'interface Ethernet3/1', 'description typed by hand')],
    told: 'running-config on spine1: +interface Ethernet3/1 / description typed by hand',
    mended: typed('spine1', 'interface Ethernet3/1', 'description P2P_leaf3_Ethernet49/1'),
  },
]
