import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/model/json.ts'
import { block, routed, rowWithCables, valueAt } from './recorded.ts'

/**
 * A leaf, a route reflector and an exit, configured as in a recorded fabric of 4.23.5M: automatic route targets, a host behind
 * the leaf, and an exit that aggregates what it hears of hosts.
 */
const head = (own: string) => [
  'service routing protocols model multi-agent',
  'ip routing',
  'ip routing vrf evpn-vrf',
  '!',
  'vrf instance evpn-vrf',
  '!',
  ...block('interface Loopback0', `ip address ${own}/32`, 'ip ospf area 0.0.0.0'),
  ...block('router ospf 1', `router-id ${own}`),
]
const link = (name: string, address: string) => routed(name, `ip address ${address}`, 'ip ospf area 0.0.0.0')
const evpn = (...peers: readonly string[]) => [
  '   !',
  '   address-family evpn',
  ...peers.map((peer) => `      neighbor ${peer} activate`),
]
const neighbors = (...peers: readonly string[]) =>
  peers.flatMap((peer) => [
    `   neighbor ${peer} remote-as 64520`,
    `   neighbor ${peer} update-source Loopback0`,
    `   neighbor ${peer} send-community extended`,
  ])
const vrf = (rd: string, ...lines: readonly string[]) => [
  '   !',
  '   vrf evpn-vrf',
  ...[`rd ${rd}:999`, 'route-target import evpn 64520:999', 'route-target export evpn 64520:999', ...lines].map(
    (line) => `      ${line}`,
  ),
]
const vtep = (...maps: readonly string[]) =>
  block('interface Vxlan1', 'vxlan source-interface Loopback0', ...maps, 'vxlan vrf evpn-vrf vni 999')

const leaf = (own: string, port: string, address: string, targets: readonly string[]) => [
  ...head(own),
  ...block('vlan 10'),
  ...link(port, address),
  ...block('interface Ethernet3', 'switchport access vlan 10'),
  ...block('interface Vlan10', 'vrf evpn-vrf', 'ip address virtual 172.16.1.254/24'),
  ...vtep('vxlan vlan 10 vni 10'),
  'router bgp 64520',
  `   router-id ${own}`,
  ...neighbors('10.0.0.21'),
  '   !',
  '   vlan 10',
  ...[`rd ${own}:10`, ...targets, 'redistribute learned'].map((line) => `      ${line}`),
  ...evpn('10.0.0.21'),
  ...vrf(own, 'redistribute connected'),
]

const spine = [
  ...head('10.0.0.21'),
  ...link('Ethernet1', '10.1.0.1/31'),
  ...link('Ethernet2', '10.1.0.2/31'),
  'router bgp 64520',
  '   router-id 10.0.0.21',
  ...neighbors('10.0.0.11', '10.0.0.31'),
  '   neighbor 10.0.0.11 route-reflector-client',
  '   neighbor 10.0.0.31 route-reflector-client',
  ...evpn('10.0.0.11', '10.0.0.31'),
]

const exit = (more: string, ...lines: readonly string[]) => [
  ...head('10.0.0.31'),
  ...link('Ethernet1', '10.1.0.3/31'),
  ...vtep(),
  ...block('route-map LOWER permit 10', 'set local-preference 10'),
  'router bgp 64520',
  '   router-id 10.0.0.31',
  ...neighbors('10.0.0.21'),
  ...evpn('10.0.0.21'),
  ...vrf('10.0.0.31', `aggregate-address 172.16.1.0/24 summary-only${more}`, ...lines),
]

const AUTO = ['route-target export auto', 'route-target import auto 64520']
const SERVER = { mac: '66:49:0d:d4:d8:63', address: '172.16.1.101' }
const cable = (sends: readonly (typeof SERVER)[]) => [
  { a: { device: 'r1', port: 'Ethernet3' }, b: { device: 'server101', port: 'eth1' }, sends },
]

function fabric(more: string, sends = [SERVER], targets = AUTO) {
  const first = leaf('10.0.0.11', 'Ethernet2', '10.1.0.0/31', targets)
  return rowWithCables('4.23.5M', [first, spine, exit(more)], cable(sends))
}

const vias = (answer: Json, prefix: string) => valueAt(answer, 'vrfs', 'evpn-vrf', 'routes', prefix)

describe('a host that sends', () => {
  const show = fabric('')

  test('is announced twice by its leaf, beside its VLAN and its subnet', () => {
    const routes = valueAt(show('r2', 'show bgp evpn', { filter: 'rd 10.0.0.11:10' }).json, 'evpnRoutes') ?? {}
    expect(Object.keys(routes)).toEqual([
      'RD: 10.0.0.11:10 imet 10.0.0.11',
      'RD: 10.0.0.11:10 mac-ip 6649.0dd4.d863',
      'RD: 10.0.0.11:10 mac-ip 6649.0dd4.d863 172.16.1.101',
    ])
  })

  test.each(['mac-ip 66:49:0d:d4:d8:63', 'mac-ip 172.16.1.101', 'mac-ip 172.16.1.101 vni 10'])(
    'route-type %s finds it',
    (type) => {
      const routes = valueAt(show('r2', 'show bgp evpn', { filter: `route-type ${type}` }).json, 'evpnRoutes') ?? {}
      expect(Object.keys(routes)).toContain('RD: 10.0.0.11:10 mac-ip 6649.0dd4.d863 172.16.1.101')
    },
  )

  test('is a route of its own in the VRF of the exit, behind the VTEP with the VNI of the VRF', () => {
    expect(vias(show('r3', 'show ip route', { vrf: 'all' }).json, '172.16.1.101/32')).toMatchObject({
      routeType: 'iBGP',
      preference: 200,
      metric: 0,
      vias: [{ vtepAddr: '10.0.0.11', routerMac: '00:1c:73:00:00:01', vni: 999 }],
    })
  })

  test('brings up the aggregate of the exit, which goes out over EVPN', () => {
    expect(vias(show('r3', 'show ip route', { vrf: 'all' }).json, '172.16.1.0/24')).toMatchObject({
      routeType: 'bgpAggregate',
      routeAction: 'drop',
      vias: [],
    })
    const routes = valueAt(show('r1', 'show bgp evpn', { filter: 'rd 10.0.0.31:999' }).json, 'evpnRoutes') ?? {}
    expect(Object.keys(routes)).toEqual(['RD: 10.0.0.31:999 ip-prefix 172.16.1.0/24'])
  })

  test('an aggregate of less preference goes out, and gives way to the subnet of the leaf', () => {
    const low = fabric(' attribute-map LOWER')
    expect(vias(low('r3', 'show ip route', { vrf: 'all' }).json, '172.16.1.0/24')).toMatchObject({
      routeType: 'iBGP',
      vias: [{ vtepAddr: '10.0.0.11' }],
    })
    const paths = valueAt(low('r2', 'show bgp evpn', { filter: 'rd 10.0.0.31:999' }).json, 'evpnRoutes') ?? {}
    expect(valueAt(paths, 'RD: 10.0.0.31:999 ip-prefix 172.16.1.0/24', 'evpnRoutePaths', '0', 'localPreference')).toBe(
      10,
    )
  })
})

test('of two reflected paths that are equal the one of the smaller originator is best', () => {
  const reflector = [
    ...spine.slice(0, spine.indexOf('router bgp 64520')),
    ...link('Ethernet3', '10.1.0.4/31'),
    'router bgp 64520',
    '   router-id 10.0.0.21',
    ...neighbors('10.0.0.14', '10.0.0.13', '10.0.0.31'),
    ...['10.0.0.14', '10.0.0.13', '10.0.0.31'].map((peer) => `   neighbor ${peer} route-reflector-client`),
    ...evpn('10.0.0.14', '10.0.0.13', '10.0.0.31'),
  ]
  const greater = leaf('10.0.0.14', 'Ethernet2', '10.1.0.0/31', AUTO)
  const smaller = leaf('10.0.0.13', 'Ethernet2', '10.1.0.5/31', AUTO)
  const show = rowWithCables(
    '4.23.5M',
    [greater, reflector, exit(''), smaller],
    [
      { a: { device: 'r2', port: 'Ethernet3' }, b: { device: 'r4', port: 'Ethernet2' } },
      ...['r1', 'r4'].map((device) => ({
        a: { device, port: 'Ethernet3' },
        b: { device: `silent host of ${device}`, port: 'eth0' },
      })),
    ],
  )
  expect(vias(show('r3', 'show ip route', { vrf: 'all' }).json, '172.16.1.0/24')).toMatchObject({
    routeType: 'iBGP',
    vias: [{ vtepAddr: '10.0.0.13', routerMac: '00:1c:73:00:00:04' }],
  })
})

test.each([
  ['import auto 64520', 10, ['10.0.0.13']],
  ['import auto 64999', 10, []],
  ['import auto 64520', 11, []],
])('a VLAN with `route-target %s`, and VNI %i at the other end, floods to %j', (target, vni, expected) => {
  const far = leaf('10.0.0.13', 'Ethernet1', '10.1.0.1/31', AUTO).map((line) =>
    line.replaceAll('10.0.0.21', '10.0.0.11').replace('vlan 10 vni 10', `vlan 10 vni ${vni}`),
  )
  const near = leaf('10.0.0.11', 'Ethernet2', '10.1.0.0/31', [
    'route-target export auto',
    `route-target ${target}`,
  ]).map((line) => line.replaceAll('10.0.0.21', '10.0.0.13'))
  const show = rowWithCables('4.23.5M', [near, far], cable([SERVER]))
  const lists = valueAt(show('r1', 'show interfaces').json, 'interfaces', 'Vxlan1', 'vlanToVtepList', '10') ?? null
  expect(valueAt(lists, 'remoteVtepAddr') ?? []).toEqual(expected)
})

test('nobody who sends: no host route, and nothing to aggregate', () => {
  const show = fabric('', [])
  const routes = valueAt(show('r3', 'show ip route', { vrf: 'all' }).json, 'vrfs', 'evpn-vrf', 'routes') ?? {}
  expect(Object.entries(routes).map(([prefix, route]) => [prefix, valueAt(route, 'routeType')])).toEqual([
    ['172.16.1.0/24', 'iBGP'],
  ])
})

test('a MAC-VRF without `redistribute learned` announces no host', () => {
  const plain = leaf('10.0.0.11', 'Ethernet2', '10.1.0.0/31', AUTO).filter((line) => !line.includes('learned'))
  const show = rowWithCables('4.23.5M', [plain, spine, exit('')], cable([SERVER]))
  const routes = valueAt(show('r2', 'show bgp evpn', { filter: 'route-type mac-ip' }).json, 'evpnRoutes')
  expect(routes).toEqual({})
})
