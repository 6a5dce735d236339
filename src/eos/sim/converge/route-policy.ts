import { masked, parsePrefix } from './address.ts'
import type { VectorPath } from './path-vector.ts'
import type { PolicyConfig, PrefixListEntry, RouteMapEntry } from './read-policy.ts'

/** A path as policy sees it: what it may match and set. */
export interface PolicySubject {
  readonly prefix: string
  readonly path: VectorPath
  /** The own AS, for `as-path prepend auto`. */
  readonly asn: string
}

/**
 * The path after a route-map, or undefined when the map denies it. No map at all and a map that is not defined both
 * permit (docs/eos.md 7.2).
 */
export function applyRouteMap(
  name: string | undefined,
  subject: PolicySubject,
  policy: PolicyConfig,
): VectorPath | undefined {
  const entries = name === undefined ? undefined : policy.routeMaps.get(name)
  return entries === undefined ? subject.path : applyEntries(entries, subject, policy)
}

// What EOS does to the paths of a neighbor under maintenance where no route-map is configured [I] (docs/unproven.md).
const SYSTEM_GENERATED: readonly RouteMapEntry[] = [
  { permit: true, sequence: 10, matches: [], sets: ['local-preference 0', 'community GSHUT additive'] },
]

/** What maintenance mode makes of a path: by the route-map that is configured for it, or that of EOS. */
export function underMaintenance(subject: PolicySubject, policy: PolicyConfig): VectorPath | undefined {
  const { initiator } = policy.maintenance
  return initiator === undefined
    ? applyEntries(SYSTEM_GENERATED, subject, policy)
    : applyRouteMap(initiator, subject, policy)
}

function applyEntries(entries: readonly RouteMapEntry[], subject: PolicySubject, policy: PolicyConfig) {
  let path = subject.path
  let permitted = false
  let from: number | 'next' = 'next'
  for (const entry of entries) {
    if (from !== 'next' && entry.sequence < from) continue
    if (!matchesAll(entry, { ...subject, path }, policy)) continue
    if (!entry.permit) return undefined
    path = entry.sets.reduce((changed, set) => applySet(changed, set, subject.asn), path)
    permitted = true
    if (!goesOn(entry, entries)) return path
    from = entry.continues ?? 'next'
  }
  return permitted ? path : undefined
}

function goesOn({ continues }: RouteMapEntry, entries: readonly RouteMapEntry[]) {
  if (continues === undefined || continues === 'next') return continues === 'next'
  return entries.some(({ sequence }) => sequence === continues)
}

/** Whether a prefix-list permits a prefix; a list that is not defined matches everything (docs/eos.md 7.2). */
export function permitsPrefix(name: string | undefined, prefix: string, policy: PolicyConfig): boolean {
  const entries = name === undefined ? undefined : policy.prefixLists.get(name)
  if (entries === undefined) return true
  return entries.find((entry) => covers(entry, prefix))?.permit === true
}

function covers(entry: PrefixListEntry, text: string) {
  const prefix = parsePrefix(text)
  if (prefix === undefined || prefix.maskLen < entry.from || prefix.maskLen > entry.to) return false
  return masked(prefix.network, entry.prefix.maskLen) === entry.prefix.network
}

function matchesAll(entry: RouteMapEntry, subject: PolicySubject, policy: PolicyConfig) {
  return entry.matches.every((match) => {
    const [word = '', ...rest] = match.split(' ')
    return MATCHES[word]?.(rest, subject, policy) ?? true
  })
}

type Match = (words: readonly string[], subject: PolicySubject, policy: PolicyConfig) => boolean

const MATCHES: Readonly<Record<string, Match>> = {
  ip: ([what, kind, list], { prefix }, policy) =>
    what !== 'address' || kind !== 'prefix-list' || permitsPrefix(list, prefix, policy),
  metric: ([value], { path }) => path.med === Number(value),
  'local-preference': ([value], { path }) => path.localPref === Number(value),
  community: (names, { path }, policy) => names.some((name) => permitsCommunities(name, path.communities, policy)),
  'as-path': ([name], { path }, policy) => {
    const entries = policy.asPathLists.get(name ?? '')
    const text = path.asPath.join(' ')
    return entries === undefined || entries.find(({ expression }) => expression?.test(text))?.permit === true
  },
}

function permitsCommunities(name: string, communities: readonly string[], policy: PolicyConfig) {
  const found = policy.communityLists
    .get(name)
    ?.find(({ communities: wanted, expression }) =>
      wanted === undefined
        ? communities.some((community) => expression?.test(community))
        : wanted.every((community) => communities.includes(community)),
    )
  return found?.permit === true
}

const ORIGINS: Readonly<Record<string, VectorPath['origin']>> = { igp: 0, egp: 1, incomplete: 2 }

function applySet(path: VectorPath, line: string, asn: string): VectorPath {
  const [word = '', ...rest] = line.split(' ')
  const value = rest.join(' ')
  if (word === 'local-preference') return { ...path, localPref: Number(value) }
  if (word === 'metric') return { ...path, med: Number(value) }
  if (word === 'weight') return { ...path, weight: Number(value) }
  if (word === 'origin') return { ...path, origin: ORIGINS[value] ?? path.origin }
  if (word === 'community') return { ...path, communities: setCommunities(path.communities, rest) }
  if (word === 'as-path' && rest[0] === 'prepend') {
    const added = rest.slice(1).map((hop) => (hop === 'auto' ? asn : hop))
    return { ...path, asPath: [...added, ...path.asPath] }
  }
  return path
}

function setCommunities(before: readonly string[], words: readonly string[]) {
  const named = words.filter((word) => word !== 'additive' && word !== 'delete' && word !== 'none')
  if (words.includes('delete')) return before.filter((community) => !named.includes(community))
  return words.includes('additive') ? [...new Set([...before, ...named])] : named
}
