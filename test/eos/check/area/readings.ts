import type { Json } from '../../../../src/model/json.ts'

/** Numbers that move on a switch while nothing changes. */
export interface Moving {
  readonly count: number
  readonly time: number
}

/** One thing that becomes another: where in which answer, what stands there then (undefined: nothing), and the line that tells it. */
export interface Planted {
  readonly answer: number
  readonly path: readonly string[]
  readonly is: Json | undefined
  readonly line: string
}

/** One thing that becomes another; `at`: the number of the answer and the path in it, parted by ` / `. */
export function becomes(at: string, is: Json | undefined, line: string): Planted {
  const [answer, ...path] = at.split(' / ')
  return { answer: Number(answer), path, is, line }
}

/** What a switch answers to the commands of an area, its counters and times at these values, the state in it, and what may become of it. */
export interface AreaReading {
  readonly replies: (moving: Moving) => readonly Json[]
  readonly state: Json
  readonly planted: readonly [Planted, ...Planted[]]
}

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
      becomes(
        '0 / interfaceStatuses / Ethernet2 / linkStatus',
        'errdisabled',
        'interface Ethernet2: connected -> errdisabled',
      ),
      becomes(
        '1 / interfaces / Ethernet2 / interfaceCounters / linkStatusChanges',
        9,
        'interface Ethernet2 flapped: 7 -> 9 link changes',
      ),
      becomes('0 / interfaceStatuses / Vxlan1', undefined, 'interface Vxlan1 removed: was connected'),
    ],
  },
  traffic: {
    replies: (moving) => [showInterfaces(moving)],
    state: {
      routed: { Ethernet10: { in: 4e9, out: 12.3e9 }, Ethernet12: { in: 4e9, out: 0 } },
      bridged: { Ethernet2: { in: 400_000_000, out: 427 } },
    },
    planted: [
      becomes(
        '0 / interfaces / Ethernet10 / interfaceStatistics / outBitsRate',
        0.9e9,
        'traffic of all routed ports, out: 12.3 Gb/s -> 900 Mb/s',
      ),
      becomes(
        '0 / interfaces / Ethernet12 / interfaceStatistics / inBitsRate',
        40e9,
        'traffic of all routed ports, in: 8 Gb/s -> 44 Gb/s',
      ),
      becomes('0 / interfaces / Ethernet2', undefined, 'traffic of Ethernet2, in: 400 Mb/s -> 0 kb/s'),
    ],
  },
  errors: {
    replies: (moving) => [showInterfaces(moving)],
    state: { Ethernet2: { fcsErrors: 12, inErrors: 12, outDiscards: 3 } },
    planted: [
      becomes(
        '0 / interfaces / Ethernet2 / interfaceCounters / inputErrorsDetail / fcsErrors',
        252,
        'errors on Ethernet2, fcsErrors: 12 -> 252',
      ),
      becomes(
        '0 / interfaces / Ethernet10 / interfaceCounters / totalInErrors',
        4,
        'errors on Ethernet10, inErrors: 0 -> 4',
      ),
      becomes(
        '0 / interfaces / Ethernet2 / interfaceCounters / outDiscards',
        2,
        'errors on Ethernet2, outDiscards: 2 since the counters were cleared',
      ),
      becomes(
        '0 / interfaces / Ethernet2 / interfaceCounters / outDiscards',
        4,
        'errors on Ethernet2, outDiscards: 3 -> 4',
      ),
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
      becomes(
        '0 / interfaces / Ethernet49/1 / parameters / rxPower / channels / 2',
        -7.25,
        'optics of Ethernet49/1, rx lane 2: -2.5 dBm -> -7.25 dBm',
      ),
      becomes(
        '0 / interfaces / Ethernet49/1 / parameters / txPower / channels / 1',
        undefined,
        'optics of Ethernet49/1, tx lane 1: 0.98 dBm -> dark',
      ),
      becomes('0 / interfaces / Ethernet49/1', undefined, 'optics of Ethernet49/1 removed'),
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
      becomes(
        '0 / lldpNeighbors / 0 / neighborDevice',
        'spine1',
        'LLDP Ethernet10: spine2 Ethernet1 -> spine1 Ethernet1',
      ),
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
      becomes('1 / interfaces / 5 / status', 'active-partial', 'MLAG 5 (Port-Channel5): active-full -> active-partial'),
      becomes('0 / peerLinkStatus', 'down', 'MLAG peer link: up -> down'),
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
      becomes(
        '0 / portChannels / Port-Channel5 / inactivePorts / Ethernet8',
        undefined,
        'Port-Channel5: Ethernet8 removed',
      ),
    ],
  },
}

const bgpSummary = ({ count, time }: Moving) => ({
  vrfs: {
    default: {
      vrf: 'default',
      routerId: '10.255.0.3',
      asn: '65101',
      peers: {
        '10.1.0.10': {
          peerState: 'Active',
          peerAsn: '65001',
          ipv4Unicast: { afiSafiState: 'advertised', nlrisReceived: 0, nlrisAccepted: 0 },
        },
        '10.1.0.9': {
          peerState: 'Established',
          peerAsn: '65001',
          msgReceived: count,
          msgSent: count,
          upDownTime: time,
          ipv4Unicast: { afiSafiState: 'negotiated', nlrisReceived: 50, nlrisAccepted: 49 },
          l2VpnEvpn: { afiSafiState: 'negotiated', nlrisReceived: 120, nlrisAccepted: 120 },
        },
      },
    },
    EMPTY: { vrf: 'EMPTY', peers: {} },
  },
})

const ipBgpSummary = ({ time }: Moving) => ({
  vrfs: { default: { peers: { '10.1.0.9': { peerState: 'Established', asn: '65001', upDownTime: time } } } },
})

const neighbor = (peerAddress: string, more: Readonly<Record<string, Json>>) => ({
  peerAddress,
  state: 'Established',
  prefixesSent: 0,
  prefixesReceived: 0,
  v6PrefixesSent: 0,
  v6PrefixesReceived: 0,
  ...more,
})

/** The sessions in full: the shorter list lacks the peer of a port, and does not tell limits. */
const bgpNeighbors = ({ count, time }: Moving) => [
  {
    vrfs: {
      default: {
        peerList: [
          neighbor('10.1.0.9', {
            prefixesSent: 30,
            prefixesReceived: 9000,
            evpnSent: 112,
            evpnReceived: 500,
            maxTotalRoutes: 12_000,
            totalRoutesWarnLimit: 9600,
            sentMessages: count,
            establishedTime: time,
          }),
          neighbor('fe80::2', { prefixesSent: 3, v6PrefixesSent: 4, maxTotalRoutes: 0, totalRoutesWarnLimit: 0 }),
        ],
      },
      PROD: { peerList: [] },
    },
  },
  { vrfs: { default: { peerList: [neighbor('10.1.0.9', { prefixesSent: 30, receivedMessages: count })] } } },
]

const route = (nexthops: readonly string[]) => ({
  routeType: 'eBGP',
  routeAction: 'forward',
  preference: 20,
  metric: 0,
  hardwareProgrammed: true,
  vias: nexthops.map((nexthopAddr) => ({ nexthopAddr, interface: 'Ethernet1' })),
})

const host = (vtepAddr: string) => ({
  routeType: 'eBGP',
  preference: 200,
  metric: 0,
  vias: [{ vtepAddr, nexthopAddr: '', routerMac: '00:1c:73:aa:02:03', vni: 500 }],
})

const IPV6_HOP = { nexthopAddr: 'fe80::2', interface: 'Ethernet1' }

/** The routing tables of two VRFs. */
const ipRoutes = ({ count }: Moving) => [
  {
    vrfs: {
      default: {
        routingDisabled: false,
        routes: {
          '10.9.0.0/24': route(['10.1.0.11', '10.1.0.9']),
          '0.0.0.0/0': { routeType: 'static', routeAction: 'drop', preference: 1, metric: 0, vias: [] },
          '10.1.0.8/31': {
            routeType: 'connected',
            kernelProgrammed: count > 9,
            vias: [{ interface: 'Ethernet1' }],
          },
        },
      },
      PROD: { routes: { '10.9.9.9/32': host('10.0.251.13'), '10.9.9.0/24': host('10.0.251.13') } },
    },
  },
]

/** What areas of neighbours and routes read. */
export const routing: Readonly<Record<string, AreaReading>> = {
  arp: {
    replies: ({ count }) => [
      {
        vrfs: {
          PROD: { dynamicEntries: 0, totalEntries: 0, ipV4Neighbors: [] },
          default: {
            totalEntries: 4,
            ipV4Neighbors: ['1', '3', '5', '7'].map((end) => ({
              address: `10.1.0.${end}`,
              hwAddress: '001c.73aa.0201',
              interface: 'Ethernet1',
              age: count,
            })),
          },
        },
      },
    ],
    state: { PROD: 0, default: 4 },
    planted: [
      becomes('0 / vrfs / default / ipV4Neighbors', [{ address: '10.1.0.1' }], 'ARP entries in default: 4 -> 1'),
    ],
  },
  bfd: {
    replies: ({ count, time }) => [
      {
        vrfs: {
          PROD: { ipv4Neighbors: {}, ipv6Neighbors: {} },
          default: {
            ipv4Neighbors: {
              '10.1.0.9': { peerStats: { Ethernet1: { status: 'up', remoteDisc: count, lastUp: time } } },
              '10.0.0.7': { peerStats: { '': { status: 'down', localDisc: count, lastDown: time } } },
            },
          },
        },
      },
    ],
    state: { default: { '10.0.0.7': 'down', '10.1.0.9 on Ethernet1': 'up' } },
    planted: [
      becomes(
        '0 / vrfs / default / ipv4Neighbors / 10.1.0.9 / peerStats / Ethernet1 / status',
        'down',
        'BFD 10.1.0.9 on Ethernet1 in default: up -> down',
      ),
    ],
  },
  bgp: {
    replies: (moving) => [bgpSummary(moving), ipBgpSummary(moving)],
    state: {
      default: {
        '10.1.0.9': {
          state: 'Established',
          asn: '65001',
          families: { ipv4Unicast: 'negotiated', l2VpnEvpn: 'negotiated' },
        },
        '10.1.0.10': { state: 'Active', asn: '65001', families: { ipv4Unicast: 'advertised' } },
      },
    },
    planted: [
      becomes(
        '0 / vrfs / default / peers / 10.1.0.9 / peerState',
        'Idle',
        'BGP 10.1.0.9 in default: Established -> Idle',
      ),
      becomes('0 / vrfs / default / peers / 10.1.0.10', undefined, 'BGP 10.1.0.10 in default removed: was Active'),
    ],
  },
  'bgp-advertised': {
    replies: bgpNeighbors,
    state: {
      default: { '10.1.0.9': { ipv4Unicast: 30, l2VpnEvpn: 112 }, 'fe80::2': { ipv4Unicast: 3, ipv6Unicast: 4 } },
    },
    planted: [
      becomes(
        '0 / vrfs / default / peerList / 0 / prefixesSent',
        0,
        'BGP 10.1.0.9 in default, ipv4Unicast prefixes sent: 30 -> 0',
      ),
      becomes(
        '0 / vrfs / default / peerList / 1 / v6PrefixesSent',
        90_000,
        'BGP fe80::2 in default, ipv6Unicast prefixes sent: 4 -> 90000',
      ),
      becomes(
        '0 / vrfs / default / peerList / 0 / evpnSent',
        56,
        'BGP 10.1.0.9 in default, l2VpnEvpn prefixes sent: 112 -> 56',
      ),
    ],
  },
  'bgp-limits': {
    replies: bgpNeighbors,
    state: {
      default: {
        '10.1.0.9': { limit: 12_000, warnAt: 9600, received: 9500 },
        'fe80::2': { limit: 0, warnAt: 0, received: 0 },
      },
    },
    planted: [
      becomes(
        '0 / vrfs / default / peerList / 0 / maxTotalRoutes',
        256_000,
        'BGP 10.1.0.9 in default, limit of routes: 12000 -> 256000',
      ),
      becomes(
        '0 / vrfs / default / peerList / 0 / prefixesReceived',
        9100,
        'BGP 10.1.0.9 in default is near its limit: 9600 of 12000 routes',
      ),
      becomes(
        '0 / vrfs / default / peerList / 0 / totalRoutesWarnLimit',
        9000,
        'BGP 10.1.0.9 in default is near its limit: 9500 of 12000 routes',
      ),
      becomes(
        '0 / vrfs / default / peerList / 1 / maxTotalRoutes',
        12_000,
        'BGP fe80::2 in default, limit of routes: none -> 12000',
      ),
    ],
  },
  'bgp-prefixes': {
    replies: (moving) => [bgpSummary(moving), ipBgpSummary(moving)],
    state: { default: { '10.1.0.9': { ipv4Unicast: 49, l2VpnEvpn: 120 }, '10.1.0.10': { ipv4Unicast: 0 } } },
    planted: [
      becomes(
        '0 / vrfs / default / peers / 10.1.0.9 / ipv4Unicast / nlrisAccepted',
        24,
        'BGP 10.1.0.9 in default, ipv4Unicast prefixes: 49 -> 24',
      ),
      becomes(
        '0 / vrfs / default / peers / 10.1.0.9 / l2VpnEvpn',
        undefined,
        'BGP 10.1.0.9 in default, l2VpnEvpn prefixes: 120 -> 0',
      ),
    ],
  },
  evpn: {
    replies: () => [
      {
        vrf: 'default',
        asn: 65101,
        evpnRoutes: {
          'RD: 10.0.250.11:110 imet 10.0.251.11': { totalPaths: 1, routeKeyDetail: { nlriType: 'imet' } },
          'RD: 10.0.250.13:110 imet 10.0.251.13': { totalPaths: 2, routeKeyDetail: { nlriType: 'imet' } },
          'RD: 10.0.250.13:500 ip-prefix 10.9.0.0/24': { routeKeyDetail: { nlriType: 'ip-prefix' } },
        },
      },
    ],
    state: { imet: 2, 'ip-prefix': 1 },
    planted: [becomes('0 / evpnRoutes / RD: 10.0.250.13:110 imet 10.0.251.13', undefined, 'EVPN imet routes: 2 -> 1')],
  },
  exits: {
    replies: ipRoutes,
    state: {
      PROD: { default: '', over: { 'VTEP 10.0.251.13 VNI 500': 2 } },
      default: { default: 'static [1/0] drop', over: { '10.1.0.9 Ethernet1': 1, '10.1.0.11 Ethernet1': 1 } },
    },
    planted: [
      becomes(
        '0 / vrfs / default / routes / 0.0.0.0/0',
        undefined,
        'default route in default: static [1/0] drop -> none',
      ),
      becomes(
        '0 / vrfs / default / routes / 0.0.0.0/0 / routeAction',
        'forward',
        'default route in default: static [1/0] drop -> static [1/0]',
      ),
      becomes(
        '0 / vrfs / PROD / routes',
        Object.fromEntries(['1', '2', '3', '4', '5'].map((end) => [`10.9.${end}.0/24`, host('10.0.251.13')])),
        'routes over VTEP 10.0.251.13 VNI 500 in PROD: 2 -> 5',
      ),
    ],
  },
  'ipv6-routes': {
    replies: () => [
      {
        vrfs: {
          PROD: { routes: { '2001:db8:9::/64': { routeType: 'eBGP', preference: 200, metric: 0, vias: [IPV6_HOP] } } },
          default: {
            routes: { '2001:db8:1::/64': { routeType: 'connected', vias: [{ interface: 'Ethernet1' }] } },
          },
        },
      },
    ],
    state: {
      PROD: { routes: { '2001:db8:9::/64': 'eBGP [200/0] via fe80::2 Ethernet1' }, hosts: 0 },
      default: { routes: { '2001:db8:1::/64': 'connected via Ethernet1' }, hosts: 0 },
    },
    planted: [
      becomes(
        '0 / vrfs / PROD / routes / 2001:db8:9::/64',
        undefined,
        'route 2001:db8:9::/64 in PROD removed: was eBGP [200/0] via fe80::2 Ethernet1',
      ),
      becomes(
        '0 / vrfs / PROD / routes / 2001:db8:9::/64 / vias',
        [IPV6_HOP, { nexthopAddr: 'fe80::3', interface: 'Ethernet2' }],
        'route 2001:db8:9::/64 in PROD gained fe80::3 Ethernet2',
      ),
    ],
  },
  isis: {
    replies: ({ time }) => [
      {
        vrfs: {
          default: {
            isisInstances: {
              CORE: {
                neighbors: {
                  '0000.0000.0011': {
                    adjacencies: [
                      {
                        hostname: 'p1',
                        interfaceName: 'Ethernet1',
                        state: 'up',
                        level: 'level-2',
                        lastHelloTime: time,
                      },
                    ],
                  },
                  '0000.0000.0012': { adjacencies: [{ hostname: '', interfaceName: 'Ethernet2', state: 'init' }] },
                },
              },
            },
          },
        },
      },
    ],
    state: {
      default: {
        '0000.0000.0012 on Ethernet2': { instance: 'CORE', state: 'init' },
        'p1 on Ethernet1 level-2': { instance: 'CORE', state: 'up' },
      },
    },
    planted: [
      becomes(
        '0 / vrfs / default / isisInstances / CORE / neighbors / 0000.0000.0011 / adjacencies / 0 / state',
        'down',
        'IS-IS p1 on Ethernet1 level-2 in default: up -> down',
      ),
    ],
  },
  ospf: {
    replies: ({ count, time }) => [
      {
        vrfs: {
          default: {
            instList: {
              '10': {
                ospfNeighborEntries: [
                  {
                    routerId: '10.15.15.15',
                    priority: 1,
                    interfaceName: 'Ethernet2',
                    interfaceAddress: '192.168.1.2',
                    adjacencyState: 'full',
                    drState: null,
                    inactivity: time,
                    details: { areaId: '0.0.0.0', stateTime: time, retransmissionCount: count },
                  },
                ],
              },
            },
          },
          PROD: { instList: { '20': { ospfNeighborEntries: [] } } },
        },
      },
    ],
    state: {
      default: {
        '10.15.15.15 on Ethernet2': { neighbor: '10.15.15.15', instance: '10', area: '0.0.0.0', state: 'full' },
      },
    },
    planted: [
      becomes(
        '0 / vrfs / default / instList / 10 / ospfNeighborEntries / 0 / adjacencyState',
        'init',
        'OSPF 10.15.15.15 on Ethernet2 in default: full -> init',
      ),
      becomes(
        '0 / vrfs / default / instList / 10 / ospfNeighborEntries',
        [],
        'OSPF 10.15.15.15 on Ethernet2 in default removed: was full',
      ),
    ],
  },
  'route-counts': {
    replies: () => [
      {
        vrfs: {
          TRANSIT: { totalRoutes: 1500 },
          default: {
            connected: 5,
            static: 0,
            bgpCounts: { bgpTotal: 120, bgpExternal: 120, bgpInternal: 0 },
            ospfCounts: { ospfTotal: 0 },
            totalRoutes: 125,
            maskLen: { '24': 100, '32': 25 },
          },
        },
      },
    ],
    state: { TRANSIT: { all: 1500 }, default: { bgp: 120, connected: 5 } },
    planted: [
      becomes('0 / vrfs / default / bgpCounts / bgpTotal', 60, 'bgp routes in default: 120 -> 60'),
      becomes('0 / vrfs / TRANSIT / totalRoutes', 700, 'all routes in TRANSIT: 1500 -> 700'),
      becomes('0 / vrfs / default / connected', 0, 'connected routes in default: 5 -> 0'),
    ],
  },
  routes: {
    replies: ipRoutes,
    state: {
      PROD: { routes: { '10.9.9.0/24': 'eBGP [200/0] via VTEP 10.0.251.13 VNI 500' }, hosts: 1 },
      default: {
        routes: {
          '0.0.0.0/0': 'static [1/0] drop',
          '10.1.0.8/31': 'connected via Ethernet1',
          '10.9.0.0/24': 'eBGP [20/0] via 10.1.0.9 Ethernet1, 10.1.0.11 Ethernet1',
        },
        hosts: 0,
      },
    },
    planted: [
      becomes(
        '0 / vrfs / default / routes / 10.9.0.0/24',
        undefined,
        'route 10.9.0.0/24 in default removed: was eBGP [20/0] via 10.1.0.9 Ethernet1, 10.1.0.11 Ethernet1',
      ),
      becomes(
        '0 / vrfs / default / routes / 10.9.0.0/24 / vias / 0',
        { nexthopAddr: '10.1.0.9', interface: 'Ethernet1' },
        'route 10.9.0.0/24 in default lost 10.1.0.11 Ethernet1',
      ),
      becomes(
        '0 / vrfs / default / routes / 10.9.0.0/24 / metric',
        30,
        'route 10.9.0.0/24 in default: eBGP [20/0] via 10.1.0.9 Ethernet1, 10.1.0.11 Ethernet1 -> eBGP [20/30] via 10.1.0.9 Ethernet1, 10.1.0.11 Ethernet1',
      ),
      becomes('0 / vrfs / PROD / routes / 10.9.9.9/32', undefined, 'host routes in PROD: 1 -> 0'),
    ],
  },
}
