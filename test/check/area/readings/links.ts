import type { Json } from '../../../../src/model/json.ts'
import type { AreaReading, Moving } from './reading.ts'

/** `show interfaces` of a VTEP with two ports. */
export const showInterfaces = ({ count, time }: Moving): Json => ({
  interfaces: {
    Vxlan1: {
      name: 'Vxlan1',
      hardware: 'vxlan',
      srcIpIntf: 'Loopback1',
      vlanToVniMap: { '1199': { vni: 500, source: 'evpn' }, '120': { vni: 10120, source: '' }, '20': { vni: 10020 } },
      vrfToVniMap: { PROD: 500 },
      vlanToVtepList: {
        '20': { remoteVtepAddr: ['10.0.255.13', '10.0.255.12'], remoteVtepAddr6: [] },
        '1199': { remoteVtepAddr: ['10.0.255.12'], remoteVtepAddr6: [] },
      },
    },
    Ethernet10: {
      name: 'Ethernet10',
      hardware: 'ethernet',
      forwardingModel: 'routed',
      lastStatusChangeTimestamp: time,
      interfaceStatistics: { inBitsRate: 4e9, outBitsRate: 12.3e9, outPktsRate: time },
      interfaceCounters: {
        inOctets: count,
        totalInErrors: 0,
        totalOutErrors: 0,
        inDiscards: 0,
        outDiscards: 0,
        inputErrorsDetail: { fcsErrors: 0, rxPause: count },
        outputErrorsDetail: { txPause: count, deferredTransmissions: count, collisions: 0 },
        linkStatusChanges: 1,
        counterRefreshTime: time,
      },
    },
    Ethernet2: {
      name: 'Ethernet2',
      hardware: 'ethernet',
      forwardingModel: 'bridged',
      interfaceStatistics: { inBitsRate: 400_000_000.4, outBitsRate: 426.5, inPktsRate: count },
      lastStatusChangeTimestamp: time,
      interfaceCounters: {
        inUcastPkts: count,
        totalInErrors: 12,
        totalOutErrors: 0,
        inDiscards: 0,
        outDiscards: 3,
        inputErrorsDetail: { fcsErrors: 12, symbolErrors: 0 },
        outputErrorsDetail: {},
        linkStatusChanges: 7,
      },
    },
    Ethernet12: {
      hardware: 'ethernet',
      forwardingModel: 'routed',
      interfaceStatistics: { inBitsRate: 4e9, outBitsRate: 0.0 },
    },
    Ethernet13: {
      hardware: 'ethernet',
      forwardingModel: 'dataLink',
      interfaceStatistics: { inBitsRate: 9e9, outBitsRate: 9e9 },
    },
    Management1: {
      hardware: 'ethernet',
      forwardingModel: 'routed',
      interfaceStatistics: { inBitsRate: 2e6, outBitsRate: 2e6 },
    },
    Vlan20: {
      hardware: 'vlan',
      interfaceStatus: 'connected',
      lineProtocolStatus: 'up',
      interfaceAddress: [
        {
          primaryIp: { address: '0.0.0.0', maskLen: 0 },
          virtualIp: { address: '10.10.20.1', maskLen: 24 },
          virtualSecondaryIpsOrderedList: [{ address: '10.10.21.1', maskLen: 24 }],
        },
      ],
    },
    Loopback0: { name: 'Loopback0', lastStatusChangeTimestamp: time },
  },
})

/** What areas of ports, cables and bundles read. */
export const links: Readonly<Record<string, AreaReading>> = {
  interfaces: {
    replies: (moving) => [
      {
        interfaceStatuses: {
          Ethernet10: {
            linkStatus: 'notconnect',
            bandwidth: 0,
            duplex: 'duplexUnknown',
            lastChangeTime: moving.time,
            vlanInformation: { interfaceMode: 'trunk', interfaceForwardingModel: 'bridged' },
          },
          Ethernet2: {
            linkStatus: 'connected',
            bandwidth: 100_000_000_000,
            duplex: 'duplexFull',
            description: 'to spine1',
            interfaceType: '100GBASE-SR4',
            inOctets: moving.count,
            vlanInformation: { interfaceMode: 'bridged', vlanId: 10, interfaceForwardingModel: 'bridged' },
          },
          Vxlan1: { linkStatus: 'connected' },
        },
      },
      showInterfaces(moving),
    ],
    state: {
      Ethernet2: {
        link: 'connected',
        mode: 'bridged',
        vlan: 10,
        bandwidth: 100_000_000_000,
        duplex: 'duplexFull',
        linkChanges: 7,
      },
      Ethernet10: { link: 'notconnect', mode: 'trunk', vlan: 0, bandwidth: 0, duplex: 'duplexUnknown', linkChanges: 1 },
      Vlan20: { link: 'connected', mode: '', vlan: 0, bandwidth: 0, duplex: '' },
      Vxlan1: { link: 'connected', mode: '', vlan: 0, bandwidth: 0, duplex: '' },
    },
    planted: [
      {
        at: [0, 'interfaceStatuses', 'Ethernet2', 'linkStatus'],
        is: 'errdisabled',
        line: 'interface Ethernet2: connected -> errdisabled',
      },
      {
        at: [1, 'interfaces', 'Ethernet2', 'interfaceCounters', 'linkStatusChanges'],
        is: 9,
        line: 'interface Ethernet2 flapped: 7 -> 9 link changes',
      },
      { at: [0, 'interfaceStatuses', 'Vxlan1'], is: undefined, line: 'interface Vxlan1 removed: was connected' },
    ],
  },
  traffic: {
    replies: (moving) => [showInterfaces(moving)],
    state: {
      routed: { Ethernet10: { in: 4e9, out: 12.3e9 }, Ethernet12: { in: 4e9, out: 0 } },
      bridged: { Ethernet2: { in: 400_000_000, out: 427 } },
    },
    planted: [
      {
        at: [0, 'interfaces', 'Ethernet10', 'interfaceStatistics', 'outBitsRate'],
        is: 0.9e9,
        line: 'traffic of all routed ports, out: 12.3 Gb/s -> 900 Mb/s',
      },
      {
        at: [0, 'interfaces', 'Ethernet12', 'interfaceStatistics', 'inBitsRate'],
        is: 40e9,
        line: 'traffic of all routed ports, in: 8 Gb/s -> 44 Gb/s',
      },
      {
        at: [0, 'interfaces', 'Ethernet2'],
        is: undefined,
        line: 'traffic of Ethernet2, in: 400 Mb/s -> 0 kb/s',
      },
    ],
  },
  errors: {
    replies: (moving) => [showInterfaces(moving)],
    state: { Ethernet2: { fcsErrors: 12, inErrors: 12, outDiscards: 3 } },
    planted: [
      {
        at: [0, 'interfaces', 'Ethernet2', 'interfaceCounters', 'inputErrorsDetail', 'fcsErrors'],
        is: 252,
        line: 'errors on Ethernet2, fcsErrors: 12 -> 252',
      },
      {
        at: [0, 'interfaces', 'Ethernet10', 'interfaceCounters', 'totalInErrors'],
        is: 4,
        line: 'errors on Ethernet10, inErrors: 0 -> 4',
      },
      {
        at: [0, 'interfaces', 'Ethernet2', 'interfaceCounters', 'outDiscards'],
        is: 2,
        line: 'errors on Ethernet2, outDiscards: 2 since the counters were cleared',
      },
      {
        at: [0, 'interfaces', 'Ethernet2', 'interfaceCounters', 'outDiscards'],
        is: 4,
        line: 'errors on Ethernet2, outDiscards: 3 -> 4',
      },
    ],
  },
  optics: {
    replies: ({ time }) => [
      {
        interfaces: {
          'Ethernet50/1': { parameters: {} },
          'Ethernet49/1': {
            displayName: 'Ethernet49/1',
            mediaType: '100GBASE-LR4',
            parameters: {
              temperature: { unit: 'C', channels: { '-': time } },
              rxPower: { unit: 'dBm', channels: { '1': -2.006, '2': -2.5 }, threshold: { lowAlarm: -13 } },
              txPower: { unit: 'dBm', channels: { '1': 0.98, '2': 1.1 } },
            },
          },
        },
      },
    ],
    state: { 'Ethernet49/1': { rx: { '1': -201, '2': -250 }, tx: { '1': 98, '2': 110 } } },
    planted: [
      {
        at: [0, 'interfaces', 'Ethernet49/1', 'parameters', 'rxPower', 'channels', '2'],
        is: -7.25,
        line: 'optics of Ethernet49/1, rx lane 2: -2.5 dBm -> -7.25 dBm',
      },
      {
        at: [0, 'interfaces', 'Ethernet49/1', 'parameters', 'txPower', 'channels', '1'],
        is: undefined,
        line: 'optics of Ethernet49/1, tx lane 1: 0.98 dBm -> dark',
      },
      { at: [0, 'interfaces', 'Ethernet49/1'], is: undefined, line: 'optics of Ethernet49/1 removed' },
    ],
  },
  lldp: {
    replies: ({ count, time }) => [
      {
        tablesLastChangeTime: time,
        tablesAgeOuts: count,
        tablesInserts: count,
        tablesDeletes: count,
        tablesDrops: 0,
        lldpNeighbors: [
          { port: 'Ethernet10', neighborDevice: 'spine2', neighborPort: 'Ethernet1', ttl: 120 },
          { port: 'Ethernet9', neighborDevice: 'spine1', neighborPort: 'Ethernet10', ttl: count },
          { port: 'Ethernet9', neighborDevice: 'spine1', neighborPort: 'Ethernet9', ttl: count },
        ],
      },
    ],
    state: {
      Ethernet9: [
        { device: 'spine1', port: 'Ethernet9' },
        { device: 'spine1', port: 'Ethernet10' },
      ],
      Ethernet10: [{ device: 'spine2', port: 'Ethernet1' }],
    },
    planted: [
      {
        at: [0, 'lldpNeighbors', 0, 'neighborDevice'],
        is: 'spine1',
        line: 'LLDP Ethernet10: spine2 Ethernet1 -> spine1 Ethernet1',
      },
    ],
  },
  mlag: {
    replies: ({ count, time }) => [
      {
        domainId: 'pair1',
        peerLink: 'Port-Channel1',
        state: 'active',
        negStatus: 'connected',
        peerLinkStatus: 'up',
        localIntfStatus: 'up',
        configSanity: 'consistent',
        mlagPorts: { 'Active-full': 1, Inactive: 1 },
        detail: { udpHeartbeatsSent: count, stateChanges: count, lastStateChangeTime: time },
      },
      {
        interfaces: {
          '40': { localInterface: 'Port-Channel40', status: 'inactive', localInterfaceStatus: 'down' },
          '5': { localInterface: 'Port-Channel5', status: 'active-full', localInterfaceStatus: 'up' },
        },
      },
    ],
    state: {
      state: 'active',
      negotiation: 'connected',
      peerLink: 'up',
      localInterface: 'up',
      configSanity: 'consistent',
      interfaces: {
        '5': { interface: 'Port-Channel5', status: 'active-full' },
        '40': { interface: 'Port-Channel40', status: 'inactive' },
      },
    },
    planted: [
      {
        at: [1, 'interfaces', '5', 'status'],
        is: 'active-partial',
        line: 'MLAG 5 (Port-Channel5): active-full -> active-partial',
      },
      { at: [0, 'peerLinkStatus'], is: 'down', line: 'MLAG peer link: up -> down' },
    ],
  },
  portchannel: {
    replies: ({ count, time }) => [
      {
        portChannels: {
          'Port-Channel5': {
            activePorts: { PeerEthernet4: { timeBecameActive: time }, Ethernet4: { timeBecameActive: time } },
            inactivePorts: { Ethernet8: { reasonUnconfigured: 'waiting for LACP response', timeBecameInactive: time } },
            rxPorts: {},
            currWeight: count,
          },
        },
      },
    ],
    state: { 'Port-Channel5': { active: ['Ethernet4', 'PeerEthernet4'], inactive: ['Ethernet8'] } },
    planted: [
      {
        at: [0, 'portChannels', 'Port-Channel5', 'inactivePorts', 'Ethernet8'],
        is: undefined,
        line: 'Port-Channel5: Ethernet8 removed',
      },
    ],
  },
}
