/** A leaf of an EVPN fabric on which every shipped invariant holds, and each has something to judge. */
export const LEAF = `vlan 10
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
