import fc from 'fast-check'

/** Lines that somebody types, the blocks that they change, and those that they, or what they touch, name: by hand, from the texts of `BASE`. */
export interface Typed {
  readonly lines: readonly string[]
  readonly in: readonly string[]
  readonly names?: readonly string[]
}

const UNDERLAY = ['route-map RM-IN', 'prefix-list PL-IN']

/** What is approved. */
export const CHANGES: readonly Typed[] = [
  { lines: ['interface Ethernet2', 'switchport access vlan 120'], in: ['Ethernet2'], names: ['vlan 110', 'vlan 120'] },
  { lines: ['interface Ethernet2', 'description changed'], in: ['Ethernet2'], names: ['vlan 110'] },
  { lines: ['interface Ethernet1', 'description changed'], in: ['Ethernet1'], names: ['EDGE', 'vrf PROD'] },
  {
    lines: ['interface Ethernet1', 'ip access-group OTHER in'],
    in: ['Ethernet1'],
    names: ['EDGE', 'OTHER', 'vrf PROD'],
  },
  {
    lines: ['interface Ethernet7', 'description member'],
    in: ['Ethernet7'],
    names: ['Port-Channel7', 'vlan 110', 'vlan 130'],
  },
  { lines: ['vlan 120', 'name RENAMED'], in: ['vlan 120'] },
  {
    lines: ['vlan 140', 'name ADDED', 'interface Ethernet3', 'switchport access vlan 140'],
    in: ['vlan 140', 'Ethernet3'],
    names: ['vlan 110'],
  },
  {
    lines: ['interface Port-Channel7', 'switchport trunk allowed vlan add 120'],
    in: ['Port-Channel7'],
    names: ['vlan 110', 'vlan 120', 'vlan 130'],
  },
  { lines: ['interface Vlan130', 'description gateway'], in: ['Vlan130'], names: ['vrf PROD', 'vlan 130'] },
  { lines: ['router bgp 65001', 'neighbor 10.0.0.0 description spine1'], in: ['bgp'], names: UNDERLAY },
  {
    lines: ['router bgp 65001', 'neighbor 10.0.0.0 route-map RM-OTHER out'],
    in: ['bgp'],
    names: [...UNDERLAY, 'route-map RM-OTHER', 'prefix-list PL-OTHER'],
  },
  {
    lines: ['route-map RM-IN permit 10', 'set local-preference 200'],
    in: ['route-map RM-IN'],
    names: ['prefix-list PL-IN'],
  },
  {
    lines: ['route-map RM-OTHER permit 10', 'set local-preference 200'],
    in: ['route-map RM-OTHER'],
    names: ['prefix-list PL-OTHER'],
  },
  { lines: ['ip prefix-list PL-IN seq 20 permit 10.1.0.0/16'], in: ['prefix-list PL-IN'] },
  { lines: ['ip access-list OTHER', '20 deny ip any any'], in: ['OTHER'] },
  { lines: ['ip route vrf PROD 10.8.0.0/16 10.0.0.0'], in: ['static'], names: ['vrf PROD'] },
  { lines: ['vrf instance PROD', 'rd 65001:1'], in: ['vrf PROD'] },
]

/** What a colleague types meanwhile. */
export const EDITS: readonly Typed[] = [
  { lines: ['interface Ethernet8', 'description used'], in: ['Ethernet8'] },
  { lines: ['interface Ethernet8', 'switchport access vlan 120'], in: ['Ethernet8'], names: ['vlan 120'] },
  { lines: ['interface Ethernet8', 'channel-group 7 mode active'], in: ['Ethernet8'], names: ['Port-Channel7'] },
  { lines: ['interface Ethernet3', 'description host C'], in: ['Ethernet3'] },
  { lines: ['interface Ethernet2', 'description host C'], in: ['Ethernet2'] },
  { lines: ['interface Ethernet1', 'mtu 9000'], in: ['Ethernet1'] },
  { lines: ['interface Port-Channel7', 'description bundle'], in: ['Port-Channel7'] },
  { lines: ['no interface Loopback0'], in: ['Loopback0'] },
  { lines: ['vlan 110', 'name WEB'], in: ['vlan 110'] },
  { lines: ['vlan 120', 'name OTHER-NAME'], in: ['vlan 120'] },
  { lines: ['no vlan 120'], in: ['vlan 120'] },
  { lines: ['vlan 125', 'name NEW'], in: ['vlan 125'] },
  { lines: ['interface Vlan130', 'ip address 10.130.0.9/24'], in: ['Vlan130'], names: ['vlan 130'] },
  { lines: ['ip access-list EDGE', '5 deny tcp any any'], in: ['EDGE'] },
  { lines: ['ip access-list OTHER', '5 deny tcp any any'], in: ['OTHER'] },
  { lines: ['ip prefix-list PL-IN seq 5 deny 10.9.0.0/16'], in: ['prefix-list PL-IN'] },
  { lines: ['ip prefix-list PL-OTHER seq 5 deny 10.9.0.0/16'], in: ['prefix-list PL-OTHER'] },
  { lines: ['route-map RM-IN permit 10', 'set metric 5'], in: ['route-map RM-IN'] },
  { lines: ['route-map RM-OTHER permit 10', 'set metric 5'], in: ['route-map RM-OTHER'] },
  { lines: ['vrf instance PROD', 'rd 65001:9'], in: ['vrf PROD'] },
  { lines: ['vrf instance NEW'], in: ['vrf NEW'] },
  { lines: ['router bgp 65001', 'router-id 10.255.0.1'], in: ['bgp'] },
  { lines: ['ip route 10.9.0.0/16 10.0.0.0'], in: ['static'] },
  { lines: ['username eve privilege 15 nopassword'], in: ['never'] },
  { lines: ['aaa authorization exec default none'], in: ['never'] },
  { lines: ['management ssh', 'idle-timeout 5'], in: ['never'] },
  { lines: ['interface Management1', 'mtu 1400'], in: ['never'] },
  { lines: ['ip route vrf MGMT 10.0.0.0/8 192.0.2.253'], in: ['never'] },
  { lines: ['hostname other'], in: ['never'] },
  { lines: ['no ip routing vrf PROD'], in: ['never'] },
  { lines: ['ntp server 192.0.2.2'], in: ['never'] },
]

/** What a colleague types that touches no traffic. */
export const QUIET: readonly Typed[] = [
  { lines: ['interface Ethernet8', 'description used'], in: ['Ethernet8'] },
  { lines: ['interface Ethernet8', 'no description'], in: ['Ethernet8'] },
  { lines: ['interface Ethernet7', 'description member of 7'], in: ['Ethernet7'] },
  { lines: ['interface Ethernet3', 'description host C'], in: ['Ethernet3'] },
  { lines: ['interface Ethernet1', 'description to spine9'], in: ['Ethernet1'] },
  { lines: ['interface Loopback0', 'description router id'], in: ['Loopback0'] },
  { lines: ['interface Port-Channel7', 'description bundle'], in: ['Port-Channel7'] },
  { lines: ['interface Vlan130', 'description gateway of B'], in: ['Vlan130'] },
  { lines: ['interface Management1', 'description out of band'], in: ['Management1'] },
  { lines: ['vlan 110', 'name WEB'], in: ['vlan 110'] },
  { lines: ['vlan 120', 'name TENANT-X'], in: ['vlan 120'] },
  { lines: ['vlan 130', 'no name'], in: ['vlan 130'] },
]

/** How the rows of a base are altered, as nobody types it. */
export const ALTERATIONS = ['swap', 'drop', 'double', 'move', 'word'] as const

/** A text whose nth row that says something is altered, one alteration behind the other. */
export function altered(text: string, all: readonly (readonly [(typeof ALTERATIONS)[number], number])[]): string {
  return all.reduce((present, [how, nth]) => {
    const rows = present.split('\n')
    const places = rows.flatMap((row, at) => (/[^\s!]/.test(row) && row !== 'end' ? [at] : []))
    const at = places[nth % places.length] ?? 0
    const row = rows[at] ?? ''
    const beside = places.find((place) => place > at && indentOf(rows[place]) === indentOf(row)) ?? at
    if (how === 'swap') [rows[at], rows[beside]] = [rows[beside] ?? '', row]
    if (how === 'drop') rows.splice(at, 1)
    if (how === 'double') rows.splice(at, 0, row)
    if (how === 'move') rows.splice(at, 0, ...rows.splice(beside, 1))
    if (how === 'word') rows[at] = row.replace(/\S+$/, (word) => `${word}x`)
    return rows.join('\n')
  }, text)
}

const indentOf = (row = ''): number => row.length - row.trimStart().length

const isOfBgp = ({ lines: [head = ''] }: Typed): boolean => head.startsWith('router bgp')

/** Some of them, typed one behind another, with all the blocks that they change and name. Those of BGP are the last ones: a VLAN is another one there. */
export const some = (typed: readonly Typed[], maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...typed), { minLength: 1, maxLength }).map((parts) => ({
    lines: parts.toSorted((a, b) => Number(isOfBgp(a)) - Number(isOfBgp(b))).flatMap(({ lines }) => lines),
    in: new Set(parts.flatMap((part) => part.in)),
    names: new Set(parts.flatMap((part) => [...part.in, ...(part.names ?? [])])),
  }))
