/** `block`: the command that opens it; `other`: all else. */
export const PORT_TOPICS = [
  'block',
  'description',
  'shutdown',
  'access-vlan',
  'trunk-vlans',
  'switchport',
  'address',
  'port-channel',
  'mlag',
  'spanning-tree',
  'acl',
  'routing',
  'security',
  'qos',
  'link',
  'monitoring',
  'evpn',
  'other',
] as const

/** What has ports of that kind: `interface` is a physical port or a port-channel. */
export const PORT_ROOTS = ['interface', 'svi', 'loopback', 'tunnel', 'management-port', 'other-port'] as const

const SINGLE = [
  'vlan',
  'vlan.name',
  'vlan-state',
  'vxlan.block',
  'vxlan.vlan',
  'vxlan.vrf',
  'vxlan.other',
  'router-bgp.block',
  'router-bgp.neighbor',
  'router-bgp.network',
  'router-bgp.vlan',
  'router-bgp.vrf',
  'router-bgp.address-family',
  'router-bgp.other',
  'router-ospf',
  'router-isis',
  'router-other',
  'static-route',
  'routing',
  'vrf',
  'route-map',
  'prefix-list',
  'bgp-list',
  'acl',
  'nat',
  'multicast',
  'mpls',
  'bfd',
  'arp',
  'mac-table',
  'spanning-tree',
  'mlag',
  'virtual-router',
  'link-tracking',
  'lacp',
  'lldp',
  'errdisable',
  'dhcp',
  'qos',
  'hardware',
  'tap',
  'hostname',
  'dns',
  'ntp',
  'ptp',
  'logging',
  'snmp',
  'telemetry',
  'banner',
  'aaa',
  'users',
  'management',
  'port-security',
  'boot',
  'programs',
  'cvx',
  'maintenance',
  'terminal',
] as const

/** The kinds of lines by which a policy reads a change (docs/reference/change-kinds.md). */
export const CHANGE_KINDS: readonly string[] = [
  ...SINGLE,
  ...PORT_ROOTS.flatMap((root) => PORT_TOPICS.map((topic) => `${root}.${topic}`)),
]

export const NAMED_KINDS: readonly string[] = [
  ...new Set(CHANGE_KINDS.flatMap((kind) => (kind.includes('.') ? [kind.split('.')[0] ?? kind, kind] : [kind]))),
]

export const QUIET_KINDS: readonly string[] = ['vlan.name', ...PORT_ROOTS.map((root) => `${root}.description`)]

export function isOfKind(kind: string, named: string): boolean {
  return kind === named || kind.startsWith(`${named}.`)
}
