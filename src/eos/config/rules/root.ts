import { type ModeTable, rows } from './table.ts'

const rootBlocks: NonNullable<ModeTable['blocks']> = {
  'interface defaults $': 'open',
  'interface profile *': 'open',
  'interface *': { mode: 'interface', names: 'interfaces' },
  'vlan * $': { mode: 'vlan', names: 'vlans' },
  'vrf instance|definition *': 'vrf',
  'router bgp _': { mode: 'bgp', single: (present) => `% BGP is already running with AS number ${present}` },
  'router ospf|ospfv3|isis *': 'igp',
  'router ospfv3': 'igp',
  'router rip': 'igp',
  'router adaptive-virtual-topology': 'adaptive-topology',
  'router general': 'router-general',
  'router internet-exit': 'internet-exit',
  'router msdp': 'msdp',
  'router multicast': 'multicast',
  'router path-selection': 'path-selection',
  'router pim *': 'pim',
  'router service-insertion': 'service-insertion',
  'router traffic-engineering': 'traffic-engineering',
  'router *': 'open',
  'ip|ipv6|mac access-list *': 'acl',
  'ip|ipv6|mac access-list standard *': 'acl',
  'ip|ipv6 prefix-list * $': 'prefix-list',
  'dynamic prefix-list *': 'open',
  'route-map * _ *': 'route-map',
  'peer-filter *': 'peer-filter',
  'class-map type *': 'open',
  'policy-map type *': 'policy-map',
  'class-map *': 'open',
  'policy-map *': 'policy-map',
  'match-list input *': 'match-list',
  'traffic-policies $': 'traffic-policies',
  'qos profile *': 'interface',
  'control-plane $': 'control-plane',
  'system control-plane $': 'control-plane',
  'system l1 $': 'open',
  'management api *': 'management-api',
  'management accounts|console|cvx|defaults|http-server|http-commands|security|ssh|tech-support|telnet|xmpp':
    'management',
  'monitor connectivity $': 'monitor-connectivity',
  'monitor layer1 $': 'open',
  'monitor loop-protection $': 'open',
  'monitor telemetry *': 'telemetry',
  'daemon *': 'daemon',
  'event-handler *': 'event-handler',
  'alias * $': 'open',
  'mlag [configuration] $': 'mlag',
  'spanning-tree mst configuration $': 'mst',
  'aaa group server * *': 'server-group',
  'group bgp|interface *': 'open',
  'role *': 'role',
  'address locking $': 'open',
  'application traffic recognition $': 'application-recognition',
  'cvx $': 'cvx',
  'dhcp relay $': 'open',
  'dhcp server [vrf *] $': 'dhcp-server',
  'dot1x $': 'open',
  'flow tracking *': 'flow-tracking',
  'hardware tcam $': 'hardware-tcam',
  'ip nat pool *': 'open',
  'ip nat profile *': 'open',
  'ip nat synchronization $': 'open',
  'ip security $': 'ip-security',
  'l2-protocol $': 'l2-protocol',
  'link tracking group * $': 'open',
  'load-balance policies $': 'open',
  'mac security $': 'mac-security',
  'maintenance $': 'maintenance',
  'mcs client $': 'mcs-client',
  'mpls ldp $': 'mpls-ldp',
  'mpls rsvp $': 'open',
  'patch panel $': 'patch-panel',
  'platform trident mmu *': 'open',
  'poe $': 'poe',
  'port-channel $': 'open',
  'queue-monitor streaming $': 'open',
  'radius proxy $': 'open',
  'redundancy $': 'open',
  'stun $': 'stun',
  'sync-e $': 'open',
  'tap aggregation $': 'open',
  'vmtracer session *': 'vmtracer-session',
}

const single = rows(`
  aaa authentication|authorization|accounting * *
  aaa authorization|accounting commands * *
  alias * _
  arp aging timeout default
  banner login|motd|exec
  boot secret
  clock timezone
  event-monitor buffer max-size
  hostname
  ip domain lookup source-interface|vrf *
  ip domain-name
  dns domain
  ip radius|tacacs [vrf *] source-interface
  ip routing ipv6 interfaces $
  ip virtual-router mac-address _ $
  ip virtual-router mac-address advertisement-interval
  ipv6 unicast-routing $
  ipv6 unicast-routing vrf * $
  lacp system-priority
  lldp management-address [vrf *]
  lldp hold-time
  lldp timer _ $
  lldp timer reinitialization
  load-interval default
  logging level *
  logging [vrf *] source-interface
  logging facility
  logging format timestamp
  mac address-table aging-time
  mpls ip $
  ntp local-interface [vrf *]
  ntp server vrf * *
  ntp server *
  ntp trusted-key
  prompt
  ptp announce-interval|clock-accuracy|domain|hold-ptp-time|mode|priority1|priority2|profile|ttl
  ptp source ip|ipv6
  qos rewrite *
  queue-monitor length $
  service routing protocols model
  sflow polling-interval
  sflow run $
  sflow [vrf *] source-interface
  snmp-server contact|location|chassis-id
  snmp-server engineID local
  snmp-server engineID remote *
  spanning-tree edge-port|portfast bpdufilter|bpduguard default
  spanning-tree mode
  spanning-tree priority
  spanning-tree mst|vlan-id|vlan * priority|root
  switchport default mode
  tacacs-server timeout|key|policy
  terminal length|width
  transceiver qsfp default-mode
  username * _
  username * ssh-key
  username * ssh-key secondary
  vlan internal order
  vlan internal allocation policy
`)

// Root commands whose `no` form EOS shows in the running-config.
const toggle = rows(`
  aaa authorization config-commands
  aaa root
  enable password|secret
  event-monitor $
  ip icmp redirect $
  ip igmp snooping $
  ip igmp snooping fast-leave|querier $
  ip igmp snooping vlan * $
  ip igmp snooping vlan * fast-leave|querier|proxy $
  ip routing $
  ip routing vrf * $
  ipv6 icmp redirect $
  lacp rate-limit default
  lldp run $
  lldp tlv transmit *
  logging buffered
  logging console
  logging event * global $
  logging monitor
  logging on
  logging repeat-messages
  logging synchronous
  logging trap
  mac address-table notification host-flap logging
  ptp monitor $
  ptp monitor sequence-id $
  queue-monitor length notifying $
  service interface inactive port-id allocation disabled
  service sequence-numbers
  sflow extension *
  snmp-server enable traps $
  snmp-server enable traps *
  snmp-server enable traps * *
  snmp-server vrf * $
  spanning-tree bpduguard rate-limit default
  spanning-tree vlan|vlan-id * $
  username admin
`)

const line = rows(`
  aaa
  agent
  arp
  bfd
  boot
  clock
  dcbx
  dot1x
  dot1x dynamic-authorization|protocol|system-auth-control
  email
  environment
  errdisable
  event-monitor
  hardware
  ip access-list counters
  ip address virtual source-nat
  ip arp
  ip as-path
  ip community-list
  ip dhcp
  ip domain
  ip domain-list
  ip extcommunity-list
  ip ftp
  ip large-community-list
  ip hardware
  ip host
  ip http
  ip icmp
  ip igmp snooping
  ip load-sharing
  ip multicast-routing
  ip name-server
  ip nat
  ip pim
  ip radius
  ip routing
  ip ssh
  ip tacacs
  ip tftp
  ip virtual-router
  ipv6 access-list counters
  ipv6 dhcp
  ipv6 hardware
  ipv6 icmp
  ipv6 neighbor
  ipv6 route
  ipv6 unicast-routing
  lacp
  link
  lldp
  load-interval
  logging
  logging trap system
  mac address-table
  mac timer
  mirror
  monitor session
  mpls
  ntp
  platform
  policy-map
  port-channel
  priority-flow-control
  ptp
  qos
  queue-monitor
  radius-server
  schedule
  service
  sflow
  snmp-server
  spanning-tree
  statistics
  switch
  switchport
  system
  tacacs-server
  tcam
  terminal
  trackers
  track
  transceiver
  username
  vmtracer
  vrrp
  zerotouch
`)

/** The commands of the configuration mode itself. */
export const rootTable: ModeTable = {
  mode: 'root',
  blocks: rootBlocks,
  single,
  toggle,
  line,
  // pyeapi sets the tag and the name of a static route by typing it again, and says that what it leaves out is reset.
  options: { 'ip route': ['tag', 'name'], 'ip route vrf *': ['tag', 'name'] },
  numbered: [{ head: 'ip|ipv6 prefix-list *', word: 'seq', actions: ['permit', 'deny', 'remark'] }],
  heads: rows(`
    alias *
    ip|ipv6 prefix-list *
    ip as-path access-list *
    ip community-list *
    ip community-list standard|expanded|regexp *
    ip extcommunity-list *
    ip name-server
    logging host *
    monitor session *
    ntp
    ntp server
    route-map *
    router bgp
    snmp-server community *
    snmp-server host *
    snmp-server user *
    tacacs-server host *
    radius-server host *
    username *
  `),
}
