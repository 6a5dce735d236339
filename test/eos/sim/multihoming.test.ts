import { describe, expect, test } from 'vitest'
import { block, routed, rowWithCables, valueAt } from './recorded.ts'

/** A server that is bonded to two leaves of one ethernet segment, as in two recorded labs (ceos-lab, course); the configurations are ours. */

const SEGMENT = '0000:0000:0000:0000:0042'
const SERVER = { mac: '02:00:00:00:42:01', address: '172.16.1.42', vlan: 10 }

const bond = (...more: readonly string[]) =>
  block(
    'interface Port-Channel5',
    'switchport trunk allowed vlan 10',
    'switchport mode trunk',
    '!',
    'evpn ethernet-segment',
    `   identifier ${SEGMENT}`,
    '   route-target import 00:00:00:00:00:42',
    ...more,
  )

const leaf = (own: string, uplink: readonly string[], member: string, lacp: readonly string[]) => [
  'service routing protocols model multi-agent',
  'ip routing',
  'ip routing vrf PROD',
  '!',
  'vrf instance PROD',
  '!',
  ...block('interface Loopback0', `ip address ${own}/32`, 'ip ospf area 0.0.0.0'),
  ...block('router ospf 1', `router-id ${own}`),
  ...block('vlan 10,20'),
  ...uplink,
  ...bond(...lacp),
  ...block(`interface ${member}`, 'channel-group 5 mode active'),
  ...block('interface Vlan10', 'vrf PROD', 'ip address virtual 172.16.1.254/24'),
  ...block(
    'interface Vxlan1',
    'vxlan source-interface Loopback0',
    'vxlan vlan 10 vni 10010',
    'vxlan vlan 20 vni 10020',
    'vxlan vrf PROD vni 999',
  ),
  'router bgp 64520',
  `   router-id ${own}`,
  ...neighbor('10.0.0.21'),
  ...[
    '   !',
    '   vlan 10',
    `      rd ${own}:10`,
    '      route-target both 10:10',
    '      redistribute learned',
    '   !',
  ],
  ...['   vlan 20', `      rd ${own}:20`, '      route-target both 20:20'],
  ...['   !', '   address-family evpn', '      neighbor 10.0.0.21 activate', '   !'],
  ...['   vrf PROD', `      rd ${own}:999`, '      route-target import evpn 9:9', '      route-target export evpn 9:9'],
]

const neighbor = (peer: string) => [
  `   neighbor ${peer} remote-as 64520`,
  `   neighbor ${peer} update-source Loopback0`,
  `   neighbor ${peer} send-community extended`,
]
const link = (name: string, address: string) => routed(name, `ip address ${address}`, 'ip ospf area 0.0.0.0')
const LEAVES = ['10.0.0.11', '10.0.0.13']

const spine = [
  'service routing protocols model multi-agent',
  'ip routing',
  '!',
  ...block('interface Loopback0', 'ip address 10.0.0.21/32', 'ip ospf area 0.0.0.0'),
  ...block('router ospf 1', 'router-id 10.0.0.21'),
  ...link('Ethernet1', '10.1.0.1/31'),
  ...link('Ethernet2', '10.1.0.2/31'),
  'router bgp 64520',
  '   router-id 10.0.0.21',
  ...LEAVES.flatMap((peer) => [...neighbor(peer), `   neighbor ${peer} route-reflector-client`]),
  ...['   !', '   address-family evpn', ...LEAVES.map((peer) => `      neighbor ${peer} activate`)],
]

const server = [
  ...block('interface Port-Channel1', 'switchport mode trunk'),
  ...[1, 2].flatMap((at) => block(`interface Ethernet${at}`, 'channel-group 1 mode active')),
]

function fabric(lacp = ['lacp system-id 0200.0000.0042']) {
  const first = leaf('10.0.0.11', link('Ethernet2', '10.1.0.0/31'), 'Ethernet3', lacp)
  const second = leaf('10.0.0.13', link('Ethernet1', '10.1.0.3/31'), 'Ethernet2', lacp)
  const cable = { a: { device: 'r1', port: 'Ethernet3' }, b: { device: 'r4', port: 'Ethernet2' }, sends: [SERVER] }
  return rowWithCables('4.29.2F', [first, spine, second, server], [cable])
}

const keys = (show: ReturnType<typeof fabric>, filter: string) =>
  Object.keys(valueAt(show('r2', 'show bgp evpn', { filter }).json, 'evpnRoutes') ?? {})

describe('two leaves of one ethernet segment', () => {
  const show = fabric()

  test('are one partner for the server', () => {
    expect(show('r4', 'show port-channel summary').text).toContain('Et1(PG+) Et2(PG+)')
  })

  test('are two partners without a common LACP system: one member is left out', () => {
    expect(fabric([])('r4', 'show port-channel summary').text).toContain(
      '   Po1(U)             LACP(a)      Et1(PG+) Et2(D)\n',
    )
  })

  test('announce the segment, once by itself and once for its VLAN, and that they are on it', () => {
    expect(keys(show, 'route-type auto-discovery')).toEqual([
      `RD: 10.0.0.11:1 auto-discovery ${SEGMENT}`,
      `RD: 10.0.0.11:10 auto-discovery 0 ${SEGMENT}`,
      `RD: 10.0.0.13:1 auto-discovery ${SEGMENT}`,
      `RD: 10.0.0.13:10 auto-discovery 0 ${SEGMENT}`,
    ])
    expect(keys(show, 'route-type ethernet-segment')).toEqual([
      `RD: 10.0.0.11:1 ethernet-segment ${SEGMENT} 10.0.0.11`,
      `RD: 10.0.0.13:1 ethernet-segment ${SEGMENT} 10.0.0.13`,
    ])
  })

  test('announce the server by its IP address both, and by its MAC address the one that heard it', () => {
    expect(keys(show, 'route-type mac-ip')).toEqual([
      'RD: 10.0.0.11:10 mac-ip 0200.0000.4201',
      'RD: 10.0.0.11:10 mac-ip 0200.0000.4201 172.16.1.42',
      'RD: 10.0.0.13:10 mac-ip 0200.0000.4201 172.16.1.42',
    ])
  })

  test('have the server on their own port, and no way to it over VXLAN', () => {
    const table = valueAt(show('r3', 'show mac address-table').json, 'unicastTable', 'tableEntries') ?? []
    expect(table).toContainEqual(
      expect.objectContaining({ vlanId: 10, macAddress: '02:00:00:00:42:01', interface: 'Port-Channel5' }),
    )
    const routes = valueAt(show('r3', 'show ip route', { vrf: 'all' }).json, 'vrfs', 'PROD', 'routes') ?? {}
    expect(Object.keys(routes)).toEqual(['172.16.1.0/24'])
  })
})

/** Two leaves with two reflectors between them: r1 and r3, r2 and r4. */
function twoWays(...lines: readonly string[]) {
  const reflectors = ['10.0.0.22', '10.0.0.24']
  const speaker = (own: string, links: readonly string[], body: readonly string[]) => [
    'service routing protocols model multi-agent',
    'ip routing',
    'ip routing vrf PROD',
    '!',
    'vrf instance PROD',
    '!',
    'vlan 10',
    '!',
    ...block('interface Loopback0', `ip address ${own}/32`, 'ip ospf area 0.0.0.0'),
    ...block('router ospf 1', `router-id ${own}`),
    ...links,
    ...body,
  ]
  const routing = (own: string, peers: readonly string[], more: string) => [
    'router bgp 64520',
    `   router-id ${own}`,
    ...peers.flatMap((peer) => [...neighbor(peer), ...(more === '' ? [] : [`   neighbor ${peer} ${more}`])]),
    ...['   !', '   address-family evpn', ...peers.map((peer) => `      neighbor ${peer} activate`), '   !'],
  ]
  const near = (own: string, links: readonly string[], subnet: string) =>
    speaker(own, links, [
      ...block('interface Loopback9', 'vrf PROD', `ip address ${subnet}`),
      ...block(
        'interface Vxlan1',
        'vxlan source-interface Loopback0',
        'vxlan vlan 10 vni 10',
        'vxlan vrf PROD vni 999',
      ),
      ...routing(own, reflectors, ''),
      ...['   vlan 10', `      rd ${own}:10`, '      route-target both 10:10', '   !'],
      ...[
        '   vrf PROD',
        `      rd ${own}:999`,
        '      route-target import evpn 9:9',
        '      route-target export evpn 9:9',
      ],
      '      redistribute connected',
      ...lines.map((line) => `   ${line}`),
    ])
  const between = (own: string, left: string, right: string) =>
    speaker(
      own,
      [...link('Ethernet1', left), ...link('Ethernet2', right)],
      routing(own, LEAVES, 'route-reflector-client'),
    )
  const back = { a: { device: 'r4', port: 'Ethernet2' }, b: { device: 'r1', port: 'Ethernet3' } }
  return rowWithCables(
    '4.29.2F',
    [
      near('10.0.0.11', [...link('Ethernet2', '10.1.0.0/31'), ...link('Ethernet3', '10.1.0.7/31')], '172.16.1.1/24'),
      between('10.0.0.22', '10.1.0.1/31', '10.1.0.2/31'),
      near('10.0.0.13', [...link('Ethernet1', '10.1.0.3/31'), ...link('Ethernet2', '10.1.0.4/31')], '172.16.3.1/24'),
      between('10.0.0.24', '10.1.0.5/31', '10.1.0.6/31'),
    ],
    [back],
  )
}

/** The marks of the paths to r3 that r1 has. */
function marks(show: ReturnType<typeof twoWays>, type: string) {
  const lines = show('r1', 'show bgp evpn', { filter: `route-type ${type}` }).text.split('\n')
  return lines.filter((line) => line.includes('RD: 10.0.0.13:')).map((line) => line.slice(0, 9))
}

test.each([
  [[], [' * >     ', ' *       ']],
  [['maximum-paths 2'], [' * >Ec   ', ' *  ec   ']],
])('with %j an IP prefix that came two ways is marked %j', (lines, expected) => {
  expect(marks(twoWays(...lines), 'ip-prefix')).toEqual(expected)
  expect(marks(twoWays(...lines), 'imet')).toEqual([' * >Ec   ', ' *  ec   '])
})

test('a switch hears a host that is behind another switch, on the cable to it', () => {
  const trunk = (port: string) => block(`interface ${port}`, 'switchport mode trunk')
  const access = [
    ...block('vlan 10'),
    ...block('interface Ethernet3', 'switchport access vlan 10'),
    ...trunk('Ethernet2'),
  ]
  const { vlan: _, ...untagged } = SERVER
  const cable = { a: { device: 'r1', port: 'Ethernet3' }, b: { device: 'server', port: 'eth0' }, sends: [untagged] }
  const other = [
    ...block('vlan 10'),
    ...trunk('Ethernet1'),
    ...block('interface Ethernet2', 'switchport access vlan 20'),
  ]
  const show = rowWithCables('4.29.2F', [access, other, [...block('vlan 10'), ...trunk('Ethernet1')]], [cable])
  const heard = (name: string) => valueAt(show(name, 'show mac address-table').json, 'unicastTable', 'tableEntries')
  expect(heard('r2')).toMatchObject([{ vlanId: 10, macAddress: '02:00:00:00:42:01', interface: 'Ethernet1' }])
  expect(heard('r3')).toEqual([])
})
