import { expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { judgeInvariants } from '../../../src/eos/invariant/judge.ts'
import { shippedInvariants } from '../../../src/eos/invariant/shipped/shipped.ts'
import { edited } from './edited.ts'

/** A leaf of an EVPN fabric on which every shipped invariant holds, and each has something to judge. */
const LEAF = `vlan 10
   name WEB
vlan 20,30
vlan 4094
   trunk group MLAG
vrf instance PROD
interface Port-Channel1
   switchport trunk allowed vlan 10,20
   switchport mode trunk
   mlag 1
interface Port-Channel1000
   switchport trunk allowed vlan 2-4094
   switchport mode trunk
   switchport trunk group MLAG
interface Ethernet1
   channel-group 1 mode active
interface Ethernet2
   switchport access vlan 10
interface Ethernet48
   no switchport
   ip address 10.0.0.1/31
   ip access-group EDGE in
   ipv6 access-group EDGE6 in
interface Vlan10
   vrf PROD
   ip access-group EDGE out
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 10 vni 10010
   vxlan vlan 20,30 vni 10020,10030
   vxlan vrf PROD vni 50001
ip access-list EDGE
   10 permit ip any any
ip access-list standard MGMT
   10 permit 10.0.0.0/8
ip prefix-list LOOPBACKS seq 10 permit 10.0.250.0/24 eq 32
mlag configuration
   domain-id L1
   peer-link Port-Channel1000
route-map EDGE-IN permit 10
   match ip address prefix-list LOOPBACKS
route-map EDGE-OUT permit 10
router bgp 65101
   neighbor EVPN peer group
   neighbor EVPN remote-as 65000
   neighbor EVPN maximum-routes 0
   neighbor SPINES peer group
   neighbor SPINES remote-as 65000
   neighbor SPINES route-map EDGE-IN in
   neighbor SPINES route-map EDGE-OUT out
   neighbor SPINES maximum-routes 12000
   neighbor PEER peer group
   neighbor PEER remote-as 65101
   neighbor 10.0.0.0 peer group SPINES
   neighbor 10.0.250.1 peer group EVPN
   neighbor 10.255.0.1 peer group PEER
   vlan 10
      rd 10.0.250.11:10010
      route-target both 10010:10010
   vlan-aware-bundle TENANT
      rd 10.0.250.11:20
      route-target both 20:20
      vlan 20,30
   address-family evpn
      neighbor EVPN activate
   vrf PROD
      rd 10.0.250.11:50001
      route-target import evpn 50001:50001
      route-target export evpn 50001:50001
      neighbor 172.16.0.1 remote-as 65200
      neighbor 172.16.0.1 route-map EDGE-IN in
      neighbor 172.16.0.1 route-map EDGE-OUT out
      neighbor 172.16.0.1 maximum-routes 100
management ssh
   ip access-group MGMT in
management api http-commands
   vrf MGMT
      ip access-group MGMT
`

const BGP = 'router bgp 65101'
const VRF = `${BGP} > vrf PROD`

/** For each shipped invariant five changes of the leaf that keep it, and five that break it so many times. */
const CASES: Readonly<Record<string, { holds: readonly string[][]; breaks: readonly [number, ...string[]][] }>> = {
  'ebgp-neighbor-filters': {
    holds: [
      // A session of the fabric: a peer group in the default VRF of a switch that speaks EVPN.
      [`- ${BGP} > neighbor SPINES route-map EDGE-IN in`, `- ${BGP} > neighbor SPINES route-map EDGE-OUT out`],
      // One of its own AS is none of eBGP.
      [`+ ${BGP} > neighbor 10.9.9.9 remote-as 65101`],
      [`+ ${BGP} > neighbor 10.0.250.2 peer group EVPN`],
      // The group of a neighbour sets them for it.
      [`+ ${VRF} > neighbor 172.16.0.2 peer group SPINES`],
      [
        `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-IN in`,
        `+ ${VRF} > address-family ipv4 > neighbor 172.16.0.1 route-map EDGE-IN in`,
      ],
    ],
    breaks: [
      [1, `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-OUT out`],
      // In no peer group, a neighbour of the default VRF is none of the fabric.
      [2, `+ ${BGP} > neighbor 10.0.0.4 remote-as 65003`],
      [
        1,
        `- ${BGP} > neighbor 10.0.0.0 peer group SPINES`,
        `+ ${BGP} > neighbor 10.0.0.0 remote-as 65000`,
        `+ ${BGP} > neighbor 10.0.0.0 route-map EDGE-IN in`,
      ],
      // The member says no to what its group sets.
      [1, `+ ${VRF} > neighbor 172.16.0.2 peer group SPINES`, `+ ${VRF} > no neighbor 172.16.0.2 route-map EDGE-IN in`],
      // Without EVPN each is judged: the one of the group that carried it has no filters.
      [2, `- ${BGP} > address-family evpn`],
    ],
  },
  'ebgp-neighbor-limit': {
    holds: [
      [`+ ${BGP} > neighbor 10.0.0.2 peer group SPINES`],
      [`+ ${BGP} > neighbor 10.0.0.0 maximum-routes 500 warning-only`],
      [`+ ${BGP} > neighbor 10.9.9.9 remote-as 65101`],
      [`+ ${BGP} > neighbor 10.0.0.4 remote-as 65003`, `+ ${BGP} > neighbor 10.0.0.4 maximum-routes 10`],
      [`- ${VRF} > neighbor 172.16.0.1 maximum-routes 100`, `+ ${VRF} > neighbor 172.16.0.1 peer group SPINES`],
    ],
    breaks: [
      [1, `- ${BGP} > neighbor SPINES maximum-routes 12000`],
      [1, `- ${BGP} > neighbor EVPN maximum-routes 0`],
      [1, `- ${VRF} > neighbor 172.16.0.1 maximum-routes 100`],
      [1, `+ ${BGP} > neighbor 10.0.0.4 remote-as 65003`],
      [1, `- ${BGP} > neighbor 10.0.0.0 peer group SPINES`, `+ ${BGP} > neighbor 10.0.0.0 remote-as 65000`],
    ],
  },
  'trunk-allowed-vlans': {
    holds: [
      ['+ interface Ethernet2 > switchport trunk native vlan 10'],
      ['+ interface Ethernet3 > switchport mode trunk', '+ interface Ethernet3 > switchport trunk allowed vlan none'],
      ['- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094'],
      ['+ interface Ethernet1 > switchport mode trunk'],
      ['+ interface Ethernet48 > switchport mode trunk'],
    ],
    breaks: [
      [1, '- interface Port-Channel1 > switchport trunk allowed vlan 10,20'],
      [1, '+ interface Ethernet2 > switchport mode trunk'],
      [1, '- interface Ethernet1 > channel-group 1 mode active', '+ interface Ethernet1 > switchport mode trunk'],
      [1, '- interface Ethernet48 > no switchport', '+ interface Ethernet48 > switchport mode trunk'],
      [2, '+ interface Ethernet5 > switchport mode trunk', '+ interface Ethernet6 > switchport mode trunk'],
    ],
  },
  'interface-filter-kept': {
    holds: [
      // Another filter is one, too.
      ['- interface Ethernet48 > ip access-group EDGE in', '+ interface Ethernet48 > ip access-group OTHER in'],
      // With the interface its filter goes.
      ['- interface Vlan10'],
      ['+ interface Vlan10 > ip access-group EDGE in'],
      ['- interface Ethernet48 > ip address 10.0.0.1/31'],
      ['- ip access-list EDGE > 10 permit ip any any'],
    ],
    breaks: [
      [1, '- interface Ethernet48 > ip access-group EDGE in'],
      [1, '- interface Ethernet48 > ipv6 access-group EDGE6 in'],
      [1, '- interface Vlan10 > ip access-group EDGE out'],
      [1, '- interface Vlan10 > ip access-group EDGE out', '+ interface Vlan10 > ip access-group EDGE in'],
      [2, '- interface Ethernet48', '+ interface Ethernet48 > no switchport'],
    ],
  },
  'neighbor-filter-kept': {
    holds: [
      [`- ${BGP} > neighbor SPINES route-map EDGE-IN in`, `+ ${BGP} > neighbor SPINES route-map EDGE-OUT in`],
      [
        `- ${VRF} > neighbor 172.16.0.1 remote-as 65200`,
        `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-IN in`,
        `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-OUT out`,
        `- ${VRF} > neighbor 172.16.0.1 maximum-routes 100`,
      ],
      [`- ${VRF}`],
      // The filter of the group becomes its own.
      [
        `- ${BGP} > neighbor SPINES route-map EDGE-IN in`,
        `+ ${BGP} > neighbor SPINES route-map EDGE-IN in`,
        `+ ${BGP} > neighbor 10.0.0.0 route-map EDGE-IN in`,
      ],
      [`- ${BGP} > neighbor SPINES maximum-routes 12000`],
    ],
    breaks: [
      // The group, and its member.
      [2, `- ${BGP} > neighbor SPINES route-map EDGE-IN in`],
      [1, `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-IN in`],
      [1, `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-OUT out`],
      // The AS of a neighbour changes with its filter: it is the same neighbour.
      [
        1,
        `- ${VRF} > neighbor 172.16.0.1 remote-as 65200`,
        `+ ${VRF} > neighbor 172.16.0.1 remote-as 65300`,
        `- ${VRF} > neighbor 172.16.0.1 route-map EDGE-IN in`,
      ],
      [2, `- ${BGP} > neighbor 10.0.0.0 peer group SPINES`, `+ ${BGP} > neighbor 10.0.0.0 remote-as 65000`],
    ],
  },
  'service-filter-kept': {
    holds: [
      ['- management ssh > ip access-group MGMT in', '+ management ssh > ip access-group STRICT in'],
      ['+ management ssh > idle-timeout 10'],
      ['- management ssh'],
      ['- management api http-commands > vrf MGMT'],
      ['+ management telnet > ip access-group MGMT in'],
    ],
    breaks: [
      [1, '- management ssh > ip access-group MGMT in'],
      [1, '- management api http-commands > vrf MGMT > ip access-group MGMT'],
      [1, '- management ssh > ip access-group MGMT in', '+ management ssh > idle-timeout 10'],
      [1, '- management ssh > ip access-group MGMT in', '+ management ssh > ip access-group MGMT out'],
      [1, '- management ssh > ip access-group MGMT in', '+ management ssh > ip access-group MGMT vrf MGMT in'],
    ],
  },
  'access-list-exists': {
    holds: [
      ['- ip access-list EDGE > 10 permit ip any any'],
      ['+ interface Ethernet2 > ip access-group MGMT in'],
      ['- interface Ethernet48 > ip access-group EDGE in'],
      ['+ system control-plane > ip access-group default-control-plane-acl in'],
      ['+ ip access-list NEW', '+ interface Ethernet2 > ip access-group NEW out'],
    ],
    breaks: [
      // Two ports have it.
      [2, '- ip access-list EDGE'],
      // SSH and the API have it.
      [2, '- ip access-list standard MGMT'],
      [1, '+ interface Ethernet2 > ip access-group NEW in'],
      [1, '+ system control-plane > ip access-group CPU in'],
      [1, '+ management telnet > ip access-group TELNET in'],
    ],
  },
  'route-map-exists': {
    holds: [
      ['+ route-map EDGE-IN deny 20'],
      ['- route-map EDGE-OUT permit 10', '+ route-map EDGE-OUT permit 20'],
      [`+ ${BGP} > neighbor 10.0.0.0 route-map EDGE-OUT in`],
      ['+ route-map UNUSED permit 10'],
      ['- route-map EDGE-IN permit 10 > match ip address prefix-list LOOPBACKS'],
    ],
    breaks: [
      // The group, its member, and the neighbour in the VRF.
      [3, '- route-map EDGE-OUT permit 10'],
      [3, '- route-map EDGE-IN permit 10'],
      [1, `+ ${VRF} > neighbor 172.16.0.2 route-map NEW in`],
      [1, `+ ${BGP} > address-family ipv4 > neighbor 10.9.9.9 route-map NEW in`],
      [1, `+ ${BGP} > neighbor 10.0.0.0 route-map NEW out`],
    ],
  },
  'prefix-list-exists': {
    holds: [
      ['- route-map EDGE-IN permit 10 > match ip address prefix-list LOOPBACKS'],
      ['+ route-map EDGE-IN deny 20 > match ip address prefix-list LOOPBACKS'],
      ['- route-map EDGE-IN permit 10'],
      ['+ ip prefix-list LOOPBACKS seq 20 permit 10.0.251.0/24'],
      ['+ ip prefix-list ALL', '+ route-map EDGE-OUT permit 10 > match ip address prefix-list ALL'],
    ],
    breaks: [
      [1, '- ip prefix-list LOOPBACKS seq 10 permit 10.0.250.0/24 eq 32'],
      [1, '+ route-map EDGE-OUT permit 10 > match ip address prefix-list ALL'],
      [1, '+ route-map NEW permit 10 > match ip address prefix-list ALL'],
      [1, '+ route-map EDGE-IN deny 20 > match ip address prefix-list loopbacks'],
      [
        2,
        '- ip prefix-list LOOPBACKS seq 10 permit 10.0.250.0/24 eq 32',
        '+ route-map EDGE-OUT permit 10 > match ip address prefix-list LOOPBACKS',
      ],
    ],
  },
  'vni-unique': {
    holds: [
      ['+ interface Vxlan1 > vxlan vlan 40 vni 10040'],
      ['- interface Vxlan1 > vxlan vlan 10 vni 10010', '+ interface Vxlan1 > vxlan vlan 40 vni 10010'],
      ['+ interface Vxlan1 > vxlan vrf DEV vni 50002'],
      ['- interface Vxlan1'],
      ['+ interface Vxlan1 > vxlan vlan 40 flood vtep 10.0.250.12'],
    ],
    breaks: [
      // Both are broken by it.
      [2, '+ interface Vxlan1 > vxlan vlan 40 vni 10010'],
      [1, '+ interface Vxlan1 > vxlan vlan 40 vni 50001'],
      [1, '+ interface Vxlan1 > vxlan vrf DEV vni 10010'],
      [2, '+ interface Vxlan1 > vxlan vlan 40 vni 10040', '+ interface Vxlan1 > vxlan vlan 50 vni 10040'],
      [6, '+ interface Vxlan1 > vxlan vlan 40 vni 10010', '+ interface Vxlan1 > vxlan vlan 50 vni 10010'],
    ],
  },
  'vxlan-vlan-exists': {
    holds: [
      ['+ vlan 40', '+ interface Vxlan1 > vxlan vlan 40 vni 10040'],
      ['- vlan 20,30', '+ vlan 20-30'],
      ['- vlan 10', '- interface Vxlan1 > vxlan vlan 10 vni 10010'],
      ['- vlan 10 > name WEB'],
      ['- vlan 4094'],
    ],
    breaks: [
      [1, '- vlan 10'],
      [2, '- vlan 20,30'],
      [1, '- vlan 20,30', '+ vlan 20'],
      [1, '+ interface Vxlan1 > vxlan vlan 40 vni 10040'],
      [3, '+ interface Vxlan1 > vxlan vlan 40-42 vni 10040-10042'],
    ],
  },
  'evpn-instance': {
    holds: [
      ['+ interface Vxlan1 > vxlan vlan 40 vni 10040', `+ ${BGP} > vlan 40 > rd 10.0.250.11:10040`],
      [`- ${BGP} > vlan-aware-bundle TENANT > vlan 20,30`, `+ ${BGP} > vlan-aware-bundle TENANT > vlan 20-30`],
      [`- ${BGP} > address-family evpn`, `- ${BGP} > vlan 10`],
      ['- interface Vxlan1 > vxlan vlan 10 vni 10010', `- ${BGP} > vlan 10`],
      [`- ${BGP} > vlan 10`, `+ ${BGP} > vlan-aware-bundle NEW > vlan 10`],
    ],
    breaks: [
      [1, `- ${BGP} > vlan 10`],
      [2, `- ${BGP} > vlan-aware-bundle TENANT`],
      [1, '+ interface Vxlan1 > vxlan vlan 40 vni 10040'],
      [1, `- ${BGP} > vlan-aware-bundle TENANT > vlan 20,30`, `+ ${BGP} > vlan-aware-bundle TENANT > vlan 20`],
      [3, `- ${BGP} > vlan 10`, `- ${BGP} > vlan-aware-bundle TENANT > vlan 20,30`],
    ],
  },
  'instance-route-targets': {
    holds: [
      [
        `- ${BGP} > vlan 10 > route-target both 10010:10010`,
        `+ ${BGP} > vlan 10 > route-target import 10010:10010`,
        `+ ${BGP} > vlan 10 > route-target export 10010:10010`,
      ],
      [`- ${BGP} > vlan 10`],
      [`- ${BGP} > vlan 10 > rd 10.0.250.11:10010`, `+ ${BGP} > vlan 10 > rd auto`],
      [`+ ${BGP} > vlan 10 > redistribute learned`],
      [`+ ${BGP} > vlan-aware-bundle TENANT > route-target import 30:30`],
    ],
    breaks: [
      // Neither import nor export is left.
      [2, `- ${BGP} > vlan 10 > route-target both 10010:10010`],
      [1, `- ${BGP} > vlan 10 > rd 10.0.250.11:10010`],
      [1, `- ${BGP} > vlan-aware-bundle TENANT > rd 10.0.250.11:20`],
      [3, `+ ${BGP} > vlan 40`],
      [1, `- ${BGP} > vlan 10 > route-target both 10010:10010`, `+ ${BGP} > vlan 10 > route-target import 10010:10010`],
    ],
  },
  'route-target-unique': {
    holds: [
      [`+ ${BGP} > vlan 40 > route-target both 10040:10040`],
      [`- ${BGP} > vlan 10`, `+ ${BGP} > vlan 40 > route-target both 10010:10010`],
      [`+ ${BGP} > vlan 10 > route-target both 10:10`],
      [`+ ${BGP} > vlan 40 > route-target import 10010:10010`],
      [`- ${BGP} > vlan 10 > route-target both 10010:10010`],
    ],
    breaks: [
      [2, `+ ${BGP} > vlan 40 > route-target both 10010:10010`],
      [2, `+ ${BGP} > vlan 40 > route-target both 4:4`, `+ ${BGP} > vlan 50 > route-target both 4:4`],
      [2, `+ ${BGP} > vlan 40 > route-target both 4:4`, `+ ${BGP} > vlan 10 > route-target both 4:4`],
      [6, `+ ${BGP} > vlan 40 > route-target both 10010:10010`, `+ ${BGP} > vlan 50 > route-target both 10010:10010`],
      [2, `+ ${BGP} > vlan 40-42 > route-target both 10010:10010`],
    ],
  },
  'vrf-vni': {
    holds: [
      [`- ${VRF} > route-target import evpn 50001:50001`, `+ ${VRF} > route-target import evpn 50002:50002`],
      ['- interface Vxlan1 > vxlan vrf PROD vni 50001', `- ${VRF}`],
      [`+ ${BGP} > vrf DEV > rd 10.0.250.11:50002`],
      [`- ${BGP} > address-family evpn`, `- ${VRF}`],
      // As recorded switches of an older EOS write it.
      [`- ${VRF} > route-target import evpn 50001:50001`, `+ ${VRF} > route-target import 50001:50001`],
    ],
    breaks: [
      [1, `- ${VRF} > route-target import evpn 50001:50001`],
      [1, `- ${VRF} > route-target export evpn 50001:50001`],
      [2, `- ${VRF}`],
      [2, '+ interface Vxlan1 > vxlan vrf DEV vni 50002'],
      [1, '+ interface Vxlan1 > vxlan vrf DEV vni 50002', `+ ${BGP} > vrf DEV > route-target import evpn 2:2`],
    ],
  },
  'peer-link-trunk': {
    holds: [
      ['- mlag configuration'],
      ['- mlag configuration > peer-link Port-Channel1000', '+ mlag configuration > peer-link Port-Channel1'],
      ['- interface Port-Channel1000 > switchport trunk group MLAG'],
      ['+ interface Port-Channel1000 > mtu 9214'],
      ['- interface Port-Channel1 > switchport mode trunk'],
    ],
    breaks: [
      [1, '- interface Port-Channel1000 > switchport mode trunk'],
      [1, '- interface Port-Channel1000'],
      [1, '- mlag configuration > peer-link Port-Channel1000', '+ mlag configuration > peer-link Ethernet2'],
      [1, '+ mlag configuration > peer-link Port-Channel9'],
      [
        1,
        '- interface Port-Channel1000 > switchport mode trunk',
        '+ interface Port-Channel1000 > switchport mode access',
      ],
    ],
  },
  'peer-link-vlans': {
    holds: [
      ['- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094'],
      [
        '- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094',
        '+ interface Port-Channel1000 > switchport trunk allowed vlan 10,20-30',
      ],
      ['+ interface Vxlan1 > vxlan vlan 40 vni 10040'],
      ['- mlag configuration', '- interface Port-Channel1000'],
      ['- interface Port-Channel1 > switchport trunk allowed vlan 10,20'],
    ],
    breaks: [
      [
        1,
        '- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094',
        '+ interface Port-Channel1000 > switchport trunk allowed vlan 20-4094',
      ],
      [
        3,
        '- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094',
        '+ interface Port-Channel1000 > switchport trunk allowed vlan none',
      ],
      [1, '+ interface Vxlan1 > vxlan vlan 1 vni 10001'],
      [1, '- mlag configuration > peer-link Port-Channel1000', '+ mlag configuration > peer-link Port-Channel1'],
      [
        2,
        '- interface Port-Channel1000 > switchport trunk allowed vlan 2-4094',
        '+ interface Port-Channel1000 > switchport trunk allowed vlan 10',
      ],
    ],
  },
}

const invariants = shippedInvariants(['evpn'])

test('each shipped invariant has five changes that keep it, and five that break it', () => {
  expect(invariants.map(({ name }) => name)).toEqual(Object.keys(CASES).map((name) => `evpn/${name}`))
  const counts = Object.values(CASES).map(({ holds, breaks }) => [holds.length, breaks.length])
  expect(counts).toEqual(Array(17).fill([5, 5]))
})

test.each(Object.entries(CASES))('%s', (name, { holds, breaks }) => {
  const own = invariants.filter((one) => one.name === `evpn/${name}`)
  const before = parseConfig(LEAF)
  const broken = (edits: readonly string[]) => judgeInvariants(own, before, parseConfig(edited(LEAF, edits)))
  expect(judgeInvariants(own, before, before)).toEqual({ broken: [], already: [] })
  expect(holds.map((edits) => [edits, broken(edits).broken])).toEqual(holds.map((edits) => [edits, []]))
  expect(breaks.map(([_, ...edits]) => [broken(edits).broken.length, ...edits])).toEqual(breaks)
})
