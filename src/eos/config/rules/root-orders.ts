/** A section of a mode: the patterns of the commands that stand together, in their order, without `!` between one-liners. */
export type OrderedSection = string | readonly string[]

const logins: readonly OrderedSection[] = [['enable', 'aaa root', 'aaa authentication policy'], 'username', 'role']
const servers: readonly OrderedSection[] = ['radius-server', 'tacacs-server', 'aaa [group server]']
const eapi = 'management api http-commands'
const ntp = 'ntp'
const management = 'management accounts|api|console|cvx|defaults|security'
const staticRoutes = ['ip route', 'ip route vrf'] as const
const names = ['ip domain lookup', 'ip name-server', 'ip domain-name', 'dns domain', 'ip domain-list', 'ip host']

// The order of the root sections as 4.32.2.1F to 4.36.0.1F print them (docs/eos.md 4.3). What none of their recorded texts has stands where
// older ones have it, else where arista.avd renders it, which imitates EOS.
const newest: readonly OrderedSection[] = [
  'boot',
  ...logins,
  'prompt',
  'hardware counter',
  'trace',
  eapi,
  'address locking',
  'agent',
  ['terminal', 'alias'],
  'ip igmp snooping',
  'switchport default',
  'schedule',
  'daemon',
  'dhcp relay',
  'ip dhcp relay',
  'dhcp server',
  ['ip dhcp snooping', 'ip arp inspection'],
  'vlan internal',
  'service interface',
  'errdisable',
  'event-monitor',
  'flow tracking',
  'load-interval',
  'transceiver',
  'interface defaults',
  'service routing protocols',
  'l2-protocol',
  'lacp',
  'queue-monitor',
  'monitor layer1',
  'link',
  'lldp',
  'logging',
  'logging level',
  'match-list',
  'mpls evpn',
  'monitor twamp',
  'load-balance policies',
  'mcs client',
  'platform trident',
  'ip nat',
  ['hostname', ...names],
  'hardware tcam profile',
  'poe',
  'switchport port-security',
  'ptp',
  'qos profile',
  'redundancy',
  'router adaptive-virtual-topology|internet-exit|l2-vpn|path-selection|service-insertion',
  'platform',
  'sflow',
  'snmp-server',
  'hardware',
  'spanning-tree',
  'sync-e',
  'service',
  'system l1',
  'tunnel-counters',
  'tunnel-ribs',
  'tap',
  'clock',
  'vlan *',
  'vrf',
  'group',
  'banner',
  management,
  ...servers,
  'cvx',
  'dot1x',
  'monitor telemetry',
  'ip security',
  'mac security',
  'interface *',
  'hardware tcam',
  'application',
  'monitor connectivity',
  'mac address-table',
  'event-handler',
  'router segment-security',
  'interface profile',
  ['ip virtual-router', 'ip address virtual'],
  'ipv6 access-list',
  'ip access-list',
  'class-map type pbr',
  ['ip routing', 'ip icmp redirect', 'ip hardware', 'ipv6 hardware', 'ip routing [ipv6 interfaces] vrf'],
  'ip as-path',
  'ip community-list',
  'ip extcommunity-list',
  'ip large-community-list',
  'dynamic prefix-list',
  'ip prefix-list',
  'ipv6 prefix-list',
  'ipv6 unicast-routing',
  'mac access-list',
  'system control-plane',
  'maintenance',
  'monitor session',
  'mlag',
  staticRoutes,
  'arp',
  'ipv6 route',
  'mpls',
  'ip http|ssh|ftp|tftp client',
  ntp,
  'patch panel',
  'qos',
  'class-map',
  'policy-map',
  'priority-flow-control',
  'route-map',
  'peer-filter',
  'router bfd',
  'router bgp',
  'router general',
  'router traffic-engineering',
  'router igmp',
  'router isis',
  'router multicast',
  'router ospf',
  'router ospfv3',
  'router pim',
  'router msdp',
  'router rip',
  'management',
  'stun',
  'traffic-policies',
  'vmtracer',
  'end',
]

interface Move {
  readonly until: readonly [major: number, minor: number, patch: number]
  readonly sections: readonly OrderedSection[]
  readonly before: OrderedSection
}

// From the newest change to the oldest, of 4.18.10M to 4.32.0F.
const moves: readonly Move[] = [
  { until: [4, 32, 2], sections: [eapi], before: management },
  { until: [4, 27, 0], sections: [...servers, ...logins], before: 'clock' },
  { until: [4, 27, 0], sections: [ntp], before: 'poe' },
  { until: [4, 27, 0], sections: ['agent'], before: 'lldp' },
  { until: [4, 27, 0], sections: ['banner', eapi, management], before: 'management' },
  { until: [4, 27, 0], sections: ['ip community-list'], before: 'ipv6 prefix-list' },
  { until: [4, 23, 5], sections: [staticRoutes], before: 'ipv6 access-list' },
]

/** The root sections of the releases that print them in one order. */
export interface RootOrder {
  /** The first version that prints another order; absent for the newest. */
  readonly until?: Move['until']
  readonly sections: readonly OrderedSection[]
}

/** From the newest to the oldest. */
export const rootOrders: readonly RootOrder[] = moves.reduce<readonly RootOrder[]>(
  (orders, move) => {
    const last = orders.at(-1)
    const sections = moved(last?.sections ?? newest, move)
    const isSame = last?.until?.join('.') === move.until.join('.')
    return [...(isSame ? orders.slice(0, -1) : orders), { until: move.until, sections }]
  },
  [{ sections: newest }],
)

function moved(order: readonly OrderedSection[], { sections, before }: Move) {
  const rest = order.filter((section) => !sections.includes(section))
  const at = rest.indexOf(before)
  return [...rest.slice(0, at), ...sections, ...rest.slice(at)]
}
