import { masked, parsePrefix } from './address.ts'
import type { Path } from './path-vector.ts'
import type { PolicyConfig, PrefixListEntry, RouteMapEntry } from './read-policy.ts'

/** A path as policy sees it: what it may match and set. */
export interface PolicySubject {
  readonly prefix: string
  readonly path: Path
  /** The own AS, for `as-path prepend auto`. */
  readonly asn: string
}

/**
 * The path after a route-map, or undefined when the map denies it. No map at all and a map that is not defined both
 * permit (simulator-facts 2).
 */
export function applyRouteMap(
  name: string | undefined,
  subject: PolicySubject,
  policy: PolicyConfig,
): Path | undefined {
  const entries = name === undefined ? undefined : policy.routeMaps.get(name)
  if (entries === undefined) return subject.path
  let path = subject.path
  let from = Number.NEGATIVE_INFINITY
  let permitted = false
  for (const entry of entries) {
    if (entry.sequence < from || !matchesAll(entry, { ...subject, path }, policy)) continue
    if (!entry.permit) return undefined
    path = entry.sets.reduce((changed, set) => applySet(changed, set, subject.asn), path)
    permitted = true
    if (entry.continues === undefined) return path
    from = entry.continues
  }
  return permitted ? path : undefined
}

/** Whether a prefix-list permits a prefix; a list that is not defined matches everything (simulator-facts 2). */
export function permitsPrefix(name: string | undefined, prefix: string, policy: PolicyConfig): boolean {
  const entries = name === undefined ? undefined : policy.prefixLists.get(name)
  if (entries === undefined) return true
  const found = entries.find((entry) => covers(entry, prefix))
  return found?.permit === true
}

function covers(entry: PrefixListEntry, text: string): boolean {
  const prefix = parsePrefix(text)
  if (prefix === undefined || prefix.maskLen < entry.from || prefix.maskLen > entry.to) return false
  return masked(prefix.network, entry.prefix.maskLen) === entry.prefix.network
}

/**
 * Every match of an entry must hold. Matches that are not modelled (communities, tags, AS-path lists) hold: the
 * simulator carries no such attributes.
 */
function matchesAll(entry: RouteMapEntry, subject: PolicySubject, policy: PolicyConfig): boolean {
  return entry.matches.every((match) => {
    const list = /^ip address prefix-list (\S+)$/.exec(match)?.[1]
    if (list !== undefined) return permitsPrefix(list, subject.prefix, policy)
    const metric = /^metric (\d+)$/.exec(match)?.[1]
    return metric === undefined || subject.path.med === Number(metric)
  })
}

const ORIGINS: Readonly<Record<string, Path['origin']>> = { igp: 0, egp: 1, incomplete: 2 }

function applySet(path: Path, line: string, asn: string): Path {
  const [word = '', ...rest] = line.split(' ')
  const value = rest.join(' ')
  if (word === 'local-preference') return { ...path, localPref: Number(value) }
  if (word === 'metric') return { ...path, med: Number(value) }
  if (word === 'weight') return { ...path, weight: Number(value) }
  if (word === 'origin') return { ...path, origin: ORIGINS[value] ?? path.origin }
  if (word === 'as-path' && rest[0] === 'prepend') {
    const added = rest.slice(1).map((hop) => (hop === 'auto' ? asn : hop))
    return { ...path, asPath: [...added, ...path.asPath] }
  }
  return path
}
