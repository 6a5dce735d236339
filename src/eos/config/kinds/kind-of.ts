import { type CommandPattern, compilePattern, matchPattern, wordsOf } from '../rules/rules.ts'
import { rows } from '../rules/table.ts'
import { canonicalInterface, interfacesOf } from '../text/interface-name.ts'
import { parseVerb } from '../text/tree.ts'

// The kinds of the lines of a configuration's root, with the patterns of the commands that have them, `no` and `default` aside; what is below such a command is of its kind, where no table of a submode says otherwise. Source: the commands of the root that the guard knows (`root-forms`), and the chapters of the EOS user manual in which they are.
const ROOT_KINDS: Readonly<Record<string, readonly string[]>> = {
  vlan: ['vlan *'],
  'router-ospf': ['router ospf|ospfv3', 'ip ospf', 'ipv6 router ospf'],
  'router-isis': ['router isis'],
  'router-other': [
    'router adaptive-virtual-topology|general|internet-exit|kernel|l2-vpn|path-selection|rip|segment-security',
    'router service-insertion|traffic-engineering',
    'application traffic',
    'nexthop-group',
    'tunnel-ribs',
    'stun',
    'openflow',
  ],
  'static-route': ['ip|ipv6 route'],
  routing: [
    'ip routing',
    'ipv6 unicast-routing',
    'service routing',
    'ip|ipv6 icmp|fib|load-sharing|hardware|local|address|http|ftp|tftp|ssh',
    'switch forwarding-mode',
    'comment',
  ],
  vrf: ['vrf'],
  'route-map': ['route-map'],
  'prefix-list': ['ip|ipv6 prefix-list', 'dynamic prefix-list', 'peer-filter'],
  'bgp-list': ['ip as-path|community-list|extcommunity-list|large-community-list'],
  acl: ['ip|ipv6|mac access-list', 'traffic-policies', 'control-plane', 'system control-plane', 'match-list'],
  nat: ['ip nat'],
  multicast: [
    'ip igmp|multicast|multicast-routing|pim',
    'ipv6 pim|multicast|mld',
    'router igmp|msdp|multicast|pim',
    'msrp',
    'mvrp',
  ],
  mpls: ['mpls'],
  bfd: ['bfd', 'router bfd'],
  arp: ['arp', 'ip arp', 'ipv6 neighbor', 'ip virtual-router mac-address'],
  'mac-table': ['mac address-table|timer'],
  'spanning-tree': ['spanning-tree'],
  mlag: ['mlag'],
  'virtual-router': ['ip|ipv6 virtual-router', 'vrrp'],
  'link-tracking': ['link', 'track', 'trackers', 'cfm', 'monitor link-flap|loop-protection|connectivity|layer1'],
  lacp: ['lacp', 'port-channel'],
  lldp: ['lldp'],
  errdisable: ['errdisable'],
  dhcp: ['dhcp', 'ip|ipv6 dhcp'],
  qos: ['qos', 'class-map', 'policy-map', 'priority-flow-control', 'dcbx'],
  hardware: rows(`
    hardware
    platform
    tcam
    transceiver
    environment
    power
    poe
    redundancy
    load-balance
    system l1|profile|coredump
    service unsupported-transceiver
    sync-e
    l2-protocol
    kernel
    vlan internal
  `),
  tap: ['tap', 'patch', 'monitor session|server|network|hadoop'],
  hostname: ['hostname'],
  dns: ['dns', 'ip domain|domain-list|domain-name|host|name-server'],
  ntp: ['ntp', 'clock'],
  ptp: ['ptp'],
  logging: ['logging', 'event-monitor', 'service sequence-numbers'],
  snmp: ['snmp-server'],
  telemetry: [
    'sflow',
    'flow',
    'monitor telemetry|twamp',
    'twamp',
    'queue-monitor',
    'load-interval',
    'vmtracer',
    'email',
  ],
  banner: ['banner'],
  aaa: ['aaa', 'tacacs-server', 'radius-server', 'ip radius|tacacs', 'radius', 'dot1x aaa|dynamic-authorization'],
  users: ['username', 'enable', 'role', 'management accounts'],
  management: ['management', 'service', 'mcs', 'monitor security'],
  'port-security': ['dot1x', 'address locking', 'mac security', 'ip security'],
  boot: ['boot'],
  programs: ['daemon', 'event-handler', 'alias', 'agent', 'schedule'],
  cvx: ['cvx', 'management cvx'],
  maintenance: ['maintenance', 'group bgp|interface'],
  terminal: ['prompt', 'terminal'],
  'interface.other': ['switchport default'],
}

const VLAN_KINDS: Readonly<Record<string, readonly string[]>> = {
  'vlan.name': ['name'],
  'vlan-state': ['state', 'shutdown', 'trunk group', 'private-vlan'],
}

// What the lines below `interface …` are about: see `PORT_TOPICS`. What no pattern has is `other`.
const PORT_TOPIC_FORMS: Readonly<Record<string, readonly string[]>> = {
  description: ['description'],
  shutdown: ['shutdown'],
  'access-vlan': ['switchport access vlan'],
  'trunk-vlans': ['switchport trunk allowed vlan', 'switchport trunk group'],
  switchport: ['switchport', 'encapsulation', 'private-vlan', 'vlan'],
  address: [
    'ip|ipv6 address|enable|virtual-router|helper-address|attached-routes|attached-host|proxy-arp|local-proxy-arp',
    'ip|ipv6 dhcp|nd|directed-broadcast|icmp',
    'vrf',
    'arp',
    'autostate',
    'vrrp',
    'ip nat',
    'dhcp',
    'mac-address',
  ],
  'port-channel': ['channel-group', 'lacp', 'port-channel', 'link'],
  mlag: ['mlag'],
  'spanning-tree': ['spanning-tree'],
  acl: ['ip|ipv6|mac access-group', 'traffic-policy', 'service-policy', 'storm-control', 'ip|ipv6 verify'],
  routing: rows(`
    ip|ipv6 ospf|router|pim|igmp|mfib|multicast|rip|policy|load-sharing
    ospfv3
    isis
    pim
    bfd
    mpls
    node-segment
    rip
    mld
    igmp
    mfib
    multicast
    tunnel
  `),
  security: ['dot1x', 'switchport port-security', 'mac security', 'address', 'authentication'],
  qos: [
    'qos',
    'shape',
    'priority',
    'random-detect',
    'tx-queue',
    'uc-tx-queue',
    'mc-tx-queue',
    'priority-flow-control',
    'dcbx',
    'service-profile',
    'bandwidth',
  ],
  link: rows(`
    speed
    mtu
    l2
    flowcontrol
    error-correction
    link-debounce
    phy
    transceiver
    unidirectional
    traffic-loopback
    poe
    l2-protocol
    tcp
  `),
  monitoring: ['logging', 'snmp', 'sflow', 'load-interval', 'flow', 'lldp', 'ptp', 'ntp', 'comment'],
  evpn: ['evpn'],
}

// What the lines below `interface Vxlan1` are about. What no pattern has is `other`.
const VXLAN_TOPIC_FORMS: Readonly<Record<string, readonly string[]>> = {
  vlan: ['vxlan vlan'],
  vrf: ['vxlan vrf'],
}

// What the lines directly below `router bgp` are about, with what is below them. What no pattern has is `other`.
const BGP_TOPIC_FORMS: Readonly<Record<string, readonly string[]>> = {
  neighbor: ['neighbor', 'bgp listen'],
  network: ['network', 'redistribute', 'aggregate-address'],
  vlan: ['vlan', 'vlan-aware-bundle'],
  vrf: ['vrf'],
  'address-family': ['address-family'],
}

type Forms = ReadonlyMap<string, readonly (readonly [kind: string, pattern: CommandPattern])[]>

function formsOf(table: Readonly<Record<string, readonly string[]>>): Forms {
  const forms = new Map<string, (readonly [string, CommandPattern])[]>()
  for (const [kind, sources] of Object.entries(table)) {
    for (const pattern of sources.flatMap(compilePattern)) {
      for (const first of pattern.words[0]?.words ?? []) {
        forms.set(first, [...(forms.get(first) ?? []), [kind, pattern]])
      }
    }
  }
  return forms
}

export interface KindTables {
  readonly root: Readonly<Record<string, readonly string[]>>
  readonly vlan: Readonly<Record<string, readonly string[]>>
  readonly port: Readonly<Record<string, readonly string[]>>
  readonly vxlan: Readonly<Record<string, readonly string[]>>
  readonly bgp: Readonly<Record<string, readonly string[]>>
}

export const KIND_TABLES: KindTables = {
  root: ROOT_KINDS,
  vlan: VLAN_KINDS,
  port: PORT_TOPIC_FORMS,
  vxlan: VXLAN_TOPIC_FORMS,
  bgp: BGP_TOPIC_FORMS,
}

function mostExact(forms: Forms, words: readonly string[]) {
  let best: { readonly kind: string; readonly weight: number } | undefined
  for (const [kind, pattern] of forms.get(words[0] ?? '') ?? []) {
    if (matchPattern(pattern, words) === undefined) continue
    if (best === undefined || pattern.weight > best.weight) best = { kind, weight: pattern.weight }
  }
  return best?.kind
}

/** The kind of a line by some tables: see {@link kindOf}. */
export function kindsBy(tables: KindTables): (path: readonly string[], line: string) => string | undefined {
  const [rootForms, vlanForms, bgpForms] = [formsOf(tables.root), formsOf(tables.vlan), formsOf(tables.bgp)]
  const [portForms, vxlanForms] = [formsOf(tables.port), formsOf(tables.vxlan)]
  return (path, line) => {
    const [root = [], below] = [...path, line].map((command) => wordsOf(parseVerb(command.trim()).line))
    if (root[0] === 'interface') return portKind(root, below, portForms, vxlanForms)
    if (root[0] === 'router' && root[1] === 'bgp') return `router-bgp.${topicOf(bgpForms, below)}`
    const kind = mostExact(rootForms, root)
    if (kind !== 'vlan' || below === undefined) return kind
    return mostExact(vlanForms, below) ?? kind
  }
}

/**
 * The kind of a line of a configuration or of a change (docs/reference/change-kinds.md): by the command of the root that it is under or is, and, in
 * interfaces, VLANs and BGP, by what it is about itself. Undefined where no table has its root: such a line is of no known kind.
 *
 * @param path the commands that open its mode, outermost first, as typed or as the switch prints them
 * @param line with or without `no` and `default`
 */
export const kindOf = kindsBy(KIND_TABLES)

const FORMS = {
  root: formsOf(ROOT_KINDS),
  below: [VLAN_KINDS, PORT_TOPIC_FORMS, VXLAN_TOPIC_FORMS, BGP_TOPIC_FORMS].map(formsOf),
}

/** Whether a placeholder is where another word would give the line another kind: a secret may be any words. */
export function hidesKind(path: readonly string[], line: string): boolean {
  const [root = [], below = []] = [...path, line].map((command) => wordsOf(parseVerb(command.trim()).line))
  const isPortHidden = root[0] === 'interface' && root.some(isPlaceholder)
  return isPortHidden || isDecidedByHidden([FORMS.root], root) || isDecidedByHidden(FORMS.below, below)
}

const isPlaceholder = (word: string) => word.includes('<redacted')

function isDecidedByHidden(tables: readonly Forms[], words: readonly string[]) {
  const at = words.findIndex(isPlaceholder)
  if (at <= 0) return at === 0
  return tables.some((forms) => (forms.get(words[0] ?? '') ?? []).some(([, pattern]) => pattern.words.length > at))
}

function topicOf(forms: Forms, below: readonly string[] | undefined) {
  return below === undefined ? 'block' : (mostExact(forms, below) ?? 'other')
}

function portKind(
  header: readonly string[],
  below: readonly string[] | undefined,
  portForms: Forms,
  vxlanForms: Forms,
) {
  const typed = header.slice(1).join(' ')
  if (typed === 'defaults' || typed.startsWith('profile ')) return 'interface.other'
  const roots = new Set(interfacesOf(typed).map(rootOfPort))
  const [root] = /\d/.test(typed) ? roots : []
  // Several kinds of ports in one command are of no kind.
  if (root === undefined || roots.size > 1) return undefined
  return `${root}.${topicOf(root === 'vxlan' ? vxlanForms : portForms, below)}`
}

const PORTS: readonly (readonly [name: RegExp, root: string])[] = [
  [/^(?:Ethernet|Port-Channel)\d/, 'interface'],
  [/^Vlan\d/, 'svi'],
  [/^Loopback\d/, 'loopback'],
  [/^Tunnel\d/, 'tunnel'],
  [/^Management\d/, 'management-port'],
  [/^Vxlan\d/, 'vxlan'],
]

function rootOfPort(name: string): string {
  return PORTS.find(([pattern]) => pattern.test(canonicalInterface(name)))?.[1] ?? 'other-port'
}
