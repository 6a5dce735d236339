import { showInterfaces } from './links.ts'
import type { AreaReading } from './reading.ts'

/** A bridge as its identifier is shown. */
const bridge = (priority: number, systemIdExtension: number) => ({
  priority,
  systemIdExtension,
  macAddress: '00:1c:73:aa:01:01',
})

/** What areas of VLANs and their overlay read. */
export const switching: Readonly<Record<string, AreaReading>> = {
  gateways: {
    replies: (moving) => [
      showInterfaces(moving),
      {
        virtualMacs: [{ macAddress: '00:1c:73:00:00:99', macType: 'varp' }],
        virtualRouters: [
          { interface: 'Vlan20', vrfName: 'PROD', state: 'up', virtualIps: [{ ip: '10.10.20.1', mask: 32 }] },
          { interface: 'Ethernet10', vrfName: 'default', virtualIps: [{ ip: '10.1.0.254' }] },
        ],
      },
    ],
    state: {
      macs: ['00:1c:73:00:00:99'],
      interfaces: {
        Ethernet10: { state: '', addresses: ['10.1.0.254'] },
        Vlan20: { state: 'up', addresses: ['10.10.20.1', '10.10.21.1'] },
      },
    },
    planted: [
      {
        at: [0, 'interfaces', 'Vlan20', 'lineProtocolStatus'],
        is: 'lowerLayerDown',
        line: 'gateway Vlan20: up -> lowerLayerDown',
      },
      {
        at: [0, 'interfaces', 'Vlan20', 'interfaceAddress', 0, 'virtualSecondaryIpsOrderedList'],
        is: [],
        line: 'gateway Vlan20: 10.10.21.1 removed',
      },
      {
        at: [1, 'virtualRouters', 1, 'virtualIps'],
        is: [],
        line: 'gateway Ethernet10 removed: was 10.1.0.254',
      },
      {
        at: [1, 'virtualMacs'],
        is: [],
        line: 'gateway MAC address: 00:1c:73:00:00:99 removed',
      },
    ],
  },
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
  'spanning-tree': {
    replies: ({ time }) => [
      {
        instances: {
          MST0: { rootBridge: { ...bridge(4096, 0), helloTime: 2.0, maxAge: 20, forwardDelay: 15 } },
          VL10: { rootBridge: bridge(32_768, 10) },
        },
      },
      {
        spanningTreeInstances: {
          VL10: { protocol: 'rapidPvst', bridge: bridge(32_768, 10), interfaces: {} },
          MST0: {
            protocol: 'mstp',
            interfaces: {
              Ethernet2: { role: 'alternate', state: 'discarding', cost: 2000, linkType: 'p2p', isEdgePort: false },
              Ethernet1: { role: 'root', state: 'forwarding', cost: 2000, linkType: 'p2p', isEdgePort: false },
            },
          },
        },
      },
      {
        unmappedVlans: [],
        topologies: {
          Cist: {
            interfaces: {
              Cpu: { state: 'forwarding', numChanges: 1, lastChange: time },
              Ethernet1: { state: 'forwarding', numChanges: 3, lastChange: time },
            },
          },
          NoStp: { interfaces: { Ethernet2: { state: 'forwarding', numChanges: 15 } } },
        },
      },
    ],
    state: {
      MST0: {
        root: '4096 00:1c:73:aa:01:01',
        ports: {
          Ethernet1: { role: 'root', state: 'forwarding', topologyChanges: 3 },
          Ethernet2: { role: 'alternate', state: 'discarding' },
        },
      },
      VL10: { root: '32778 00:1c:73:aa:01:01', ports: {} },
    },
    planted: [
      {
        at: [0, 'instances', 'MST0', 'rootBridge'],
        is: { ...bridge(0, 0), macAddress: '00:1c:73:aa:09:09' },
        line: 'spanning tree MST0 root: 4096 00:1c:73:aa:01:01 -> 0 00:1c:73:aa:09:09',
      },
      {
        at: [1, 'spanningTreeInstances', 'MST0', 'interfaces', 'Ethernet2'],
        is: { role: 'designated', state: 'forwarding' },
        line: 'spanning tree MST0 Ethernet2: alternate discarding -> designated forwarding',
      },
      {
        at: [2, 'topologies', 'Cist', 'interfaces', 'Ethernet1', 'numChanges'],
        is: 5,
        line: 'spanning tree MST0 Ethernet1 changed in between: 3 -> 5 topology changes',
      },
      {
        at: [1, 'spanningTreeInstances', 'MST0', 'interfaces', 'Ethernet1'],
        is: undefined,
        line: 'spanning tree MST0 Ethernet1 removed: was root forwarding',
      },
      {
        at: [1, 'spanningTreeInstances', 'VL10'],
        is: undefined,
        line: 'spanning tree VL10 removed: was root 32778 00:1c:73:aa:01:01',
      },
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
