/** The areas of operational state that a snapshot can read, by the names of `snapshot: { state: [...] }`. */
export const STATE_AREAS = ['interfaces', 'bgp', 'lldp', 'mlag', 'vlan', 'portchannel'] as const

/** One area of operational state. */
export type StateAreaName = (typeof STATE_AREAS)[number]
