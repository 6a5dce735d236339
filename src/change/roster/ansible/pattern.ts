import type { Place, ValueOrProblems } from '../../../model/error.ts'
import { capturesWithin } from '../../../text/source/bounded-pattern.ts'
import { accept, refuse } from '../../../text/source/located.ts'
import { membersOf, type Roster } from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'
import { parsedAddress } from './host-range.ts'

const SUBSCRIPT = /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/
const COLON_PART = /(?:[^\s:[\]]|\[[^\]]*\])+/g

/** The names of the hosts that a pattern of Ansible means, as `--limit` takes them: groups, hosts, globs and `~` with a regular expression, between commas or colons; `&` keeps what is in both, `!` takes away. `[0]`, `[-1]` and `[0:2]` pick from what a part means. */
export function hostsOfPattern(roster: Roster, pattern: string, at: Place): ValueOrProblems<readonly string[]> {
  try {
    return accept([...evaluated(roster, ordered(parts(pattern)), at)])
  } catch (error) {
    if (error instanceof InventoryFault) return refuse(error.problem)
    throw error
  }
}

function parts(pattern: string) {
  const found = pattern.includes(',')
    ? pattern.split(',')
    : parsedAddress(pattern) !== undefined
      ? [pattern]
      : (pattern.match(COLON_PART) ?? [])
  return found.map((part) => part.trim()).filter((part) => part !== '')
}

function ordered(given: readonly string[]) {
  const kind = (part: string) => (part.startsWith('&') ? 1 : part.startsWith('!') ? 2 : 0)
  const adding = given.filter((part) => kind(part) === 0)
  return [
    ...(adding.length === 0 ? ['all'] : adding),
    ...given.filter((part) => kind(part) === 1),
    ...given.filter((part) => kind(part) === 2),
  ]
}

function evaluated(roster: Roster, given: readonly string[], at: Place): ReadonlySet<string> {
  let hosts = new Set<string>()
  for (const part of given) {
    const sign = part.charAt(0)
    const own = new Set(roster.hosts.has(part) ? [part] : matched(roster, part.replace(/^[&!]/, ''), at))
    if (roster.hosts.has(part) || (sign !== '&' && sign !== '!')) for (const name of own) hosts.add(name)
    else hosts = new Set([...hosts].filter((name) => own.has(name) === (sign === '&')))
  }
  return hosts
}

function matched(roster: Roster, pattern: string, at: Place) {
  const [, inner, index, from, to] = pattern.startsWith('~') ? [] : (SUBSCRIPT.exec(pattern) ?? [])
  const hosts = allMatching(roster, inner ?? pattern, at)
  if (inner === undefined || hosts.length === 0) return hosts
  if (index === undefined) return hosts.slice(Number(from), endOf(to ?? '', Number(from)))
  const picked = hosts.at(Number(index))
  if (picked === undefined)
    throw broken(`${pattern} picks a host that is not there: ${inner} means ${hosts.length}`, at)
  return [picked]
}

function endOf(to: string, from: number) {
  return to === '' ? undefined : (to === '0' ? from : Number(to)) + 1
}

function allMatching(roster: Roster, pattern: string, at: Place) {
  const groups = fitting(pattern, [...roster.groups.keys()], at)
  const hosts = new Set(groups.flatMap((name) => [...membersOf(roster, name)]))
  if (groups.length === 0 || pattern.startsWith('~') || /[.?*[]/.test(pattern))
    for (const name of fitting(pattern, [...roster.hosts.keys()], at)) hosts.add(name)
  if (hosts.size === 0 && groups.length === 0 && pattern !== 'all')
    throw broken(`${JSON.stringify(pattern)} means no host and no group`, at, `there are: ${shownGroups(roster)}`)
  return [...hosts]
}

function shownGroups(roster: Roster) {
  const names = [...roster.groups.keys()].filter((name) => name !== 'ungrouped')
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`
}

function fitting(pattern: string, names: readonly string[], at: Place) {
  const isRegular = pattern.startsWith('~')
  const found = captured(isRegular ? `^(?:${pattern.slice(1)})` : `^(?:${globbed(pattern)})$`, names)
  if (found === undefined) throw broken(`${JSON.stringify(pattern)} is no regular expression that is quick enough`, at)
  return names.filter((_, index) => found[index] !== null)
}

function captured(expression: string, names: readonly string[]) {
  try {
    return capturesWithin(expression, names, 'su')
  } catch {
    return undefined
  }
}

const GLOB_PART = /\*|\?|\[(!?)(\]?[^\]]*)\]|[\s\S]/gu

function globbed(pattern: string) {
  return pattern.replace(GLOB_PART, (part, not: string | undefined, set: string | undefined) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (set === undefined) return part.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&')
    return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/gu, '\\$&')}]`
  })
}
