import type { JsonObject } from '../../../../src/model/json.ts'
import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const addressed = (address: string, secondary: readonly string[] = []) => ({
  interfaceAddress: {
    primaryIp: { address, maskLen: 31 },
    secondaryIpsOrderedList: secondary.map((one) => ({ address: one, maskLen: 31 })),
  },
})
const up = { lineProtocolStatus: 'up', interfaceStatus: 'connected' }
const routed = (mtu: number) => ({ forwardingModel: 'routed', mtu })
const bridged = (mtu: number) => ({ forwardingModel: 'bridged', mtu })

const ipv4 = {
  interfaces: [
    { name: 'et1', primary_ip: '192.0.2.0/31', secondary_ips: ['198.51.100.2/31', '198.51.100.0/31'] },
    { name: 'Vlan110', primary_ip: '203.0.113.0/31' },
  ],
}

/** What the checks of addresses, MTUs and IP interfaces must say. */
export const addressesInterfaces: readonly Row[] = [
  ...rowsOf('VerifyInterfaceIPv4', { command: 'show ip interface', inputs: ipv4 }, [
    passes('as given, in any order', {
      interfaces: {
        Ethernet1: addressed('192.0.2.0', ['198.51.100.0', '198.51.100.2']),
        Vlan110: addressed('203.0.113.0', ['198.51.100.8']),
      },
    }),
    fails(
      'others',
      { interfaces: { Ethernet1: addressed('192.0.2.2', ['198.51.100.0']), Vlan110: addressed('203.0.113.2') } },
      `
        Interface: Ethernet1 - IP address mismatch - Expected: 192.0.2.0/31 Actual: 192.0.2.2/31
        Interface: Ethernet1 - Secondary IP address mismatch - Expected: 198.51.100.0/31, 198.51.100.2/31 Actual: 198.51.100.0/31
        Interface: Vlan110 - IP address mismatch - Expected: 203.0.113.0/31 Actual: 203.0.113.2/31
      `,
    ),
    fails(
      'no secondary address, and no interface',
      { interfaces: { Ethernet1: addressed('192.0.2.0') } },
      `
        Interface: Ethernet1 - Secondary IP address is not configured
        Interface: Vlan110 - Not found
      `,
    ),
    fails(
      'no address, and only a secondary one',
      {
        interfaces: {
          Ethernet1: { interfaceAddress: {} },
          Vlan110: { interfaceAddress: { secondaryIpsOrderedList: [{ address: '203.0.113.0', maskLen: 31 }] } },
        },
      },
      `
        Interface: Ethernet1 - IP address is not configured
        Interface: Vlan110 - IP address is not configured
      `,
    ),
    fails(
      'empty',
      {},
      `
        Interface: Ethernet1 - Not found
        Interface: Vlan110 - Not found
      `,
    ),
  ]),
  ...rowsOf('VerifyIPProxyARP', { command: 'show ip interface', inputs: { interfaces: ['et1', 'Vlan110'] } }, [
    passes('enabled', { interfaces: { Ethernet1: { proxyArp: true }, Vlan110: { proxyArp: true } } }),
    fails(
      'disabled, and not told',
      { interfaces: { Ethernet1: { proxyArp: false }, Vlan110: { proxyArp: true } } },
      'Interface: Ethernet1 - Proxy-ARP disabled',
    ),
    fails(
      'empty',
      {},
      `
        Interface: Ethernet1 - Not found
        Interface: Vlan110 - Not found
      `,
    ),
  ]),
  ...rowsOf(
    'VerifyIpVirtualRouterMac',
    {
      command: 'show ip virtual-router',
      empty: 'answered in an unknown shape at virtualMacs',
      inputs: { mac_address: '001c.7300.dc01' },
    },
    [
      passes('one of two', { virtualMacs: [{ macAddress: '00:00:5e:00:53:01' }, { macAddress: '00:1c:73:00:dc:01' }] }),
      fails('none', { virtualMacs: [] }, 'IP virtual router MAC address: 00:1c:73:00:dc:01 - Not configured'),
    ],
  ),
  ...rowsOf(
    'VerifyLoopbackCount',
    { command: 'show ip interface brief', empty: 'answered in an unknown shape at interfaces', inputs: { number: 2 } },
    [
      passes('two, up', { interfaces: { Loopback0: up, Loopback1: up, Vlan110: {} } }),
      passes('none where none should be', { interfaces: { Vlan110: up } }, { number: 0 }),
      fails(
        'one, down',
        { interfaces: { Loopback0: { lineProtocolStatus: 'down', interfaceStatus: 'disabled' } } },
        `
        Interface: Loopback0 - Invalid line protocol status - Expected: up Actual: down
        Interface: Loopback0 - Invalid interface status - Expected: connected Actual: disabled
        Loopback interface(s) count mismatch: Expected 2 Actual: 1
      `,
      ),
    ],
  ),
  ...rowsOf('VerifySVI', { command: 'show ip interface brief', empty: 'answered in an unknown shape at interfaces' }, [
    passes('up', { interfaces: { Vlan110: up, Ethernet1: {} } }),
    fails(
      'down, and not told',
      {
        interfaces: {
          Vlan110: { lineProtocolStatus: 'lowerLayerDown', interfaceStatus: 'connected' },
          Vlan120: { lineProtocolStatus: 'up', interfaceStatus: 'connected' },
        },
      },
      'SVI: Vlan110 - Invalid line protocol status - Expected: up Actual: lowerLayerDown',
    ),
  ]),
  ...rowsOf(
    'VerifyL3MTU',
    {
      command: 'show interfaces',
      empty: 'answered in an unknown shape at interfaces',
      inputs: { mtu: 9000, specific_mtu: [{ et2: 1500 }] },
    },
    [
      passes('as given', {
        interfaces: {
          Ethernet1: routed(9000),
          Ethernet2: routed(1500),
          Ethernet3: bridged(9214),
          Loopback0: routed(65_535),
        },
      }),
      fails(
        'what is ignored comes before what is specific, and replaces the kinds ignored else',
        { interfaces: { Ethernet2: routed(9000), Loopback0: routed(65_535) } },
        'Interface: Loopback0 - Incorrect MTU - Expected: 1500 Actual: 65535',
        { ignored_interfaces: ['Ethernet2'], specific_mtu: [{ Ethernet2: 1500 }] },
      ),
      errs('no interface at all', { interfaces: {} }, '`show interfaces`: The answer tells of no interface'),
    ],
  ),
  ...rowsOf('VerifyL2MTU', { command: 'show interfaces', empty: 'answered in an unknown shape at interfaces' }, [
    passes('as it is by default', { interfaces: { Ethernet1: bridged(9214), Ethernet2: routed(1500) } }),
    fails(
      'another',
      { interfaces: { Ethernet1: bridged(1500), 'Port-Channel7': bridged(9000), Vxlan1: bridged(0) } },
      `
        Interface: Ethernet1 - Incorrect MTU - Expected: 9214 Actual: 1500
        Interface: Port-Channel7 - Incorrect MTU - Expected: 8000 Actual: 9000
      `,
      { specific_mtu: [{ Po7: 8000 }] },
    ),
  ]),
]

const rates = (inBpsRate: number, outBpsRate: number) => ({ inBpsRate, outBpsRate })
const full = { duplex: 'duplexFull', bandwidth: 1_000_000_000 }

const quiet = {
  inDiscards: 0,
  outDiscards: 0,
  linkStatusChanges: 1,
  totalInErrors: 0,
  totalOutErrors: 0,
  inputErrorsDetail: { runtFrames: 0, giantFrames: 0, fcsErrors: 0, alignmentErrors: 0, symbolErrors: 0, rxPause: 99 },
  outputErrorsDetail: { collisions: 0, lateCollisions: 0, deferredTransmissions: 0, txPause: 99 },
}
const port = (interfaceCounters: JsonObject) => ({
  interfaceStatus: 'connected',
  lineProtocolStatus: 'up',
  lastStatusChangeTimestamp: 1_794_957_100,
  interfaceCounters: { ...quiet, ...interfaceCounters },
})

/** What the checks of counters and rates must say. */
export const countersInterfaces: readonly Row[] = [
  ...rowsOf('VerifyInterfaceUtilization', { command: 'show interfaces counters rates' }, [
    passes('at most three quarters; one is not connected', [
      { interfaces: { Ethernet1: rates(750_000_000, 0), Ethernet2: rates(0, 0), Ethernet3: rates(0, 0) } },
      {
        interfaceStatuses: {
          Ethernet1: full,
          Ethernet2: { duplex: 'duplexUnknown', bandwidth: 0 },
          Ethernet3: { duplex: 'duplexFull', bandwidth: 0 },
        },
      },
    ]),
    fails(
      'both directions, half duplex, and no status',
      [
        { interfaces: { Ethernet1: rates(800_000_000, 912_500_000), Ethernet2: rates(1, 1), Ethernet3: rates(1, 1) } },
        { interfaceStatuses: { Ethernet1: full, Ethernet2: { ...full, duplex: 'duplexHalf' } } },
      ],
      `
        Interface: Ethernet1 - Ingress traffic rate (BPS) exceeds threshold - Expected: <= 75.0% Actual: 80.0%
        Interface: Ethernet1 - Egress traffic rate (BPS) exceeds threshold - Expected: <= 75.0% Actual: 91.25%
        Interface: Ethernet2 - Test not implemented for non-full-duplex interfaces - Expected: duplexFull Actual: duplexHalf
        Interface: Ethernet3 - Not found
      `,
    ),
    fails(
      'interfaces that were named',
      [
        { interfaces: { Ethernet1: rates(0, 0), Ethernet2: rates(0, 0) } },
        { interfaceStatuses: { Ethernet1: full, Ethernet2: { ...full, bandwidth: 0 } } },
      ],
      `
        Interface: Ethernet2 - Cannot get interface utilization due to null bandwidth value
        Interface: Ethernet3 - Not found
      `,
      { interfaces: ['et1', 'et2', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces counters rates` does not tell interfaces'),
    errs(
      'no interface at all',
      [{ interfaces: {} }, { interfaceStatuses: {} }],
      '`show interfaces counters rates`, `show interfaces status`: The answer tells of no interface',
    ),
  ]),
  ...rowsOf(
    'VerifyInterfaceErrors',
    { command: 'show interfaces counters errors', empty: 'does not tell interfaceErrorCounters' },
    [
      passes('none', { interfaceErrorCounters: { Ethernet1: { inErrors: 0, outErrors: 0 } } }),
      passes(
        'named and ignored at once',
        { interfaceErrorCounters: { Ethernet1: { inErrors: 0 }, Management1: { inErrors: 7 } } },
        { interfaces: ['et1', 'Management1'], ignored_interfaces: ['Management'] },
      ),
      fails(
        'two interfaces',
        { interfaceErrorCounters: { Ethernet2: { fcsErrors: 3, inErrors: 3 }, Ethernet1: {} } },
        'Interface: Ethernet2 - Non-zero error counter(s) - fcsErrors: 3, inErrors: 3',
      ),
      fails('one that was named', { interfaceErrorCounters: {} }, 'Interface: Ethernet4 - Not found', {
        interfaces: ['Ethernet4'],
      }),
    ],
  ),
  ...rowsOf(
    'VerifyInterfaceDiscards',
    { command: 'show interfaces counters discards', empty: 'does not tell interfaces' },
    [
      passes('none', { interfaces: { Ethernet1: { inDiscards: 0, outDiscards: 0 } } }),
      fails(
        'both directions',
        { interfaces: { Ethernet1: { inDiscards: 2, outDiscards: 3 }, Ethernet2: {} } },
        'Interface: Ethernet1 - Non-zero discard counter(s): inDiscards: 2, outDiscards: 3',
      ),
    ],
  ),
  ...rowsOf('VerifyStormControlDrops', { command: 'show storm-control', empty: 'does not tell interfaces' }, [
    passes('nothing dropped', { interfaces: { Ethernet1: { trafficTypes: { broadcast: { drop: 0 } } } } }),
    fails(
      'two types of traffic',
      { interfaces: { Ethernet1: { trafficTypes: { broadcast: { drop: 5 }, multicast: { drop: 6 } } } } },
      `
        Interface: Ethernet1 - Non-zero storm-control drop counter(s) - broadcast: 5
        Interface: Ethernet1 - Non-zero storm-control drop counter(s) - multicast: 6
      `,
    ),
    fails('none on one that was named', { interfaces: {} }, 'Interface: Ethernet4 - Not found', {
      interfaces: ['Ethernet4'],
    }),
  ]),
  ...rowsOf(
    'VerifyInterfacesCounterDetails',
    { command: 'show interfaces', empty: 'answered in an unknown shape at interfaces' },
    [
      passes('quiet; only ports are looked at', {
        interfaces: { Ethernet1: port({}), Vlan110: {}, 'Ethernet1.100': {} },
      }),
      fails(
        'everything',
        {
          interfaces: {
            Ethernet1: {
              ...port({
                inDiscards: 1,
                outDiscards: 2,
                linkStatusChanges: 101,
                totalInErrors: 3,
                totalOutErrors: 4,
                inputErrorsDetail: {
                  runtFrames: 5,
                  giantFrames: 6,
                  fcsErrors: 7,
                  alignmentErrors: 8,
                  symbolErrors: 9,
                },
                outputErrorsDetail: { collisions: 10, lateCollisions: 11, deferredTransmissions: 12 },
              }),
              description: 'to spine1',
            },
          },
        },
        `
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Link status changes above threshold - Expected: <= 100 Actual: 101
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Input discards above threshold - Expected: <= 0 Actual: 1
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Output discards above threshold - Expected: <= 0 Actual: 2
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Input errors above threshold - Expected: <= 0 Actual: 3
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Output errors above threshold - Expected: <= 0 Actual: 4
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Runt frames above threshold - Expected: <= 0 Actual: 5
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Giant frames above threshold - Expected: <= 0 Actual: 6
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - CRC errors above threshold - Expected: <= 0 Actual: 7
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Alignment errors above threshold - Expected: <= 0 Actual: 8
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Symbol errors above threshold - Expected: <= 0 Actual: 9
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Collisions above threshold - Expected: <= 0 Actual: 10
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Late collisions above threshold - Expected: <= 0 Actual: 11
        Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Deferred transmissions above threshold - Expected: <= 0 Actual: 12
      `,
      ),
      fails(
        'a link that has been down for an hour, one that counts nothing, one that is not there',
        {
          interfaces: {
            Ethernet1: {
              ...port({ linkStatusChanges: 3 }),
              interfaceStatus: 'notconnect',
              lastStatusChangeTimestamp: 1_795_153_500,
            },
            Ethernet2: {},
          },
        },
        `
        Interface: Ethernet3 - Not found
        Interface: Ethernet1 Downtime: 1 hour - Link status changes above threshold - Expected: <= 2 Actual: 3
      `,
        { interfaces: ['et1', 'et2', 'et3'], link_status_changes_threshold: 2 },
      ),
      errs(
        'no port',
        { interfaces: { Vlan110: {} } },
        '`show interfaces`: the answer has nothing to judge of any interface',
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfacesTridentCounters',
    { command: 'show platform trident counters', empty: 'answered in an unknown shape at ethernet' },
    [
      passes(
        'at the threshold, and ignored',
        { ethernet: { Ethernet1: { count: { drop: { rxFpDrop: 9, txMmuDrop: 3 }, error: { rxVlanDrop: 0 } } } } },
        { ignored_counters: ['rxFpDrop'], packet_drop_threshold: 3 },
      ),
      fails(
        'drops and errors',
        { ethernet: { Ethernet1: { count: { drop: { rxFpDrop: 9 }, error: { txFCSError: 1 } } } } },
        `
        Interface: Ethernet1 - Drop counter rxFpDrop above threshold - Expected: <= 0 Actual: 9
        Interface: Ethernet1 - Error counter txFCSError above threshold - Expected: <= 0 Actual: 1
      `,
      ),
    ],
  ),
]

const light = (channels: JsonObject, lowAlarm = -10) => ({
  mediaType: '100GBASE-LR4',
  parameters: { rxPower: { channels, threshold: { lowAlarm } } },
})
const heat = (celsius: number) => ({ parameters: { temperature: { channels: { '-': celsius } } } })
const described = (status: string, description = '') => ({ interfaceStatus: status, description })
const phy = (ber: number, uncorrected = 0) => ({
  preFecBer: { value: ber },
  fec: { correctedCodewords: { value: 12 }, uncorrectedCodewords: { value: uncorrected } },
})
const upOptics = { interfaceDescriptions: { Ethernet1: described('up', 'to spine1'), Ethernet2: described('up') } }

/** What the checks of optics and their PHYs must say. */
export const opticsInterfaces: readonly Row[] = [
  ...rowsOf('VerifyInterfacesBER', { command: 'show interfaces phy detail' }, [
    passes(
      'uncorrected ones are let pass',
      [{ interfacePhyStatuses: { Ethernet1: { phyStatuses: [phy(0.000_01, 4)] } } }, upOptics],
      { max_ber_threshold: '1e-5', fail_on_uncorrected_codewords: false },
    ),
    fails(
      'many errors, and some uncorrected',
      [
        {
          interfacePhyStatuses: {
            Ethernet1: { phyStatuses: [phy(0.000_25, 3)] },
            Ethernet2: { phyStatuses: [phy(1e-8), { preFecBer: { value: 0 } }] },
          },
        },
        upOptics,
      ],
      `
        Interface: Ethernet1 Description: to spine1 - Uncorrected FEC codewords detected - Expected: 0 Actual: 3
        Interface: Ethernet1 Description: to spine1 FEC Corrected: 12 FEC Uncorrected: 3 - BER above threshold - Expected: <= 1.00e-07 Actual: 2.50e-04
      `,
    ),
    fails(
      'interfaces that were named',
      [{ interfacePhyStatuses: { Ethernet1: { phyStatuses: [{}] } } }, upOptics],
      'Interface: Ethernet3 - Not found',
      { interfaces: ['et1', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces phy detail` answered in an unknown shape at interfacePhyStatuses'),
  ]),
  ...rowsOf('VerifyInterfacesOpticsReceivePower', { command: 'show interfaces transceiver dom thresholds' }, [
    passes('just enough; no light measured; no monitoring', [
      { interfaces: { Ethernet1: light({ '1': -8, '2': -30 }), Ethernet2: {} } },
      upOptics,
    ]),
    passes(
      'shut, and left out although it was named',
      [
        { interfaces: { Ethernet1: light({ '1': -29.5 }) } },
        { interfaceDescriptions: { Ethernet1: described('adminDown') } },
      ],
      { interfaces: ['Ethernet1'], ignore_shutdown_interfaces: true },
    ),
    fails(
      'weak light',
      [
        { interfaces: { Ethernet1: light({ '1': -8.01, '2': -2 }), Ethernet2: light({ '1': -40.126 }, -12.3456) } },
        upOptics,
      ],
      `
        Interface: Ethernet1 Status: up Channel: 1 Optic: 100GBASE-LR4 - Low receive power detected - Expected: >= -8.00dBm (Alarm: -10.00dBm + Margin: 2dBm) Actual: -8.01dBm
        Interface: Ethernet2 Status: up Channel: 1 Optic: 100GBASE-LR4 - Low receive power detected - Expected: >= -10.35dBm (Alarm: -12.35dBm + Margin: 2dBm) Actual: -40.13dBm
      `,
    ),
    fails(
      'interfaces that were named',
      [{ interfaces: { Ethernet1: {}, Ethernet2: { parameters: { rxPower: { channels: { '1': -3 } } } } } }, upOptics],
      `
        Interface: Ethernet3 - Optic not found
        Interface: Ethernet1 - Receive power details are not found (DOM not supported)
        Interface: Ethernet2 - Threshold data is not available
      `,
      { interfaces: ['et1', 'et2', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces transceiver dom thresholds` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf(
    'VerifyInterfacesOpticsTemperature',
    { command: 'show interfaces transceiver dom thresholds', empty: 'answered in an unknown shape at interfaces' },
    [
      passes('warm; one without monitoring', { interfaces: { Ethernet1: heat(68), Ethernet2: { parameters: {} } } }),
      fails(
        'hot',
        { interfaces: { Ethernet1: heat(80.855), Ethernet2: heat(69) } },
        `
        Interface: Ethernet1 - High transceiver temperature detected - Expected: <= 68.0°C Actual: 80.86°C
        Interface: Ethernet2 - High transceiver temperature detected - Expected: <= 68.0°C Actual: 69.00°C
      `,
      ),
      fails(
        'interfaces that were named',
        { interfaces: { Ethernet1: {} } },
        `
        Interface: Ethernet1 - Optic not found
        Interface: Ethernet3 - Optic not found
      `,
        { interfaces: ['et1', 'et3'] },
      ),
    ],
  ),
]

const told = (interfaceStatus: string, lineProtocolStatus: string) => ({ interfaceStatus, lineProtocolStatus })

const status = {
  interfaces: [
    { name: 'et1', status: 'up' },
    { name: 'et2', status: 'adminDown' },
    { name: 'po7', status: 'down', line_protocol_status: 'lowerLayerDown' },
  ],
}

/** What the checks of the state and the speed of ports must say. */
export const portsInterfaces: readonly Row[] = [
  ...rowsOf(
    'VerifyInterfacesStatus',
    {
      command: 'show interfaces description',
      empty: 'answered in an unknown shape at interfaceDescriptions',
      inputs: status,
    },
    [
      passes('as given; connected is up', {
        interfaceDescriptions: {
          Ethernet1: told('connected', 'up'),
          Ethernet2: told('adminDown', 'notPresent'),
          'Port-Channel7': told('down', 'lowerLayerDown'),
        },
      }),
      fails(
        'others',
        {
          interfaceDescriptions: {
            Ethernet1: told('up', 'lowerLayerDown'),
            Ethernet2: told('up', 'up'),
            'Port-Channel7': told('down', 'down'),
          },
        },
        `
        Interface: Ethernet1 - Status mismatch - Expected: up/up, Actual: up/lowerLayerDown
        Interface: Ethernet2 - Status mismatch - Expected: adminDown, Actual: up
        Interface: Port-Channel7 - Status mismatch - Expected: down/lowerLayerDown, Actual: down/down
      `,
      ),
      fails(
        'not there, with what else is known of it',
        { interfaceDescriptions: {} },
        'Interface: Ethernet9 (to host9) Port-Channel: Port-Channel9 - Not configured',
        { interfaces: [{ name: 'Ethernet9', status: 'up', description: 'to host9', portchannel: 'Po9' }] },
      ),
      errs(
        'a status is required',
        { interfaceDescriptions: {} },
        'the check `VerifyInterfacesStatus` does not accept its inputs at interfaces.0.status: Invalid option: expected one of "up"|"down"|"adminDown"',
        { interfaces: [{ name: 'Ethernet1' }] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfaceErrDisabled',
    { command: 'show interfaces status errdisabled', empty: 'answered in an unknown shape at interfaceStatuses' },
    [
      passes('none', { interfaceStatuses: {} }),
      passes(
        'others than the one that was named',
        { interfaceStatuses: { Ethernet2: { causes: ['bpduguard'] } } },
        {
          interfaces: ['Ethernet1'],
        },
      ),
      fails(
        'two, one for two causes',
        { interfaceStatuses: { Ethernet2: { causes: ['bpduguard', 'link-flap'] }, Ethernet3: {}, Management1: {} } },
        'Interface: Ethernet2 - Error disabled - Causes: bpduguard, link-flap',
        { ignored_interfaces: ['Management'] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfacesSpeed',
    {
      command: 'show interfaces',
      inputs: {
        interfaces: [
          { name: 'et1', auto: true, speed: 100, lanes: 4 },
          { name: 'et2', speed: 2.5 },
        ],
      },
    },
    [
      passes('as given', {
        interfaces: {
          Ethernet1: { bandwidth: 100_000_000_000, duplex: 'duplexFull', autoNegotiate: 'success', lanes: 4 },
          Ethernet2: { bandwidth: 2_500_000_000, duplex: 'duplexFull', autoNegotiate: 'off', lanes: 1 },
        },
      }),
      fails(
        'everything is another, or not told',
        {
          interfaces: {
            Ethernet1: { bandwidth: 10_000_000_000, duplex: 'duplexHalf', autoNegotiate: 'unknown', lanes: 1 },
            Ethernet2: { bandwidth: 0 },
          },
        },
        `
          Interface: Ethernet1 - Bandwidth mismatch - Expected: 100.0Gbps Actual: 10Gbps
          Interface: Ethernet1 - Duplex mode mismatch - Expected: duplexFull Actual: duplexHalf
          Interface: Ethernet1 - Auto-negotiation mismatch - Expected: success Actual: unknown
          Interface: Ethernet1 - Data lanes count mismatch - Expected: 4 Actual: 1
          Interface: Ethernet2 - Bandwidth mismatch - Expected: 2.5Gbps Actual: 0Gbps
          Interface: Ethernet2 - Duplex mode mismatch - Expected: duplexFull Actual: None
        `,
      ),
      fails(
        'not there',
        { interfaces: {} },
        `
          Interface: Ethernet1 - Not found
          Interface: Ethernet2 - Not found
        `,
      ),
      fails(
        'empty',
        {},
        `
          Interface: Ethernet1 - Not found
          Interface: Ethernet2 - Not found
        `,
      ),
    ],
  ),
]

const good = { activity: true, aggregation: true, synchronization: true, collecting: true, distributing: true }
const slow = { ...good, timeout: false }
const fast = { ...good, timeout: true }
const { collecting: _collecting, ...withoutCollecting } = fast
const member = (actorPortState: JsonObject, partnerPortState: JsonObject, details: JsonObject = {}) => ({
  portChannels: {
    'Port-Channel7': {
      interfaces: { Ethernet1: { actorPortStatus: 'bundled', actorPortState, partnerPortState, details } },
    },
  },
})
const asked = (more: JsonObject = {}) => ({ interfaces: [{ name: 'et1', portchannel: 'po7', ...more }] })
const subject = 'Interface: Ethernet1 Port-Channel: Port-Channel7'

/** What the checks of port-channels must say. */
export const portChannelsInterfaces: readonly Row[] = [
  ...rowsOf('VerifyPortChannels', { command: 'show port-channel', empty: 'does not tell portChannels' }, [
    passes('all are active', { portChannels: { 'Port-Channel7': { inactivePorts: {} } } }),
    passes(
      'one is ignored',
      { portChannels: { 'Port-Channel7': { inactivePorts: { Ethernet1: {} } } } },
      {
        ignored_interfaces: ['po7'],
      },
    ),
    fails(
      'two ports, and a port-channel that was named',
      { portChannels: { 'Port-Channel7': { inactivePorts: { Ethernet1: {}, Ethernet2: {} } } } },
      `
        Interface: Port-Channel8 - Not found
        Interface: Port-Channel7 - Inactive port(s) - Ethernet1, Ethernet2
      `,
      { interfaces: ['po8', 'po7'] },
    ),
  ]),
  ...rowsOf('VerifyIllegalLACP', { command: 'show lacp counters all-ports', empty: 'does not tell portChannels' }, [
    passes('none', { portChannels: { 'Port-Channel7': { interfaces: { Ethernet1: { illegalRxCount: 0 } } } } }),
    fails(
      'two members',
      {
        portChannels: {
          'Port-Channel7': { interfaces: { Ethernet1: { illegalRxCount: 1 }, Ethernet2: { illegalRxCount: 2 } } },
          'Port-Channel8': { interfaces: { Ethernet3: { illegalRxCount: 3 } } },
        },
      },
      `
        Interface: Port-Channel7 - Illegal LACP packets detected on member interface Ethernet1
        Interface: Port-Channel7 - Illegal LACP packets detected on member interface Ethernet2
      `,
      { ignored_interfaces: ['Port-Channel8'] },
    ),
  ]),
  ...rowsOf('VerifyLACPInterfacesStatus', { command: 'show lacp interface detailed', inputs: asked() }, [
    passes(
      'fast, without churn',
      member(fast, fast, { actorChurnState: 'noChurn', partnerChurnState: 'monitor' }),
      asked({ lacp_rate_fast: true, lacp_churn_state: true }),
    ),
    fails(
      'the actor is not active, the partner is fast and does not say all',
      member({ ...slow, activity: false }, withoutCollecting),
      `
        Interface: Ethernet1 Port-Channel: Port-Channel7 - Actor port activity state mismatch - Expected: True Actual: False
        Interface: Ethernet1 Port-Channel: Port-Channel7 - Partner port collecting state mismatch - Expected: True Actual: None
        Interface: Ethernet1 Port-Channel: Port-Channel7 - Partner port timeout state mismatch - Expected: False Actual: True
      `,
    ),
    fails(
      'churn',
      member(slow, slow, { actorChurnState: 'churnDetected' }),
      `${subject} - Churn detected (mismatch system ID)`,
      asked({ lacp_churn_state: true }),
    ),
    fails(
      'not bundled',
      { portChannels: { 'Port-Channel7': { interfaces: { Ethernet1: { actorPortStatus: 'noAgg' } } } } },
      `${subject} - Not bundled - Port Status: noAgg`,
    ),
    fails('not there', { portChannels: {} }, `${subject} - Not configured`),
    fails('empty', {}, 'Interface: Ethernet1 Port-Channel: Port-Channel7 - Not configured'),
  ]),
]

const drops = (voq: number, egress: number) => ({
  ingressVoqCounters: { countersSum: { droppedPackets: voq } },
  egressQueueCounters: { countersSum: { droppedPackets: egress } },
})
const queues = (trafficClasses: JsonObject) => ({ trafficClasses })
const precedences = (counts: Readonly<Record<string, number>>) => ({
  dropPrecedences: Object.fromEntries(
    Object.entries(counts).map(([name, droppedPackets]) => [name, { droppedPackets }]),
  ),
})
const egress = (interfaces: JsonObject) => ({ egressQueueCounters: { interfaces } })
const calm = queues({ TC0: precedences({ DP0: 0 }) })

/** What the checks of queues and of congestion must say. */
export const queuesInterfaces: readonly Row[] = [
  ...rowsOf(
    'VerifyInterfacesVoqAndEgressQueueDrops',
    { command: 'show interfaces counters queue drops', empty: 'answered in an unknown shape at interfaces' },
    [
      passes(
        'at the threshold, in a range of classes',
        { interfaces: { Ethernet1: queues({ 'TC0-2': drops(4, 5), TC3: drops(9, 9) }) } },
        { traffic_classes: ['TC1'], packet_drop_threshold: 5 },
      ),
      fails(
        'one way',
        {
          interfaces: {
            Ethernet1: queues({ TC0: drops(0, 1), TC1: drops(0, 0) }),
          },
        },
        'Interface: Ethernet1 Traffic Class: TC0 - Queue drops above threshold - Expected: <= 0 Actual VOQ: 0 Actual Egress: 1',
      ),
      fails(
        'beyond the range, and an interface that was named',
        { interfaces: { Ethernet1: queues({ 'TC0-2': drops(0, 0) }) } },
        `
        Interface: Ethernet2 - Not found
        Interface: Ethernet1 Traffic Class: TC3 - Not found
      `,
        { interfaces: ['et2', 'et1'], traffic_classes: ['TC2', 'TC3'] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfacesEgressQueueDrops',
    { command: 'show interfaces counters queue detail', empty: 'answered in an unknown shape at egressQueueCounters' },
    [
      passes(
        'no drops; only DP0 unless it is said',
        egress({ Ethernet1: { ucastQueues: queues({ TC0: precedences({ DP0: 0, DP1: 8 }) }), mcastQueues: calm } }),
      ),
      fails(
        'drops of both types, and a precedence that is missing',
        egress({
          Ethernet1: {
            ucastQueues: queues({ 'TC0-3': precedences({ 'DP0-1': 8 }) }),
            mcastQueues: queues({ TC2: precedences({ DP0: 3 }) }),
          },
        }),
        `
        Interface: Ethernet1 Traffic Class: TC2 Queue Type: unicast Drop Precedence: DP0 - Queue drops above threshold - Expected: <= 2 Actual: 8
        Interface: Ethernet1 Traffic Class: TC2 Queue Type: unicast Drop Precedence: DP1 - Queue drops above threshold - Expected: <= 2 Actual: 8
        Interface: Ethernet1 Traffic Class: TC2 Queue Type: multicast Drop Precedence: DP0 - Queue drops above threshold - Expected: <= 2 Actual: 3
        Interface: Ethernet1 Traffic Class: TC2 Queue Type: multicast Drop Precedence: DP1 - Not found
      `,
        { traffic_classes: ['TC2'], drop_precedences: ['DP0', 'DP1'], packet_drop_threshold: 2 },
      ),
      fails(
        'an interface that was named, a class and a type that are missing',
        egress({ Ethernet1: { ucastQueues: calm } }),
        `
        Interface: Ethernet2 - Not found
        Interface: Ethernet1 Queue Type: unicast Traffic Class: TC7 - Not found
        Interface: Ethernet1 Queue Type: multicast Traffic Class: TC0 - Not found
        Interface: Ethernet1 Queue Type: multicast Traffic Class: TC7 - Not found
      `,
        { interfaces: ['et2', 'et1'], traffic_classes: ['TC0', 'TC7'] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfacesPFCCounters',
    { command: 'show priority-flow-control counters', empty: 'answered in an unknown shape at interfaceCounters' },
    [
      passes(
        'at the threshold',
        { interfaceCounters: { Ethernet1: { rxFrames: 2, txFrames: 2 } } },
        {
          counters_threshold: 2,
        },
      ),
      fails(
        'received, not told, not there',
        { interfaceCounters: { Ethernet1: { rxFrames: 3, txFrames: 0 }, Ethernet2: { rxFrames: 0 } } },
        `
        Interface: Ethernet3 - Not found
        Interface: Ethernet1 - Counters above threshold - Expected: <= 0 Actual RX PFC: 3 Actual TX PFC: 0
      `,
        { interfaces: ['et1', 'et2', 'et3'] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyInterfacesECNCounters',
    { command: 'show qos interfaces ecn counters queue', empty: 'answered in an unknown shape at intfQueueCounters' },
    [
      passes('none is marked, one does not mark', {
        intfQueueCounters: { Ethernet1: { queueCounters: { '0': '0', '1': '-' } } },
      }),
      errs(
        'not a number',
        { intfQueueCounters: { Ethernet1: { queueCounters: { '2': 'many' } } } },
        '`show qos interfaces ecn counters queue` answered in an unknown shape at intfQueueCounters.Ethernet1.queueCounters.2',
      ),
      fails(
        'marked',
        {
          intfQueueCounters: {
            Ethernet1: { queueCounters: { '0': '12', '1': '7' } },
            Ethernet3: { queueCounters: { '0': '99' } },
          },
        },
        'Interface: Ethernet1 Queue: 0 - Counters above threshold - Expected: <= 9 Actual: 12',
        { ignored_interfaces: ['Ethernet3'], counters_threshold: 9 },
      ),
      errs(
        'not told',
        { intfQueueCounters: { Ethernet2: {} } },
        '`show qos interfaces ecn counters queue` does not tell intfQueueCounters.Ethernet2.queueCounters',
      ),
    ],
  ),
]

/** What the checks of `interfaces` must say. */
export const interfacesChecks: readonly Row[] = [
  ...addressesInterfaces,
  ...countersInterfaces,
  ...opticsInterfaces,
  ...portsInterfaces,
  ...portChannelsInterfaces,
  ...queuesInterfaces,
]
