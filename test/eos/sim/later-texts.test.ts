import { describe, expect, test } from 'vitest'
import { block, routed, row } from './recorded.ts'

/** What tables of releases from 4.27.2 on say (ceos-lab, course); the configurations are ours. */

const DEFAULT_ROUTE = 'ip route vrf MGMT 0.0.0.0/0'
const managed = (gateway: string) => [
  'vrf instance MGMT',
  '!',
  ...block('interface Management1', 'vrf MGMT', 'ip address 192.0.2.11/24'),
  `${DEFAULT_ROUTE} ${gateway}`,
]
const routes = (eos: string, lines: readonly string[], args: Readonly<Record<string, string>> = { vrf: 'MGMT' }) =>
  row(eos, lines)('r1', 'show ip route', args).text.split('\n')

const OLDER = [
  '       N2 - OSPF NSSA external type2, B - BGP, B I - iBGP, B E - eBGP,',
  '       R - RIP, I L1 - IS-IS level 1, I L2 - IS-IS level 2,',
]
const LATER = [
  '       N2 - OSPF NSSA external type2, B - Other BGP Routes,',
  '       B I - iBGP, B E - eBGP, R - RIP, I L1 - IS-IS level 1,',
]

describe('show ip route', () => {
  test.each([
    ['4.27.0F', OLDER],
    ['4.27.2F-26069621.4272F (engineering build)', LATER],
    ['4.28.3M', LATER],
    ['4.31.4M', LATER],
  ])('%s names other routes of BGP from 4.27.2 on', (eos, lines) => {
    expect(routes(eos, managed('192.0.2.1')).slice(4, 6)).toEqual(lines)
  })

  test('a default route to a next hop in no subnet is not reachable', () => {
    const gateway = (lines: readonly string[]) => routes('4.27.2F', lines).find((line) => line.startsWith('Gateway'))
    expect(gateway(managed('198.51.100.1'))).toBe('Gateway of last resort is not reachable')
    expect(gateway(managed('192.0.2.1'))).toBe('Gateway of last resort:')
    expect(gateway(managed('192.0.2.1').filter((line) => !line.startsWith(DEFAULT_ROUTE)))).toBe(
      'Gateway of last resort is not set',
    )
  })

  test('the routes of one source come without the gateway, which is among them', () => {
    const lines = routes('4.29.2F', managed('192.0.2.1'), { vrf: 'MGMT', filter: 'static' })
    expect(lines.filter((line) => line.includes('Gateway'))).toEqual([])
    expect(lines).toContain(' S        0.0.0.0/0 [1/0] via 192.0.2.1, Management1')
  })
})

const MULTI_AGENT = 'service routing protocols model multi-agent'
const speaker = (own: string, port: string, address: string, peer: string, asn: number, far: number) => [
  MULTI_AGENT,
  'ip routing',
  '!',
  ...block('interface Loopback0', `ip address ${own}/32`),
  ...routed(port, `ip address ${address}`),
  `router bgp ${asn}`,
  `   router-id ${own}`,
  `   neighbor ${peer} remote-as ${far}`,
  `   network ${own}/32`,
]

test('show bgp summary has a column as wide as its neighbors, and a ruler', () => {
  const show = row(
    '4.29.2F',
    speaker('10.0.0.1', 'Ethernet2', '10.10.10.0/31', '10.10.10.1', 65001, 65002),
    speaker('10.0.0.2', 'Ethernet1', '10.10.10.1/31', '10.10.10.0', 65002, 65001),
  )
  expect(show('r1', 'show bgp summary').text.split('\n')).toEqual([
    'BGP summary information for VRF default',
    'Router identifier 10.0.0.1, local AS number 65001',
    'Neighbor            AS Session State AFI/SAFI                AFI/SAFI State   NLRI Rcd   NLRI Acc',
    '---------- ----------- ------------- ----------------------- -------------- ---------- ----------',
    '10.10.10.1       65002 Established   IPv4 Unicast            Negotiated              1          1',
    '',
  ])
})

test.each([
  ['4.26.2F', ['Route status codes: s - suppressed, * - valid, > - active, E - ECMP head, e - ECMP']],
  ['4.27.2F', ['Route status codes: s - suppressed, * - valid, > - active, E - ECMP head, e - ECMP']],
  [
    '4.29.2F',
    [
      'Route status codes: * - valid, > - active, S - Stale, E - ECMP head, e - ECMP',
      '                    c - Contributing to ECMP, % - Pending BGP convergence',
    ],
  ],
])('show bgp evpn of %s', (eos, codes) => {
  const show = row(eos, speaker('10.0.0.1', 'Ethernet2', '10.10.10.0/31', '10.10.10.1', 65001, 65002))
  expect(
    show('r1', 'show bgp evpn')
      .text.split('\n')
      .slice(2, 2 + codes.length),
  ).toEqual(codes)
})

const VTEP = [
  MULTI_AGENT,
  'ip routing',
  'ip routing vrf BLUE',
  '!',
  'vrf instance BLUE',
  '!',
  'vlan 10-15',
  '!',
  'ip virtual-router mac-address 00:00:11:22:33:44',
  '!',
  ...block('interface Loopback1', 'ip address 10.0.0.1/32'),
  ...block('interface Ethernet1', 'switchport access vlan 10'),
  ...block('interface Vlan10', 'vrf BLUE', 'ip address virtual 172.16.10.254/24'),
  ...block('interface Vlan11', 'vrf BLUE', 'ip address 172.16.11.254/24'),
]
const vxlan = (...lines: readonly string[]) =>
  block('interface Vxlan1', 'vxlan source-interface Loopback1', 'vxlan udp-port 4789', ...lines)

test('show interfaces of a VTEP has four VLANs to a line, and what is not configured', () => {
  const maps = [10, 11, 12, 13, 14].map((vlan) => `vxlan vlan ${vlan} vni ${vlan + 1000}`)
  const lines = (...more: readonly string[]) =>
    row('4.29.2F', [...VTEP, ...vxlan(...more)])('r1', 'show interfaces').text.split('\n')
  const from = (all: readonly string[]) => all.slice(all.findIndex((line) => line.includes('Listening on UDP')) + 1)
  expect(from(lines(...maps)).slice(0, 9)).toEqual([
    '  Replication/Flood Mode is headend with Flood List Source: EVPN',
    '  Remote MAC learning via EVPN',
    '  VNI mapping to VLANs',
    '  Static VLAN to VNI mapping is ',
    '    [10, 1010]        [11, 1011]        [12, 1012]        [13, 1013]       ',
    '    [14, 1014]       ',
    '  Note: All Dynamic VLANs used by VCS are internal VLANs.',
    "        Use 'show vxlan vni' for details.",
    '  Static VRF to VNI mapping is not configured',
  ])
  expect(from(lines('vxlan vrf BLUE vni 50000'))).toEqual(
    expect.arrayContaining([
      '  Replication/Flood Mode is headend with Flood List Source: CLI',
      '  Remote MAC learning is disabled',
      "  Dynamic VLAN to VNI mapping for 'evpn' is",
      '   [BLUE, 50000]',
      '  Shared Router MAC is 0000.0000.0000',
    ]),
  )
})

test.each([
  ['4.27.2F', []],
  ['4.29.2F', ['   1    0000.1122.3344    STATIC      Cpu', '  10    0000.1122.3344    STATIC      Cpu']],
])('show mac address-table of %s: the shared MAC address of routers', (eos, rows) => {
  const up = row(eos, [...VTEP, ...vxlan('vxlan vlan 10 vni 1010')])('r1', 'show mac address-table').text.split('\n')
  expect(up.filter((line) => line.includes('0000.1122.3344'))).toEqual(rows)
})
