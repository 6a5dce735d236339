import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

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
export const rows: readonly Row[] = [
  ...rowsOf('VerifyInterfaceIPv4', { command: 'show ip interface', inputs: ipv4 }, [
    passes('as given, in any order', [
      {
        interfaces: {
          Ethernet1: addressed('192.0.2.0', ['198.51.100.0', '198.51.100.2']),
          Vlan110: addressed('203.0.113.0', ['198.51.100.8']),
        },
      },
    ]),
    fails(
      'others',
      [{ interfaces: { Ethernet1: addressed('192.0.2.2', ['198.51.100.0']), Vlan110: addressed('203.0.113.2') } }],
      [
        'Interface: Ethernet1 - IP address mismatch - Expected: 192.0.2.0/31 Actual: 192.0.2.2/31',
        'Interface: Ethernet1 - Secondary IP address mismatch - Expected: 198.51.100.0/31, 198.51.100.2/31 Actual: 198.51.100.0/31',
        'Interface: Vlan110 - IP address mismatch - Expected: 203.0.113.0/31 Actual: 203.0.113.2/31',
      ],
    ),
    fails(
      'no secondary address, and no interface',
      [{ interfaces: { Ethernet1: addressed('192.0.2.0') } }],
      ['Interface: Ethernet1 - Secondary IP address is not configured', 'Interface: Vlan110 - Not found'],
    ),
    fails(
      'no address, and only a secondary one',
      [
        {
          interfaces: {
            Ethernet1: { interfaceAddress: {} },
            Vlan110: { interfaceAddress: { secondaryIpsOrderedList: [{ address: '203.0.113.0', maskLen: 31 }] } },
          },
        },
      ],
      ['Interface: Ethernet1 - IP address is not configured', 'Interface: Vlan110 - IP address is not configured'],
    ),
    fails('empty', [{}], ['Interface: Ethernet1 - Not found', 'Interface: Vlan110 - Not found']),
  ]),
  ...rowsOf('VerifyIPProxyARP', { command: 'show ip interface', inputs: { interfaces: ['et1', 'Vlan110'] } }, [
    passes('enabled', [{ interfaces: { Ethernet1: { proxyArp: true }, Vlan110: { proxyArp: true } } }]),
    fails(
      'disabled, and not told',
      [{ interfaces: { Ethernet1: { proxyArp: false }, Vlan110: { proxyArp: true } } }],
      ['Interface: Ethernet1 - Proxy-ARP disabled'],
    ),
    fails('not there', [{ interfaces: { Vlan110: { proxyArp: true } } }], ['Interface: Ethernet1 - Not found']),
    fails('empty', [{}], ['Interface: Ethernet1 - Not found', 'Interface: Vlan110 - Not found']),
  ]),
  ...rowsOf(
    'VerifyIpVirtualRouterMac',
    { command: 'show ip virtual-router', inputs: { mac_address: '001c.7300.dc01' } },
    [
      passes('one of two', [
        { virtualMacs: [{ macAddress: '00:00:5e:00:53:01' }, { macAddress: '00:1c:73:00:dc:01' }] },
      ]),
      fails('none', [{ virtualMacs: [] }], ['IP virtual router MAC address: 00:1c:73:00:dc:01 - Not configured']),
      errs('empty', [{}], '`show ip virtual-router` answered in an unknown shape at virtualMacs'),
    ],
  ),
  ...rowsOf('VerifyLoopbackCount', { command: 'show ip interface brief', inputs: { number: 2 } }, [
    passes('two, up', [{ interfaces: { Loopback0: up, Loopback1: up, Vlan110: {} } }]),
    passes('none where none should be', [{ interfaces: { Vlan110: up } }], { number: 0 }),
    fails(
      'one, down',
      [{ interfaces: { Loopback0: { lineProtocolStatus: 'down', interfaceStatus: 'disabled' } } }],
      [
        'Interface: Loopback0 - Invalid line protocol status - Expected: up Actual: down',
        'Interface: Loopback0 - Invalid interface status - Expected: connected Actual: disabled',
        'Loopback interface(s) count mismatch: Expected 2 Actual: 1',
      ],
    ),
    errs('empty', [{}], '`show ip interface brief` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf('VerifySVI', { command: 'show ip interface brief' }, [
    passes('up', [{ interfaces: { Vlan110: up, Ethernet1: {} } }]),
    fails(
      'down, and not told',
      [
        {
          interfaces: {
            Vlan110: { lineProtocolStatus: 'lowerLayerDown', interfaceStatus: 'connected' },
            Vlan120: { lineProtocolStatus: 'up', interfaceStatus: 'connected' },
          },
        },
      ],
      ['SVI: Vlan110 - Invalid line protocol status - Expected: up Actual: lowerLayerDown'],
    ),
    errs('empty', [{}], '`show ip interface brief` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf('VerifyL3MTU', { command: 'show interfaces', inputs: { mtu: 9000, specific_mtu: [{ et2: 1500 }] } }, [
    passes('as given', [
      {
        interfaces: {
          Ethernet1: routed(9000),
          Ethernet2: routed(1500),
          Ethernet3: bridged(9214),
          Loopback0: routed(65_535),
        },
      },
    ]),
    fails(
      'others, and not told',
      [
        {
          interfaces: {
            Ethernet1: { forwardingModel: 'routed', mtu: 1500 },
            Ethernet2: { forwardingModel: 'routed', mtu: 9000 },
            Vlan110: { forwardingModel: 'routed', mtu: 1503 },
          },
        },
      ],
      [
        'Interface: Ethernet1 - Incorrect MTU - Expected: 9000 Actual: 1500',
        'Interface: Ethernet2 - Incorrect MTU - Expected: 1500 Actual: 9000',
        'Interface: Vlan110 - Incorrect MTU - Expected: 9000 Actual: 1503',
      ],
    ),
    fails(
      'what is ignored comes before what is specific, and replaces the kinds ignored else',
      [{ interfaces: { Ethernet2: routed(9000), Loopback0: routed(65_535) } }],
      ['Interface: Loopback0 - Incorrect MTU - Expected: 1500 Actual: 65535'],
      { ignored_interfaces: ['Ethernet2'], specific_mtu: [{ Ethernet2: 1500 }] },
    ),
    errs('no interface at all', [{ interfaces: {} }], '`show interfaces`: The answer tells of no interface'),
    errs('empty', [{}], '`show interfaces` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf('VerifyL2MTU', { command: 'show interfaces' }, [
    passes('as it is by default', [{ interfaces: { Ethernet1: bridged(9214), Ethernet2: routed(1500) } }]),
    fails(
      'another',
      [{ interfaces: { Ethernet1: bridged(1500), 'Port-Channel7': bridged(9000), Vxlan1: bridged(0) } }],
      [
        'Interface: Ethernet1 - Incorrect MTU - Expected: 9214 Actual: 1500',
        'Interface: Port-Channel7 - Incorrect MTU - Expected: 8000 Actual: 9000',
      ],
      { specific_mtu: [{ Po7: 8000 }] },
    ),
    errs('empty', [{}], '`show interfaces` answered in an unknown shape at interfaces'),
  ]),
]
