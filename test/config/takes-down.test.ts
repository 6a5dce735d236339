import { expect, test } from 'vitest'
import { takesDown } from '../../src/config/takes-down.ts'

test.each([
  ['+vlan 120', false],
  ['+vlan 120 > name PROD', false],
  ['+vlan 120 > state suspend', true],
  ['-vlan 120', true],
  ['+no vlan 120', true],
  ['+interface Ethernet1 > description to spine1', false],
  ['-interface Ethernet1 > description to spine1', false],
  ['+interface Ethernet1 > switchport trunk allowed vlan 10,20', false],
  ['+interface Ethernet1 > shutdown', true],
  ['+interface Ethernet1 > no switchport', true],
  ['+interface Ethernet1 > mtu 9000', true],
  ['-interface Port-Channel10 > mlag 10', true],
  ['+interface Vlan120', false],
  ['+interface Vlan120 > ip address virtual 10.1.20.1/24', false],
  ['+interface Vlan120 > shutdown', true],
  ['-interface Vlan4094 > ip address 10.255.0.1/31', true],
  ['+interface Vxlan1 > vxlan vlan 120 vni 10120', false],
  ['+interface Vxlan1 > vxlan source-interface Loopback0', true],
  ['+router bgp 65001 > neighbor 10.0.0.1 shutdown', true],
  ['+router bgp 65001 > vlan 120', false],
  ['+router bgp 65001 > vlan 120 > rd 10.0.0.1:120', false],
  ['+router bgp 65001 > vlan-aware-bundle PROD > route-target both 120:120', false],
  ['-router bgp 65001 > vlan 120', true],
  ['+router bgp 65001 > no vlan 120', true],
  ['+router bgp 65001 > vrf PROD > rd 10.0.0.1:1', true],
  ['+mlag configuration > reload-delay 300', true],
  ['+ip route 0.0.0.0/0 10.0.0.1', true],
  ['+ip name-server vrf MGMT 192.0.2.1', false],
  ['+ntp server 192.0.2.1', false],
  ['-snmp-server host 192.0.2.1', false],
  ['+ip access-list EDGE > 10 permit ip any any', true],
  ['+daemon TerminAttr > no shutdown', true],
] as const)('%s', (text, expected) => {
  const [line = '', ...above] = text.slice(1).split(' > ').toReversed()
  expect(takesDown({ sign: text.startsWith('+') ? '+' : '-', path: above.toReversed(), line })).toBe(expected)
})
