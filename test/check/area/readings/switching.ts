import { showInterfaces } from './links.ts'
import type { AreaReading } from './reading.ts'

/** What areas of VLANs and their overlay read. */
export const switching: Readonly<Record<string, AreaReading>> = {
  mac: {
    replies: ({ count, time }) => [
      {
        multicastTable: { tableEntries: [] },
        unicastTable: {
          tableEntries: ['01', '02', '03', '04'].map((host) => ({
            vlanId: host === '04' ? 20 : 100,
            macAddress: `00:1c:73:00:00:${host}`,
            interface: 'Ethernet9',
            entryType: 'dynamic',
            moves: count,
            lastMove: time,
          })),
        },
      },
    ],
    state: { '20': 1, '100': 3 },
    planted: [
      { at: [0, 'unicastTable', 'tableEntries'], is: [{ vlanId: 20 }], line: 'MAC addresses in VLAN 100: 3 -> 0' },
    ],
  },
  vlan: {
    replies: () => [
      {
        sourceDetail: '',
        vlans: {
          '100': {
            name: 'BLUE',
            status: 'active',
            dynamic: false,
            interfaces: { Vxlan1: {}, Ethernet10: {}, Ethernet9: {} },
          },
          '20': { name: 'VLAN0020', status: 'suspended', interfaces: {} },
          '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: { Cpu: {} } },
        },
      },
    ],
    state: {
      '20': { name: 'VLAN0020', status: 'suspended', dynamic: false, interfaces: [] },
      '100': { name: 'BLUE', status: 'active', dynamic: false, interfaces: ['Ethernet9', 'Ethernet10', 'Vxlan1'] },
      '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: ['Cpu'] },
    },
    planted: [
      { at: [0, 'vlans', '20'], is: undefined, line: 'VLAN 20 removed: was VLAN0020' },
      { at: [0, 'vlans', '100', 'interfaces', 'Ethernet9'], is: undefined, line: 'VLAN 100: Ethernet9 removed' },
    ],
  },
  vxlan: {
    replies: (moving) => [
      showInterfaces(moving),
      { vteps: {}, interfaces: { Vxlan1: { vteps: ['10.0.255.13', '10.0.255.12'] } } },
    ],
    state: {
      source: 'Loopback1',
      vlans: { '20': { vni: 10020, flood: ['10.0.255.12', '10.0.255.13'] }, '120': { vni: 10120, flood: [] } },
      vrfs: { PROD: 500 },
      vteps: ['10.0.255.12', '10.0.255.13'],
    },
    planted: [
      {
        at: [0, 'interfaces', 'Vxlan1', 'vlanToVtepList', '20', 'remoteVtepAddr'],
        is: ['10.0.255.12'],
        line: 'VXLAN VLAN 20 flood list: 10.0.255.13 removed',
      },
      {
        at: [0, 'interfaces', 'Vxlan1', 'vlanToVniMap', '120', 'vni'],
        is: 10121,
        line: 'VXLAN VLAN 120 VNI: 10120 -> 10121',
      },
      {
        at: [0, 'interfaces', 'Vxlan1', 'vrfToVniMap', 'PROD'],
        is: undefined,
        line: 'VXLAN VRF PROD removed: was VNI 500',
      },
      {
        at: [1, 'interfaces', 'Vxlan1', 'vteps'],
        is: ['10.0.255.12', '10.0.255.13', '10.0.255.14'],
        line: 'VXLAN VTEP 10.0.255.14 added',
      },
    ],
  },
}
