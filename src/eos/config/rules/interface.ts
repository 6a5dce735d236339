import { type ModeTable, rows } from './table.ts'

const single = rows(`
  arp aging timeout
  arp cache dynamic capacity
  bfd echo $
  bfd interval
  channel-group
  description
  encapsulation dot1q vlan
  flowcontrol send|receive
  flow tracker *
  ip access-group _ in|out
  ip address
  ip address virtual
  ip igmp version|query-interval|query-max-response-time
  ip local-proxy-arp
  ip nat service-profile
  ip ospf area|authentication|authentication-key|cost|dead-interval|hello-interval|network|priority|retransmit-interval
  ip pim dr-priority|query-interval|hello-interval
  ip verify unicast source
  ipv6 access-group _ in|out
  ipv6 verify unicast source
  isis authentication mode _ $
  isis circuit-type|enable|network
  isis hello-interval|hello-multiplier|metric|priority _ $
  l2 mru|mtu
  lacp port-priority|rate|system-id
  lacp timer _ $
  lacp timer multiplier
  link-debounce time
  load-interval
  mac access-group _ in|out
  mac security profile
  mac-address
  mlag
  mtu
  pim ipv4 dr-priority|local-interface
  pim ipv4 hello count|interval
  poe priority
  port-channel lacp fallback $
  port-channel lacp fallback _ $
  port-channel lacp fallback timeout
  port-channel min-links
  priority-flow-control on $
  profile
  profile override
  ptp announce interval|timeout
  ptp delay-mechanism|delay-req|role|transport
  ptp sync-message interval
  qos cos|dscp
  service-policy type * input|output
  service-profile
  shape rate
  spanning-tree portfast
  spanning-tree bpdufilter|bpduguard|cost|guard|link-type|port-priority
  speed
  storm-control all|broadcast|multicast|unknown-unicast
  switchport access vlan
  switchport dot1q ethertype
  switchport dot1q vlan tag
  switchport mode
  switchport phone trunk|vlan
  switchport trunk native vlan
  switchport source-interface
  traffic-policy input|output
  transceiver media override
  tunnel destination|mode|mss|path-mtu-discovery|source|ttl|underlay|key|tos|ipsec|source-interface
  vrf $
  vrf _ $
  vrf forwarding
  vrrp * advertisement|priority-level
  vrrp * ipv4 _ $
  vrrp * ipv4 version
  vxlan controller-client $
  vxlan mlag source-interface
  vxlan source-interface
  vxlan udp-port
  vxlan virtual-router encapsulation mac-address
  vxlan vlan * vni $
  vxlan vlan * vni _ $
  vxlan vrf * vni _ $
`)

// Commands of which EOS shows the `no` form, because the positive one is the default on some kind of interface.
const toggle = rows(`
  autostate $
  dot1x port-control force-authorized phone
  error-correction encoding $
  error-correction encoding *
  ip icmp redirect $
  isis hello padding $
  lldp receive|transmit $
  lldp tlv transmit *
  logging event *
  logging event storm-control discards
  mpls ip $
  mpls ldp interface $
  priority-flow-control $
  qos trust
  sflow enable $
  sflow egress enable $
  sflow egress unmodified enable $
  shutdown $
  snmp trap link-change
  switchport $
  switchport port-security mac-address maximum disabled
  switchport trunk private-vlan secondary
  vrrp * preempt $
  vxlan qos dscp|ecn propagation [encapsulation] $
  vxlan qos map dscp to traffic-class decapsulation $
`)

const line = rows(`
  address
  arp aging|cache|gratuitous|monitor|reply|timeout
  bfd
  bgp
  dhcp
  dot1x
  error-correction
  evpn
  flow
  ip access-group
  ip address _ secondary
  ip address virtual _ secondary
  ip arp
  ip attached-host
  ip dhcp
  ip directed-broadcast
  ip flow
  ip helper-address
  ip igmp
  ip local-proxy-arp
  ip mfib
  ip multicast
  ip nat
  ip ospf
  ip pim
  ip proxy-arp
  ip rip
  ip unnumbered
  ip verify
  ip virtual-router address
  ipv6 access-group
  ipv6 address
  ipv6 attached-host
  ipv6 dhcp
  ipv6 enable
  ipv6 helper-address
  ipv6 nd
  ipv6 ospf
  ipv6 pim
  ipv6 verify
  ipv6 virtual-router
  isis
  l2
  l2-protocol
  lacp
  link
  lldp
  logging event
  mac
  mpls ip
  mpls ldp igp|interface|sync
  mpls rsvp
  multicast
  node-segment
  ospfv3
  packet
  phone
  pim
  poe
  port-channel
  priority-flow-control
  private-vlan
  ptp
  pvlan
  qos
  queue-monitor
  random-detect
  service-policy
  sflow
  snmp
  spanning-tree
  spanning-tree portfast auto
  storm-control
  switchport
  switchport trunk group
  switchport vlan translation
  sync-e
  tcp mss
  transceiver
  tunnel
  traffic-loopback
  mc-tx-queue|tx-queue|uc-tx-queue
  vlan id
  vmtracer
  vrrp
  vxlan
`)

export const interfaceTables: readonly ModeTable[] = [
  // The commands of `interface …`.
  {
    mode: 'interface',
    blocks: {
      'encapsulation vlan $': 'open',
      'evpn ethernet-segment $': 'open',
      'mc-tx-queue|tx-queue|uc-tx-queue * $': 'open',
    },
    single,
    toggle,
    line,
    vlanList: ['switchport trunk allowed vlan'],
    heads: [
      'error-correction encoding',
      'ip helper-address',
      'ip virtual-router address',
      'ipv6 address',
      'switchport port-security',
      'switchport trunk group',
      'vrrp *',
      'vxlan vlan *',
      'vxlan vrf *',
    ],
  },
  // The commands of `vlan …`.
  {
    mode: 'vlan',
    single: ['name', 'state', 'private-vlan', 'mac address-table aging-time'],
    line: ['trunk group', 'mac', 'vxlan'],
    heads: ['trunk group'],
  },
  // The commands of `vrf instance …`.
  { mode: 'vrf', single: ['description', 'rd'] },
]
