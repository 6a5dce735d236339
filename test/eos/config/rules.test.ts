import { describe, expect, test } from 'vitest'
import { isHead, meaningOf } from '../../../src/eos/config/rules/rules.ts'
import { table } from '../../table.ts'

describe('what a command means in its mode', () => {
  test.each(table`
    root         hostname leaf1                                        single    hostname
    root         ip name-server vrf MGMT 10.0.0.1                      line      ip name-server vrf MGMT 10.0.0.1
    root         ntp server vrf MGMT 10.0.0.1 prefer                   single    ntp server vrf MGMT 10.0.0.1
    root         ntp server 10.0.0.1                                   single    ntp server 10.0.0.1
    root         username bob privilege 15 role admin secret sha512 x  single    username bob
    root         username bob ssh-key ssh-rsa AAAA                     single    username bob ssh-key
    root         ip routing                                            toggle    ip routing
    root         ip routing vrf A                                      toggle    ip routing vrf A
    root         ip route 10.0.0.0/8 10.1.1.1                          single    ip route 10.0.0.0/8 10.1.1.1
    root         ip route 10.0.0.0/8 10.1.1.1 9 tag 5 name X           single    ip route 10.0.0.0/8 10.1.1.1 9
    root         ipv6 route 2001:db8::/32 Vlan1 tag 5                  line      ipv6 route 2001:db8::/32 Vlan1 tag 5
    root         aaa root                                              toggle    aaa root
    root         logging level BGP errors                              single    logging level BGP
    root         logging host 10.0.0.1                                 line      logging host 10.0.0.1
    root         ip prefix-list P seq 10 permit 10.0.0.0/8             numbered  ip prefix-list P #10
    root         interface et1                                         block     interface Ethernet1
    root         router bgp 65001                                      block     router bgp
    root         route-map R permit 10                                 block     route-map R 10
    root         brand new feature                                     unknown   brand new feature
    interface    description to leaf2                                  single    description
    interface    switchport                                            toggle    switchport
    interface    switchport mode trunk                                 single    switchport mode
    interface    switchport trunk group MLAG                           line      switchport trunk group MLAG
    interface    switchport trunk allowed vlan add 5                   vlanList  switchport trunk allowed vlan
    interface    ip address 10.0.0.1/31                                single    ip address
    interface    ip address 10.0.0.3/31 secondary                      line      ip address 10.0.0.3/31 secondary
    interface    ip address virtual 10.1.0.1/24                        single    ip address virtual
    interface    vxlan vlan 10 vni 10010                               single    vxlan vlan 10 vni
    interface    ip ospf message-digest-key 1 md5 7 x                  line      ip ospf message-digest-key 1 md5 7 x
    bgp          neighbor 10.0.0.1 remote-as 65002                     single    neighbor 10.0.0.1 remote-as
    bgp          neighbor 10.0.0.1 route-map R in                      single    neighbor 10.0.0.1 route-map in
    bgp          neighbor 10.0.0.1 shutdown                            toggle    neighbor 10.0.0.1 shutdown
    bgp          bgp default ipv4-unicast                              toggle    bgp default ipv4-unicast
    bgp          redistribute connected                                line      redistribute connected
    bgp-vlan     route-target both 10:10                               line      route-target both 10:10
    bgp-vlan     rd 10.0.0.1:10                                        single    rd
    bgp-vlan     rd evpn domain all 10.0.0.1:10                        line      rd evpn domain all 10.0.0.1:10
    bgp-family   neighbor OVERLAY activate                             toggle    neighbor OVERLAY activate
    vlan         name BLUE                                             single    name
    vlan         trunk group A                                         line      trunk group A
    acl          10 permit ip any any                                  numbered  #10
    acl          deny ip any any                                       numbered  # deny ip any any
    prefix-list  seq 20 deny 0.0.0.0/0                                 numbered  #20
    mlag         peer-address 10.0.0.1                                 single    peer-address
    mlag         peer-address heartbeat 10.9.0.1 vrf MGMT              single    peer-address heartbeat
    open         anything at all                                       line      anything at all
  `)('%s: %s', (mode, line, kind, key) => {
    expect(meaningOf(mode, line)).toMatchObject({ kind, key })
  })

  test.each([
    ['bgp', 'neighbor 10.0.0.1', true],
    ['bgp', 'neighbor 10.0.0.1 remote-as', false],
    ['root', 'router bgp', true],
    ['root', 'username bob', true],
    ['root', 'ip routing', false],
    ['interface', 'switchport', false],
    ['interface', 'ip address', false],
  ])('%s: `no %s` removes all that begins so: %s', (mode, line, expected) => {
    expect(isHead(mode, line)).toBe(expected)
  })

  test('a mode without a table is an error of the program', () => {
    expect(() => meaningOf('nowhere', 'x')).toThrow('no rule table for the mode nowhere')
  })
})
