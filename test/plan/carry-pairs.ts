import fc from 'fast-check'

/** Lines that somebody types. */
type Typed = readonly string[]

/** What is approved. */
export const CHANGES: readonly Typed[] = [
  ['interface Ethernet2', 'switchport access vlan 120'],
  ['interface Ethernet2', 'description changed'],
  ['interface Ethernet1', 'description changed'],
  ['interface Ethernet1', 'ip access-group OTHER in'],
  ['interface Ethernet7', 'description member'],
  ['vlan 120', 'name RENAMED'],
  ['vlan 140', 'name ADDED', 'interface Ethernet3', 'switchport access vlan 140'],
  ['interface Port-Channel7', 'switchport trunk allowed vlan add 120'],
  ['interface Vlan130', 'description gateway'],
  ['router bgp 65001', 'neighbor 10.0.0.0 description spine1'],
  ['router bgp 65001', 'neighbor 10.0.0.0 route-map RM-OTHER out'],
  ['route-map RM-IN permit 10', 'set local-preference 200'],
  ['route-map RM-OTHER permit 10', 'set local-preference 200'],
  ['ip prefix-list PL-IN seq 20 permit 10.1.0.0/16'],
  ['ip access-list OTHER', '20 deny ip any any'],
  ['ip route vrf PROD 10.8.0.0/16 10.0.0.0'],
  ['vrf instance PROD', 'rd 65001:1'],
]

/** What a colleague types meanwhile. */
export const EDITS: readonly Typed[] = [
  ['interface Ethernet8', 'description used'],
  ['interface Ethernet8', 'switchport access vlan 120'],
  ['interface Ethernet8', 'channel-group 7 mode active'],
  ['interface Ethernet3', 'description host C'],
  ['interface Ethernet2', 'description host C'],
  ['interface Ethernet1', 'mtu 9000'],
  ['interface Port-Channel7', 'description bundle'],
  ['no interface Loopback0'],
  ['vlan 110', 'name WEB'],
  ['vlan 120', 'name OTHER-NAME'],
  ['no vlan 120'],
  ['vlan 125', 'name NEW'],
  ['interface Vlan130', 'ip address 10.130.0.9/24'],
  ['ip access-list EDGE', '5 deny tcp any any'],
  ['ip access-list OTHER', '5 deny tcp any any'],
  ['ip prefix-list PL-IN seq 5 deny 10.9.0.0/16'],
  ['ip prefix-list PL-OTHER seq 5 deny 10.9.0.0/16'],
  ['route-map RM-IN permit 10', 'set metric 5'],
  ['route-map RM-OTHER permit 10', 'set metric 5'],
  ['vrf instance PROD', 'rd 65001:9'],
  ['vrf instance NEW'],
  ['router bgp 65001', 'router-id 10.255.0.1'],
  ['ip route 10.9.0.0/16 10.0.0.0'],
  ['username eve privilege 15 nopassword'],
  ['aaa authorization exec default none'],
  ['management ssh', 'idle-timeout 5'],
  ['interface Management1', 'mtu 1400'],
  ['ip route vrf MGMT 10.0.0.0/8 192.0.2.253'],
  ['hostname other'],
  ['no ip routing vrf PROD'],
  ['ntp server 192.0.2.2'],
]

/** What a colleague types that touches no traffic. */
export const QUIET: readonly Typed[] = [
  ['interface Ethernet8', 'description used'],
  ['interface Ethernet8', 'no description'],
  ['interface Ethernet7', 'description member of 7'],
  ['interface Ethernet3', 'description host C'],
  ['interface Ethernet1', 'description to spine9'],
  ['interface Loopback0', 'description router id'],
  ['interface Port-Channel7', 'description bundle'],
  ['interface Vlan130', 'description gateway of B'],
  ['interface Management1', 'description out of band'],
  ['vlan 110', 'name WEB'],
  ['vlan 120', 'name TENANT-X'],
  ['vlan 130', 'no name'],
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

const isOfBgp = ([head = '']: Typed): boolean => head.startsWith('router bgp')

/** Some of them, typed one after another. Those of BGP are the last ones: a VLAN is another one there. */
export const some = (typed: readonly Typed[], maxLength: number) =>
  fc
    .uniqueArray(fc.constantFrom(...typed), { minLength: 1, maxLength })
    .map((parts) => parts.toSorted((a, b) => Number(isOfBgp(a)) - Number(isOfBgp(b))).flat())
