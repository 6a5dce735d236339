/**
 * First words of EOS configuration lines, `no` and `default` aside: those of the rule tables' corpus of 672 real and
 * generated configurations, and a few of the EOS manual's. A line that no rule knows is believed when it begins with one
 * of these, and refused with `Invalid input` otherwise, so that a typing error is not stored.
 */
const ROOT = `
  aaa access-list address agent alias application arp banner bfd boot class-map clock control-plane cvx daemon dcbx
  default dhcp dns domain dot1x dynamic email enable environment errdisable event-handler event-monitor exception flow
  forwarding group hardware hostname interface ip ipv6 isis kernel key l2-protocol lacp ldp license link lldp
  load-balance load-interval logging loop-protection mac maintenance management match-list mcs mlag monitor mpls msrp
  multicast mvrp ntp openflow patch peer-filter pim platform poe policy-map port-channel priority-flow-control privilege
  prompt ptp pvlan qos queue-monitor radius radius-server redundancy role route-map router schedule service sflow
  snmp-server spanning-tree statistics storm-control stun switchport sync-e system tacacs-server tap terminal track
  traffic-loopback traffic-policies transceiver trunk tunnel username vlan vmtracer vrf watchdog xmpp zerotouch
`

const IN_MODES = `
  action actions activity address address-family advertise aggregate-address anycast-rp area asynchronous authentication
  auto-cost autostate autovlan avt bandwidth bgp binding-sid category certificate chain channel-group cipher cipher-list
  class client code collector command comment condition connection connector continue control-functions cors count
  counter counters crl database default-gateway default-match default-metric default-peer default-services delay deny
  description designated-forwarder destination dh-group disabled distance domain-id dpd drop dscp dual-primary duplex
  e-lmi egress encapsulation encryption entropy error-correction error-reporting esp ethernet evpn exec exit-address-family
  exit-group expiry-interval explicit-null exporter fast-reroute fib-default field-set fips flood flow-spec flowcontrol
  forward fragment fragment-rules gnmi grace-period graceful-restart graceful-restart-helper granularity group-limit
  heartbeat-interval heartbeat-timeout hop host host-flap host-proxy hostkey identifier idle-timeout igmp ike ike-lifetime
  ike-policy ingress initiator instance internet-exit interval ipsec ipv4 ipv4-address ipv6-address is-type jitter
  keepalive key-exchange l2 label layer-2 leak lease link-debounce links load-interval local local-as local-id
  local-interface local-interfaces locked-address log log-adjacency-changes log-console log-file log-syslog loss-rate
  macsec marker match match-map max-fastdrops max-lsa maximum maximum-paths mc-tx-queue mesh-group mfib minimum mka mld
  mode monitoring mtu multi-topology multihop multipath name name-resolution neighbor net network next-hop node-segment
  on-boot originator-id ovsdb-shutdown passive passive-interface password path path-group path-selection
  path-selection-policy pause peer peer-address peer-link permit persist-database pfs phy police policy poll port
  port-range prefix-list prefix-segment priority private-vlan profile protocol provider pseudowire radius random-detect
  range rate-monitoring rd reboot record recovery redis redistribute regex region rejected-limit reload-delay remark
  reservations resequence resync-period retention revision rib rip route route-target router-id routes routing rp rpf sa
  sa-filter sa-limit sa-policy sample sbfd sci secret segment-list segment-routing seq server server-profile
  service-policy service-profile session set set-overload-bit shape shared-key shutdown site snmp software-forwarding
  source source-interface speed spf-interval ssl ssm state stp sub-option sub-route-map subnet tag target tcp template
  tftp timeout timers tls topology tracker traffic traffic-engineering traffic-policy transit transport
  transport-address trigger truncation trust ttl tx-queue uc-tx-queue ucmp unidirectional unit unsupported update url
  utilization vendor-option vlan-aware-bundle vni vpws vrrp vtep vxlan zone
`

const rootWords = new Set(words(ROOT))
const modeWords = new Set([...words(ROOT), ...words(IN_MODES)])

/** Whether EOS has configuration lines that begin like this one, at the root or in a submode. */
export function beginsLikeConfig(line: string, depth: number): boolean {
  const word = line.replace(/^(no|default)\s+/, '').split(/\s+/, 1)[0] ?? ''
  if (depth === 0) return rootWords.has(word)
  return modeWords.has(word) || !/^[a-z]/i.test(word)
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
