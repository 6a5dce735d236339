import type { BlockKind, BlockName } from './base-block.ts'

/** A name that a line gives for a thing that must be somewhere: by what leads to it. */
export interface GivenName {
  readonly kind: BlockKind | 'peer group'
  readonly name: string
}

/** What leads to a name, and of what kind the thing is. A line may have several. */
const LEADS: readonly (readonly [RegExp, GivenName['kind']])[] = [
  [/\broute-map (\S+)/g, 'route-map'],
  [/\brcf (\S+)/g, 'route-map'],
  [/\bprefix-list (\S+)/g, 'prefix-list'],
  [/\baccess-(?:group|class) (?:name )?(\S+)/g, 'access-list'],
  [/(?<!as-path )\baccess-list (?:standard )?(\S+)/g, 'access-list'],
  [/\b(?:community|extcommunity|large-community)-list (?:standard |expanded |regexp )?(\S+)/g, 'community-list'],
  [/^\s*match (?:community|extcommunity|large-community) (?!instances)(\S+)/g, 'community-list'],
  [/\bas-path access-list (\S+)/g, 'as-path'],
  [/^\s*match as-path (?!length)(\S+)/g, 'as-path'],
  [/\bpeer-filter (\S+)/g, 'peer-filter'],
  [/\bpeer[ -]group (\S+)/g, 'peer group'],
  [/\bvrf (?:instance |definition |forwarding )?(\S+)/g, 'vrf'],
  [/^\s*switchport (?:access|trunk native) vlan (\d+)$/g, 'vlan'],
  [/^\s*vlan (\d+)$/g, 'vlan'],
  [/\bvxlan vlan (\d+) /g, 'vlan'],
  [/\bservice-policy (?:type \S+ )?(?:input|output) (\S+)/g, 'policy-map'],
  [/^\s*class (?!type\b)(\S+)$/g, 'class-map'],
  [/\b(?:service-profile|profile) (\S+)/g, 'profile'],
  [/\btrack (\S+)/g, 'track'],
  [/^\s*channel-group (\d+)/g, 'interface'],
  [/\b(?:update-source|source-interface|local-interface|unnumbered) (\S+)/g, 'interface'],
]

/** What every switch has, without a line that says so. */
const BUILT_IN: ReadonlySet<string> = new Set(['vrf default', 'vlan 1', 'class-map class-default'])

/** The things that a line names and that must be there: what it leads to, as its words say. */
export function namesGiven(line: string): readonly GivenName[] {
  const given = LEADS.flatMap(([pattern, kind]) =>
    [...line.matchAll(pattern)].map(([, name = '']) => ({
      kind,
      name: kind === 'interface' && /^\d/.test(name) ? `Port-Channel${name}` : name,
    })),
  )
  return given.filter(({ kind, name }) => !BUILT_IN.has(`${kind} ${name}`))
}

/** Groups that no block makes: ports and VLANs are in one together because both say its name. */
const GROUPS = /\b((?:trunk|link tracking) group \S+)/g

/** The groups without a block of their own that a line puts its block into, as words: `trunk group STORAGE`. */
export function groupsJoined(line: string): readonly string[] {
  return [...line.matchAll(GROUPS)].map(([, group = '']) => group)
}

/** The port of the front that an interface is a lane of, a subinterface with the lane that it is of: `Ethernet49` of `Ethernet49/2`; undefined for what has no lanes. */
export function portOfLane({ kind, name }: BlockName): string | undefined {
  return kind === 'interface' ? /^(Ethernet\d+(?:\/\d+)*)\/\d+(?:\.\d+)?$/.exec(name)?.[1] : undefined
}

/** Whether a line decides which lanes of its port there are, not only about its own. */
export function decidesLanes(line: string): boolean {
  return /^\s*(?:no |default )?speed\b/.test(line)
}

/** What a line of a change takes up without a name of it: every address of a port, or every VLAN. */
export type TakenKind = 'address' | 'vlan'

const TAKES_ADDRESSES = /^\s*(?:no )?(?:redistribute (?:connected|attached-host)|network|passive-interface default)\b/
const ADDRESS = /^\s*(?:no )?(?:ip|ipv6) address\b/
const TRUNK = /^\s*switchport mode (?:trunk|dot1q-tunnel)\b/
const ALLOWED = /^\s*switchport trunk (?:allowed vlan|group) /

/** What lines that become part of one block take up without a name of it: routing takes each address up that fits, a trunk without a list each VLAN. */
export function takenUnnamed(lines: readonly { readonly sign: string; readonly text: string }[]): readonly TakenKind[] {
  const isListed = lines.some(({ sign, text }) => sign === '+' && ALLOWED.test(text))
  const isTrunk = lines.some(
    ({ sign, text }) => (sign === '+' && TRUNK.test(text)) || (sign === '-' && ALLOWED.test(text)),
  )
  const takes = lines.some(({ sign, text }) => sign === '+' && TAKES_ADDRESSES.test(text))
  return [...(takes ? ['address' as const] : []), ...(isTrunk && !isListed ? ['vlan' as const] : [])]
}

/** What a line is of that others take up without its name; undefined for every other line. */
export function unnamedIn(line: string): TakenKind | undefined {
  if (ADDRESS.test(line)) return 'address'
  return /^vlan \d/.test(line) ? 'vlan' : undefined
}

/** The peer group that a line of `router bgp` makes; undefined for every other line. */
export function peerGroupMade(line: string): string | undefined {
  return /^\s*neighbor (\S+) peer[ -]group$/.exec(line)?.[1]
}
