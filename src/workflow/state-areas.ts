/** The areas of operational state that a snapshot can read, by the names of `snapshot: { state: [...] }`. */
export const STATE_AREAS = [
  'interfaces',
  'errors',
  'traffic',
  'optics',
  'lldp',
  'portchannel',
  'mlag',
  'vlan',
  'spanning-tree',
  'mac',
  'vxlan',
  'bgp',
  'bgp-prefixes',
  'bgp-advertised',
  'bgp-limits',
  'evpn',
  'ospf',
  'isis',
  'bfd',
  'routes',
  'route-counts',
  'exits',
  'gateways',
  'arp',
  'ntp',
  'environment',
  'reload-cause',
  'agents',
] as const

/** One area of operational state. */
export type StateAreaName = (typeof STATE_AREAS)[number]
