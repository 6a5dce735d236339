import type { Place, ValueOrProblems } from '../../../model/error.ts'
import { capturesWithin } from '../../../text/source/bounded-pattern.ts'
import { accept, refuse } from '../../../text/source/located.ts'
import { membersOf, type Roster } from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'

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

// A range is `[1:9]`, `[01:20:2]` or `[a:f]`, and may take the place of a part of an address or a name.
const STEP = '(?::[0-9]+)?'
const NUMERIC = `\\[(?:[0-9]+:[0-9]+)${STEP}\\]`
const HEXADECIMAL = `\\[(?:[0-9a-f]+:[0-9a-f]+)${STEP}\\]`
const ALPHANUMERIC = `\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)${STEP}\\]`
const SIX = `(?:[0-9a-f]{1,4}|${HEXADECIMAL})`
const FOUR = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC})`
const WORD = '[\\p{L}\\p{N}\\p{M}_]'
const LABEL = `(?:${WORD}|${ALPHANUMERIC})(?:[\\p{L}\\p{N}\\p{M}_-]|${ALPHANUMERIC})*(?<![_-])`

const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/
const IPV4 = new RegExp(`^(?:${FOUR}\\.){3}${FOUR}$`, 'i')
const IPV6 = new RegExp(
  `^(?:(?:${SIX}:){7}${SIX}|(?:${SIX}:){1,6}:|(?:${SIX}:)(?::${SIX}){1,6}|(?:${SIX}:){2}(?::${SIX}){1,5}|` +
    `(?:${SIX}:){3}(?::${SIX}){1,4}|(?:${SIX}:){4}(?::${SIX}){1,3}|(?:${SIX}:){5}(?::${SIX}){1,2}|(?:${SIX}:){6}(?::${SIX})|` +
    `:(?::${SIX}){1,6}|${SIX}?::|(?:0:){6}(?:${SIX}\\.){3}${SIX}|::(?:ffff:)?(?:${SIX}\\.){3}${SIX}|` +
    `(?:0:){5}ffff:(?:${SIX}\\.){3}${SIX})$`,
  'i',
)
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu')

// The host and the port of a pattern; undefined where it is neither a name nor an address, with ranges or without.
function parsedAddress(pattern: string): { readonly host: string; readonly port: number | undefined } | undefined {
  let [host, port]: [string, number | undefined] = [pattern, undefined]
  for (const matching of [BRACKETED_PORT, PORT]) {
    const [, inner, digits] = matching.exec(host) ?? []
    if (inner !== undefined) [host, port] = [inner, Number(digits)]
  }
  return isAddress(host) || HOSTNAME.test(host) ? { host, port } : undefined
}

export function isAddress(name: string): boolean {
  return IPV4.test(name) || IPV6.test(name)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

const MOST_HOSTS = 100_000

/** The hosts that a pattern of an inventory names, `leaf[01:10].example:8080`, and their port. */
export function expandHosts(
  pattern: string,
  at: Place,
): { readonly names: readonly string[]; readonly port: number | undefined } {
  // Most names have neither a port nor a range.
  if (!/[:[]/.test(pattern)) return { names: [pattern], port: undefined }
  const { host, port } = parsedAddress(pattern) ?? { host: pattern, port: undefined }
  return { names: host.includes('[') ? expandRange(host, at) : [host], port }
}

function expandRange(pattern: string, at: Place): readonly string[] {
  const parts = pattern.replace('[', '|').replace(']', '|').split('|')
  const [head = '', range = '', tail = ''] = parts
  const bounds = range.split(':')
  if (parts.length !== 3 || bounds.length < 2 || bounds.length > 3)
    throw broken(`the range in ${pattern} is not [begin:end] or [begin:end:step]`, at)
  const middles = sequence(bounds[0] || '0', bounds[1] ?? '', bounds[2] ?? '1', at)
  const names = middles.map((middle) => head + middle + tail)
  if (!tail.includes('[') && !head.includes('[')) return names
  const expanded: string[] = []
  for (const name of names) {
    for (const one of expandRange(name, at)) expanded.push(one)
    if (expanded.length > MOST_HOSTS) throw broken(`${pattern} names more than ${MOST_HOSTS} hosts`, at)
  }
  return expanded
}

function sequence(begin: string, end: string, step: string, at: Place) {
  if (end === '') throw broken('the range of hosts has no end', at)
  const isPadded = begin.startsWith('0') && begin.length > 1
  if (isPadded && begin.length !== end.length)
    throw broken(
      'begin and end of a range of hosts must have as many digits',
      at,
      `write [${begin}:${end.padStart(begin.length, '0')}]`,
    )
  const [first, last] = [LETTERS.indexOf(begin), LETTERS.indexOf(end)]
  const by = whole(step, at)
  if (by < 1) throw broken('the step of a range of hosts must be at least 1', at)
  if (first >= 0 && last >= 0) {
    if (first > last) throw broken('a range of hosts must not begin behind its end', at)
    return [...LETTERS.slice(first, last + 1)].filter((_, index) => index % by === 0)
  }
  const [from, to] = [whole(begin, at), whole(end, at)]
  if ((to - from) / by > MOST_HOSTS) throw broken(`a range of hosts names more than ${MOST_HOSTS}`, at)
  const names: string[] = []
  for (let number = from; number <= to; number += by)
    names.push(isPadded ? String(number).padStart(begin.length, '0') : String(number))
  return names
}

function whole(digits: string, at: Place) {
  if (!/^\s*[-+]?\d+(?:_\d+)*\s*$/.test(digits))
    throw broken(`${JSON.stringify(digits)} in a range of hosts is no number`, at)
  return Number(digits.replaceAll('_', ''))
}
