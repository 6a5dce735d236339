import { describe, expect, test } from 'vitest'
import { judgeLine } from '../../../../src/eos/config/guard/judge-line.ts'
import type { LineJudgement } from '../../../../src/eos/config/syntax/line-judgement.ts'
import { lists } from '../../../table.ts'

const BGP = ['router bgp 65001']
const ETHERNET = ['interface Ethernet1']

describe('a misspelt word, with the one that is meant', () => {
  test.each(lists`
    ntp serer 10.0.0.1                |  | 1 | server
    hostanme leaf1                    |  | 0 | hostname
    ip rooute 0.0.0.0/0 10.0.0.1      |  | 1 | route
    spanning-tree mdoe mstp           |  | 1 | mode
    descripton uplink                 | interface Ethernet1 | 0 | description
    swichport mode trunk              | interface Ethernet1 | 0 | switchport
    no swichport                      | interface Ethernet1 | 1 | switchport
    switchport mode acess             | interface Ethernet1 | 2 | access
    storm-control broacast level 5    | interface Ethernet1 | 1 | broadcast
    channel-group 7 mode acttive      | interface Ethernet1 | 3 | active
    ip address virutal 10.0.0.1/24    | interface Vlan10 | 2 | virtual
    nieghbor 10.0.0.1 remote-as 65002 | router bgp 65001 | 0 | neighbor
    neighbor 10.0.0.1 remot-as 65002  | router bgp 65001 | 2 | remote-as
    maximum-pahts 4                   | router bgp 65001 | 0 | maximum-paths
    route-target imprt evpn 10:10     | router bgp 65001; vrf BLUE | 1 | import
    pasive-interface default          | router ospf 1 | 0 | passive-interface
    peer-lnk Port-Channel1            | mlag configuration | 0 | peer-link
    mtch ip address prefix-list PL    | route-map RM permit 10 | 0 | match
    seq 10 permitt 10.0.0.0/8         | ip prefix-list PL | 2 | permit
    protcol https                     | management api http-commands | 0 | protocol
  `)('%s, in %j', (line, above, [token], [near]) => {
    expect(judgeLine(above, line)).toMatchObject({ kind: 'misspelt', token: Number(token), near })
  })
})

test.each(lists`
  hostname leaf1                                               |
  # Values of a list follow each other in any number.
  set as-path prepend 65000 65000 65000 65000                  | route-map RM permit 10
  set community 65000:1 65000:2 65000:3 additive               | route-map RM permit 10
  ip name-server vrf MGMT 192.0.2.1 192.0.2.2 192.0.2.3        |
  10 permit tcp any any eq 22 23 80 443                        | ip access-list ACL
  # A unique beginning is no misspelling.
  hostn leaf1                                                  |
  switchp mode acc                                             | interface Ethernet1
  username alice privilege 15 role network-admin secret Wonderland |
  username alice secret sha512 $6$abc$def                      |
  ip route vrf MGMT 0.0.0.0/0 192.0.2.1                        |
  ip route 0.0.0.0 0.0.0.0 192.0.2.1                           |
  # No configuration shows a form that is stored as another one.
  ip route vrf X 0.0.0.0 0.0.0.0 192.0.2.1 200                 |
  network 10.0.0.0 mask 255.0.0.0                              | router bgp 65001
  area 0 range 10.0.0.0 255.0.0.0                              | router ospf 1
  snmp-server community public                                 |
  vlan 10,20-29                                                |
  666, 777                                                     | application traffic recognition; field-set l4-port P
  # The rest is text.
  description uplnk to descripton                              | interface Ethernet1
  neighbor 10.0.0.1 description swichport                      | router bgp 65001
  # A name may be like anything that is no keyword of its place.
  vrf instance serer                                           |
  neighbor SPNIES peer group                                   | router bgp 65001
  # Lines of a mode around the own one leave it.
  router bgp 65001                                             | interface Ethernet1
  router bgp 65001                                             | router ospf 1
  !! to the core                                               | interface Ethernet1
  comment                                                      | interface Ethernet1
  no ip address                                                | interface Ethernet1
`)('%s, in %j, is known', (line, above) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each([
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

test.each(lists`
  router-id interface Loopback0                                | mpls ldp
  set extcommunity color 128 additive                          | route-map RM permit 10
  snmp-server host nms1.example.net version 2c public          |
  neighbor 10.0.0.1 update-source 10.0.0.2                     | router bgp 65001
  neighbor 10.0.0.1 password 8a Wonderland                     | router bgp 65001
  bgp listen range fe80::/10 peer-group LEAFS peer-filter LEAFS | router bgp 65001
  route-target import evpn domain remote 10:10                 | router bgp 65001; vrf BLUE
  isis metric maximum                                          | interface Ethernet1
  vlan tag normalization single                                | interface Ethernet1
  host eth1_gateway                                            | monitor connectivity
  hello padding disabled                                       | router isis CORE
`)('[3T10] [3T18] %s, in %j, is a valid line of few sources', (line, above) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each(lists`
  match ip                    | route-map RM permit 10
  set community               | route-map RM permit 10
  set metric                  | route-map RM permit 10
  ip route 10.0.0.0/8         |
  neighbor 10.0.0.1 remote-as | router bgp 65001
  switchport access vlan      | interface Ethernet1
  switchport mode             | interface Ethernet1
  ip address                  | interface Ethernet1
  description                 | interface Ethernet1
  name                        | vlan 10
  ip address virtual          | interface Vlan10
`)('[3T11] %s, in %j, ends where EOS expects more', (line, above) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'incomplete' })
  expect(judgeLine(above, `no ${line}`)).toEqual<LineJudgement>({ kind: 'known' })
})

test.each(lists`
  traffic-engineering min-delay static 10 milliseconds     | interface Ethernet1
  feature acl port ip                                      | hardware tcam; profile p
  software-forwarding kernel                               | router multicast; ipv4
  ntp server vrf MGMT 10.0.0.1 prefer iburst               |
  mpls label range isis-sr 900000 65536                    |
  ip ospf hello-interval 5                                 | interface Ethernet1
  neighbor 10.0.0.1 send-community standard extended large | router bgp 65001
  reload-delay 150                                         | mlag configuration
  neighbor 10.0.0.1 send-community standard                | router bgp 65001
  neighbor 10.0.0.1 ebgp-multihop                          | router bgp 65001
  # A new feature of a place that one source alone has.
  frobnicate                                               | mpls evpn
`)('[3T12] %s, in %j, is not doubted', (line, above) => {
  expect(judgeLine(above, line)).toEqual<LineJudgement>({ kind: 'known' })
})
