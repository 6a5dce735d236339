import { expect, test } from 'vitest'
import { compare } from '../../../src/change/plan/seal.ts'
import { firstTouched, type TouchedThings, touchedThings } from '../../../src/change/plan/touched.ts'

const BASE = `hostname leaf1
!
vlan 10,20-22
!
vlan 4094
!
vrf instance PROD
!
interface Port-Channel7
   description servers
!
interface Ethernet1
   description uplink
!
interface Ethernet7
   channel-group 7 mode active
!
interface Ethernet8.100
   encapsulation dot1q vlan 100
!
interface Loopback0
   ip address 192.0.2.1/32
!
interface Vlan10
   ip address 10.0.10.1/24
!
interface Vlan30
   ip address 10.0.30.1/24
!
interface Vxlan1
   vxlan vlan 10 vni 10010
!
ip route vrf PROD 0.0.0.0/0 10.0.0.1
!
router bgp 65001
   neighbor SPINES peer group
   neighbor SPINES remote-as 65100
   neighbor 10.1.1.1 peer group SPINES
   neighbor 10.1.1.2 peer group SPINES
   neighbor 10.9.9.9 remote-as 65009
   neighbor 2001:db8::9 remote-as 65009
   vlan 10
      rd auto
   !
   address-family evpn
      neighbor SPINES activate
   !
   vrf PROD
      neighbor 10.2.2.2 remote-as 65200
!
router ospf 5 vrf PROD
!
end
`

const NOTHING: TouchedThings = { ports: [], vlans: [], vrfs: [], neighbors: [] }
const SPINES = [
  { neighbor: '10.1.1.1', vrf: 'default' },
  { neighbor: '10.1.1.2', vrf: 'default' },
]

/** What is found in the base, what takes its place, and what that touches; by hand. */
const ROWS: readonly (readonly [what: string, from: string, to: string, touched: Partial<TouchedThings>])[] = [
  ['nothing', 'hostname leaf1', 'hostname leaf1', {}],
  ['the name of the switch', 'hostname leaf1', 'hostname other', {}],
  ['a port', 'description uplink', 'description spine', { ports: ['Ethernet1'] }],
  [
    'a new line of a port that is not in the configuration',
    'interface Loopback0',
    'interface Ethernet9\n   shutdown\n!\ninterface Loopback0',
    { ports: ['Ethernet9'] },
  ],
  ['a port-channel', 'description servers', 'description web', { ports: ['Port-Channel7'] }],
  [
    'a port-channel that is new',
    'interface Ethernet1\n',
    'interface Port-Channel9\n   description x\n!\ninterface Ethernet1\n',
    {},
  ],
  ['a member that leaves', '   channel-group 7 mode active\n', '', { ports: ['Port-Channel7', 'Ethernet7'] }],
  ['a subinterface', 'dot1q vlan 100', 'dot1q vlan 101', { ports: ['Ethernet8.100'] }],
  ['a loopback', '192.0.2.1/32', '192.0.2.2/32', {}],
  ['an SVI', '10.0.10.1/24', '10.0.10.2/24', { vlans: [10] }],
  ['an SVI without a VLAN', '10.0.30.1/24', '10.0.30.2/24', { vlans: [30] }],
  ['a VNI', 'vlan 10 vni 10010', 'vlan 10 vni 10011', { vlans: [10] }],
  ['a VLAN that goes', '4094', '4093', { vlans: [4094] }],
  ['a VLAN that is new', 'vrf instance PROD', 'vlan 998\n   name NEW\n!\nvrf instance PROD', {}],
  ['VLANs of a list', 'vlan 10,20-22', 'vlan 10,20', { vlans: [21, 22] }],
  ['an EVPN instance', '      rd auto', '      rd 1:1', { vlans: [10] }],
  [
    'spanning tree of VLANs',
    'vrf instance PROD',
    'spanning-tree vlan-id 20-21,999 priority 0\n!\nvrf instance PROD',
    { vlans: [20, 21] },
  ],
  ['a VRF that is new', 'vrf instance PROD', 'vrf instance LAB\n!\nvrf instance PROD', {}],
  ['a route of a VRF', '0.0.0.0/0 10.0.0.1', '0.0.0.0/0 10.0.0.2', { vrfs: ['PROD'] }],
  ['OSPF of a VRF', 'router ospf 5 vrf PROD\n', 'router ospf 5 vrf PROD\n   max-lsa 9\n', { vrfs: ['PROD'] }],
  [
    'a port that joins a VRF',
    '   description uplink',
    '   vrf PROD\n   description uplink',
    { ports: ['Ethernet1'], vrfs: ['PROD'] },
  ],
  [
    'a neighbour',
    '10.9.9.9 remote-as 65009',
    '10.9.9.9 remote-as 65010',
    { neighbors: [{ neighbor: '10.9.9.9', vrf: 'default' }] },
  ],
  [
    'a neighbour by IPv6',
    '2001:db8::9 remote-as 65009',
    '2001:db8::9 remote-as 65010',
    { neighbors: [{ neighbor: '2001:db8::9', vrf: 'default' }] },
  ],
  ['a neighbour that is new', '   neighbor 10.9.9.9', '   neighbor 10.7.7.7 remote-as 1\n   neighbor 10.9.9.9', {}],
  [
    'a neighbour of a VRF',
    '10.2.2.2 remote-as 65200',
    '10.2.2.2 remote-as 65201',
    { vrfs: ['PROD'], neighbors: [{ neighbor: '10.2.2.2', vrf: 'PROD' }] },
  ],
  ['a peer group', 'SPINES remote-as 65100', 'SPINES remote-as 65101', { neighbors: SPINES }],
  [
    'a peer group in an address family',
    '      neighbor SPINES activate',
    '      no neighbor SPINES activate',
    { neighbors: SPINES },
  ],
]

test.each(ROWS)('a change touches %s', (_what, from, to, touched) => {
  expect(BASE).toContain(from)
  const { changes, before } = compare(BASE, BASE.replace(from, to))
  expect(touchedThings(changes, before)).toEqual({ ...NOTHING, ...touched })
})

test('the table has as many rows as it had', () => {
  expect(ROWS).toHaveLength(27)
})

test('a line of a banner is no command, whatever it says', () => {
  const banner = (text: string) => `banner login\n${text}\nEOF\n!\n${BASE}`
  const { changes, before } = compare(banner('interface Ethernet1'), banner('vlan 10'))
  expect(changes).not.toEqual([])
  expect(touchedThings(changes, before)).toEqual(NOTHING)
})

test('of many things the first are kept: ports before VLANs, VRFs and neighbours', () => {
  const things: TouchedThings = { ports: ['Ethernet1', 'Ethernet2'], vlans: [1, 2], vrfs: ['A'], neighbors: SPINES }
  expect(firstTouched(things, 3)).toEqual({ ...NOTHING, ports: ['Ethernet1', 'Ethernet2'], vlans: [1] })
  expect(firstTouched(things, 6)).toEqual({ ...things, neighbors: SPINES.slice(0, 1) })
  expect(firstTouched(things, 7)).toEqual(things)
})
