import { compilePattern, matchPattern } from '../rules/rules.ts'
import { rows } from '../rules/table.ts'
import { ASKING_WORDS } from './guarded-words.ts'

// Commands of the configuration's root whose first word no exec command begins with, by that word, and their second words as far as these are
// known: further ones pass too, and what is short for a known one does not. Source: the root lines of 397 configurations of real and generated
// switches, the command lists of the EOS user manual by chapter, and what the rules of this room know.
const features = `
  aaa accounting authentication authorization group root
  address locking
  alias
  application traffic
  arp aging cache gratuitous persistent proxy vrf
  banner exec login motd
  bfd interval multihop slow-timer
  cfm
  class-map
  comment
  daemon
  dcbx application
  dhcp relay server snooping
  dns domain
  dynamic prefix-list
  email
  errdisable detect flap-setting recovery
  event-handler
  flow exporter tracking
  group bgp interface
  hostname
  interface defaults profile
  ip access-list address arp as-path community-list dhcp domain domain-list domain-name extcommunity-list fib ftp
    hardware host http icmp igmp large-community-list load-sharing local multicast multicast-routing name-server nat
    pim prefix-list radius routing route security ssh tacacs tftp ttl virtual-router
  ipv6 access-list dhcp fib hardware icmp local neighbor prefix-list route unicast-routing
  kernel software
  lacp port-id rate-limit system-priority
  link state tracking
  lldp hold-time holdtime management-address receive run timer tlv tlv-select transmit
  load-balance cluster policies profile
  load-interval default
  logging buffered console event facility format host level monitor on persistent policy qos relogging-interval
    repeat-messages source-interface synchronous trap vrf
  mac access-list address-table security timer
  management accounts api archive cli client console cvx data defaults dmf file-systems http-commands http-server ldap
    nic package security ssh tech-support telnet xmpp
  match-list input
  mcs client
  mlag configuration
  monitor connectivity hadoop layer1 link-flap loop-protection network security server session telemetry twamp
  mpls fec icmp ip label ldp lookup parsing routing rsvp static tunnel
  msrp
  mvrp
  nexthop-group
  ntp authenticate authentication-key force-servers local-interface qos serve server trusted-key
  patch panel
  peer-filter
  policy-map
  port-channel hash-seed load-balance min-links
  priority-flow-control all pause
  prompt
  ptp announce-interval clock-accuracy clock-identity clock-quality domain forward-unicast forward-v1 free-running
    hold-ptp-time local-priority message-type mode monitor priority1 priority2 profile source ttl unicast-negotiation
  qos map profile random-detect rewrite
  queue-monitor length streaming
  radius proxy
  radius-server attribute deadtime dynamic-authorization host key qos retransmit timeout tls
  role
  route-map
  router adaptive-virtual-topology bfd bgp general igmp internet-exit isis kernel l2-vpn msdp multicast ospf ospfv3
    path-selection pim rip segment-security service-insertion traffic-engineering
  service configuration counters interface routing running-config sequence-numbers unsupported-transceiver
  sflow destination extension hardware hardware-acceleration interface polling-interval qos run sample source
    source-interface vrf
  snmp-server chassis-id community contact enable engineID extension group host ipv4 ipv6 local-interface location
    objects qos transmit transport user view vrf
  spanning-tree bpduguard bridge disabled edge-port etherchannel forward-time guard hello-time loopguard max-age
    max-hops mode mst portchannel portfast priority rapid-pvst root transmit vlan vlan-id
  switch forwarding-mode
  switchport default
  system control-plane coredump l1 profile
  tacacs-server host key policy qos retransmit timeout username-prompt
  tap aggregation
  tcam profile
  track
  trackers
  traffic-policies
  tunnel-ribs
  twamp
  username
  vlan internal
  vmtracer session
  vrf definition instance
  vrrp
`

// Commands of the root that are known by their second word, or a further one, alone: exec commands begin with the same word, or what else may
// stand behind it is not known to be harmless.
const exact = rows(`
  agent * environment
  clock source|timezone
  control-plane|cvx|l2-protocol|maintenance|openflow|poe|stun|sync-e $
  dot1x $
  dot1x aaa|captive-portal|dynamic-authorization|protocol|supplicant|vlan
  dot1x system-auth-control $
  enable password|secret
  environment fan-speed|insufficient-fans|overheat
  event-monitor $
  event-monitor all|arp|igmpsnooping|lacp|mac|mroute|neighbor6|route|route6|stpunstable|vxlanmac
  event-monitor backup max-size|path
  event-monitor buffer max-size
  hardware access-list|acl|capacity|counter|drop|forwarding|fpga|port-group|speed-group
  hardware tcam
  platform sand acl|fabric|fap|flexroute|forwarding|headroom|ip|ipv6|l2|l3|lag|lfib|load-balance|mac|mdb|mpls|multicast
  platform sand pfc|port|qos|queue|routing|system|tcam|vlan|voq
  platform sfe|tfa data-plane
  platform trident fabric|forwarding-table|l2|l3|mmu|qos|routing-table
  power budget|poll-interval|supply
  redundancy $
  terminal length|width
  transceiver qsfp|sfp default-mode
`)

// Of these features every second word is known: another one may be a verb.
const CLOSED = new Set(['management', 'mcs', 'monitor', 'patch', 'queue-monitor', 'service', 'system', 'tap', 'tcam'])

const patterns = exact.flatMap(compilePattern)
const seconds = new Map(
  features
    .trim()
    .split(/\n {2}(?! )/)
    .map((row) => {
      const [word = '', ...known] = row.split(/\s+/)
      return [word, known]
    }),
)

export const ROOT_WORDS: ReadonlySet<string> = new Set([
  ...seconds.keys(),
  ...exact.flatMap((form) => first(form).split('|')),
])

/** Whether a command, `no` and `default` aside, is one of the configuration's root, by its first words, written out. */
export function isRootForm(words: readonly string[]): boolean {
  const [word = '', second] = words
  const known = seconds.get(word)
  if (known === undefined) return patterns.some((pattern) => matchPattern(pattern, words) !== undefined)
  if (second === undefined || known.includes(second)) return true
  return !CLOSED.has(word) && !known.some((full) => full.startsWith(second))
}

/** What a command of the root that has its words shortened stands for; undefined where it is no short form of any. */
export function writtenOut(words: readonly string[]): string | undefined {
  const [typed = '', second] = words
  const word = typed.toLowerCase()
  if (word === '') return undefined
  const begun = [...seconds].filter(([feature]) => feature.startsWith(word))
  const both = begun.flatMap(([feature, known]) => {
    const full = second === undefined ? undefined : meantBy(second.toLowerCase(), known)
    return full === undefined ? [] : [`${feature} ${full}`]
  })
  const alone = [...begun.map(([feature]) => feature), ...SPECIAL.filter((one) => one.startsWith(word))]
  const short = both[0] ?? exact.flatMap((form) => shortFor(words, form) ?? [])[0] ?? alone[0]
  return short === typed || short === undefined ? undefined : short
}

const SPECIAL = ASKING_WORDS.filter(({ because }) => because === 'boot' || because === 'schedule').map(
  ({ word }) => word,
)

function meantBy(typed: string, known: readonly string[]) {
  return known.find((one) => one === typed) ?? known.find((one) => one.startsWith(typed))
}

function shortFor(words: readonly string[], form: string) {
  const full = form.split(' ').filter((word) => word !== '$')
  const meant = full.map((choice, at) => {
    const typed = words[at]?.toLowerCase() ?? ''
    if (choice === '*') return typed === '' ? undefined : typed
    return typed === '' ? undefined : choice.split('|').find((word) => word.startsWith(typed))
  })
  return meant.includes(undefined) ? undefined : meant.join(' ')
}

function first(form: string) {
  return form.split(' ')[0] ?? ''
}
