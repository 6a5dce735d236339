import { describe, expect, test } from 'vitest'
import { judgeLine } from '../../../src/config/syntax/judge-line.ts'
import type { LineJudgement } from '../../../src/config/syntax/line-judgement.ts'

const BGP = ['router bgp 65001']
const ETHERNET = ['interface Ethernet1']

describe('a misspelt word, with the one that is meant', () => {
  test.each<readonly [above: readonly string[], line: string, token: number, near: string]>([
    [[], 'ntp serer 10.0.0.1', 1, 'server'],
    [[], 'hostanme leaf1', 0, 'hostname'],
    [[], 'ip rooute 0.0.0.0/0 10.0.0.1', 1, 'route'],
    [[], 'spanning-tree mdoe mstp', 1, 'mode'],
    [ETHERNET, 'descripton uplink', 0, 'description'],
    [ETHERNET, 'swichport mode trunk', 0, 'switchport'],
    [ETHERNET, 'no swichport', 1, 'switchport'],
    [ETHERNET, 'switchport mode acess', 2, 'access'],
    [ETHERNET, 'storm-control broacast level 5', 1, 'broadcast'],
    [ETHERNET, 'channel-group 7 mode acttive', 3, 'active'],
    [['interface Vlan10'], 'ip address virutal 10.0.0.1/24', 2, 'virtual'],
    [BGP, 'nieghbor 10.0.0.1 remote-as 65002', 0, 'neighbor'],
    [BGP, 'neighbor 10.0.0.1 remot-as 65002', 2, 'remote-as'],
    [BGP, 'maximum-pahts 4', 0, 'maximum-paths'],
    [[...BGP, 'vrf BLUE'], 'route-target imprt evpn 10:10', 1, 'import'],
    [['router ospf 1'], 'pasive-interface default', 0, 'passive-interface'],
    [['mlag configuration'], 'peer-lnk Port-Channel1', 0, 'peer-link'],
    [['route-map RM permit 10'], 'mtch ip address prefix-list PL', 0, 'match'],
    [['ip prefix-list PL'], 'seq 10 permitt 10.0.0.0/8', 2, 'permit'],
    [['management api http-commands'], 'protcol https', 0, 'protocol'],
  ])('%j %s', (above, line, token, near) => {
    expect(judgeLine(above, line)).toMatchObject({ kind: 'misspelt', token, near })
  })
})

test.each<readonly [above: readonly string[], line: string]>([
  [[], 'hostname leaf1'],
  // Values of a list follow each other in any number.
  [['route-map RM permit 10'], 'set as-path prepend 65000 65000 65000 65000'],
  [['route-map RM permit 10'], 'set community 65000:1 65000:2 65000:3 additive'],
  [[], 'ip name-server vrf MGMT 192.0.2.1 192.0.2.2 192.0.2.3'],
  [['ip access-list ACL'], '10 permit tcp any any eq 22 23 80 443'],
  // A unique beginning is no misspelling.
  [[], 'hostn leaf1'],
  [ETHERNET, 'switchp mode acc'],
  [[], 'username alice privilege 15 role network-admin secret Wonderland'],
  [[], 'username alice secret sha512 $6$abc$def'],
  [[], 'ip route vrf MGMT 0.0.0.0/0 192.0.2.1'],
  [[], 'ip route 0.0.0.0 0.0.0.0 192.0.2.1'],
  // No configuration shows a form that is stored as another one.
  [[], 'ip route vrf X 0.0.0.0 0.0.0.0 192.0.2.1 200'],
  [BGP, 'network 10.0.0.0 mask 255.0.0.0'],
  [['router ospf 1'], 'area 0 range 10.0.0.0 255.0.0.0'],
  [[], 'snmp-server community public'],
  [[], 'vlan 10,20-29'],
  [['application traffic recognition', 'field-set l4-port P'], '666, 777'],
  // The rest is text.
  [ETHERNET, 'description uplnk to descripton'],
  [BGP, 'neighbor 10.0.0.1 description swichport'],
  // A name may be like anything that is no keyword of its place.
  [[], 'vrf instance serer'],
  [BGP, 'neighbor SPNIES peer group'],
  // Lines of a mode around the own one leave it.
  [ETHERNET, 'router bgp 65001'],
  [['router ospf 1'], 'router bgp 65001'],
  [ETHERNET, '!! to the core'],
  [ETHERNET, 'comment'],
  [ETHERNET, 'no ip address'],
])('%j %s is known', (above, line) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each<readonly [above: readonly string[], line: string, judgement: object]>([
  [BGP, 'channel-group 7 mode active', { kind: 'other-mode', token: 0, word: 'channel-group', behind: '' }],
  [[], 'mlag configuration bogus', { kind: 'too-many', token: 2, word: 'bogus', behind: 'mlag configuration' }],
  [ETHERNET, 'mtu 70000', { kind: 'out-of-range', token: 1, word: '70000', behind: 'mtu' }],
  [ETHERNET, 'no mtu 70000', { kind: 'out-of-range', token: 2, word: '70000', behind: 'mtu' }],
  [ETHERNET, 'mtu huge', { kind: 'wrong-type', token: 1, word: 'huge', behind: 'mtu' }],
  [ETHERNET, 'channel-group 7', { kind: 'incomplete' }],
  [ETHERNET, 'sp 10g', { kind: 'ambiguous', token: 0, word: 'sp', behind: '' }],
  [ETHERNET, 'no sp', { kind: 'ambiguous', token: 1, word: 'sp', behind: '' }],
  // No word that may be there is like it: it may be of a version that the table does not know.
  [ETHERNET, 'frobnicate all', { kind: 'unexpected-word', token: 0, word: 'frobnicate', behind: '' }],
  [['frobnicate all'], 'switchport mode trunk', { kind: 'unknown-mode' }],
  // One source alone has the mode: a line that many have in another one is of that all the same.
  [['tunnel-ribs'], 'mtu 9000', { kind: 'other-mode', token: 0, word: 'mtu', behind: '' }],
  // Another word of EOS, with one letter of which the line is known.
  [['interface Vxlan1'], 'vlan vlan 10 vni 10010', { kind: 'unexpected-word', token: 0, word: 'vlan', behind: '' }],
])('%j %s is doubtful', (above, line, judgement) => {
  expect(judgeLine(above, line)).toEqual(judgement)
})

test.each<readonly [above: readonly string[], line: string]>([
  [['mpls ldp'], 'router-id interface Loopback0'],
  [['route-map RM permit 10'], 'set extcommunity color 128 additive'],
  [[], 'snmp-server host nms1.example.net version 2c public'],
  [BGP, 'neighbor 10.0.0.1 update-source 10.0.0.2'],
  [BGP, 'neighbor 10.0.0.1 password 8a Wonderland'],
  [BGP, 'bgp listen range fe80::/10 peer-group LEAFS peer-filter LEAFS'],
  [[...BGP, 'vrf BLUE'], 'route-target import evpn domain remote 10:10'],
  [ETHERNET, 'isis metric maximum'],
  [ETHERNET, 'vlan tag normalization single'],
  [['monitor connectivity'], 'host eth1_gateway'],
  [['router isis CORE'], 'hello padding disabled'],
])('[3T10] [3T18] %j %s is a valid line of few sources', (above, line) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each<readonly [above: readonly string[], line: string]>([
  [['route-map RM permit 10'], 'match ip'],
  [['route-map RM permit 10'], 'set community'],
  [['route-map RM permit 10'], 'set metric'],
  [[], 'ip route 10.0.0.0/8'],
  [BGP, 'neighbor 10.0.0.1 remote-as'],
  [ETHERNET, 'switchport access vlan'],
  [ETHERNET, 'switchport mode'],
  [ETHERNET, 'ip address'],
  [ETHERNET, 'description'],
  [['vlan 10'], 'name'],
  [['interface Vlan10'], 'ip address virtual'],
])('[3T11] %j %s ends where EOS expects more', (above, line) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'incomplete' })
  expect(judgeLine(above, `no ${line}`)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each<readonly [above: readonly string[], line: string]>([
  [ETHERNET, 'traffic-engineering min-delay static 10 milliseconds'],
  [['hardware tcam', 'profile p'], 'feature acl port ip'],
  [['router multicast', 'ipv4'], 'software-forwarding kernel'],
  [[], 'ntp server vrf MGMT 10.0.0.1 prefer iburst'],
  [[], 'mpls label range isis-sr 900000 65536'],
  [ETHERNET, 'ip ospf hello-interval 5'],
  [BGP, 'neighbor 10.0.0.1 send-community standard extended large'],
  [['mlag configuration'], 'reload-delay 150'],
  [BGP, 'neighbor 10.0.0.1 send-community standard'],
  [BGP, 'neighbor 10.0.0.1 ebgp-multihop'],
  // A new feature of a place that one source alone has.
  [['mpls evpn'], 'frobnicate'],
])('[3T12] %j %s is not doubted', (above, line) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})
