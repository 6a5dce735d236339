import { type ConfigTree, childLines } from '../../config/text/tree.ts'
import { type Prefix, parsePrefix } from './address.ts'
import { type MaintenanceConfig, readMaintenance } from './read-maintenance.ts'

/** One entry of a prefix-list. */
export interface PrefixListEntry {
  readonly permit: boolean
  readonly prefix: Prefix
  /** The mask lengths it matches, both inclusive. */
  readonly from: number
  readonly to: number
}

/** One entry of a route-map. */
export interface RouteMapEntry {
  readonly permit: boolean
  readonly sequence: number
  readonly matches: readonly string[]
  readonly sets: readonly string[]
  /** Where it goes on: an entry by its number, or the one behind it. */
  readonly continues?: number | 'next'
}

/** One entry of a peer-filter. */
export interface PeerFilterEntry {
  readonly accept: boolean
  readonly from: number
  readonly to: number
}

/** One entry of a community-list or of an AS-path access-list. */
export interface PatternEntry {
  readonly permit: boolean
  /** All of these communities must be there. */
  readonly communities?: readonly string[]
  /** Or one must match; an AS path is matched as its numbers with blanks between. */
  readonly expression?: RegExp
}

/** Prefix-lists, route-maps and peer-filters by name. */
export interface PolicyConfig {
  readonly prefixLists: ReadonlyMap<string, readonly PrefixListEntry[]>
  readonly routeMaps: ReadonlyMap<string, readonly RouteMapEntry[]>
  readonly peerFilters: ReadonlyMap<string, readonly PeerFilterEntry[]>
  readonly communityLists: ReadonlyMap<string, readonly PatternEntry[]>
  readonly asPathLists: ReadonlyMap<string, readonly PatternEntry[]>
  /** What is done to the paths of whom under maintenance. */
  readonly maintenance: MaintenanceConfig
}

/** The prefix-lists (block and one-line form) and the route-maps of a configuration. */
export function readPolicy(config: ConfigTree): PolicyConfig {
  const prefixLists = new Map<string, PrefixListEntry[]>()
  const routeMaps = new Map<string, RouteMapEntry[]>()
  for (const node of config.children) {
    const [, listName, rest] = /^ip prefix-list (\S+)(?: (.*))?$/.exec(node.line) ?? []
    if (listName !== undefined) {
      const lines = rest === undefined ? childLines(node) : [rest]
      listOf(prefixLists, listName).push(...lines.flatMap((line) => readEntry(line) ?? []))
    }
    const [, mapName, action, sequence] = /^route-map (\S+)(?: (permit|deny))?(?: (\d+))?$/.exec(node.line) ?? []
    if (mapName === undefined) continue
    const lines = childLines(node)
    listOf(routeMaps, mapName).push(readMapEntry(action !== 'deny', Number(sequence ?? 10), lines))
  }
  for (const entries of routeMaps.values()) entries.sort((a, b) => a.sequence - b.sequence)
  return {
    prefixLists,
    routeMaps,
    peerFilters: readPeerFilters(config),
    ...readPatternLists(config),
    maintenance: readMaintenance(config),
  }
}

const COMMUNITY_LIST = /^ip community-list (?:(regexp|expanded|standard) )?(\S+) (permit|deny) (.+)$/
const AS_PATH_LIST = /^ip as-path access-list (\S+) (permit|deny) (\S+)(?: \S+)?$/

function readPatternLists(config: ConfigTree): Pick<PolicyConfig, 'communityLists' | 'asPathLists'> {
  const communityLists = new Map<string, PatternEntry[]>()
  const asPathLists = new Map<string, PatternEntry[]>()
  for (const { line } of config.children) {
    const [, kind, name, action, value = ''] = COMMUNITY_LIST.exec(line) ?? []
    if (name !== undefined) listOf(communityLists, name).push(communityEntry(kind, action === 'permit', value))
    const [, list, verdict, pattern = ''] = AS_PATH_LIST.exec(line) ?? []
    if (list !== undefined) listOf(asPathLists, list).push(expressionEntry(verdict === 'permit', pattern))
  }
  return { communityLists, asPathLists }
}

function communityEntry(kind: string | undefined, permit: boolean, value: string): PatternEntry {
  const written = kind === 'regexp' || kind === 'expanded'
  return written ? expressionEntry(permit, value) : { permit, communities: value.split(' ') }
}

function expressionEntry(permit: boolean, pattern: string): PatternEntry {
  try {
    return { permit, expression: new RegExp(pattern.replaceAll('_', '(?:^|$|[ ,{}()])')) }
  } catch {
    return { permit, expression: /(?!)/ }
  }
}

function readPeerFilters(config: ConfigTree): ReadonlyMap<string, readonly PeerFilterEntry[]> {
  const blocks = config.children.filter((node) => node.line.startsWith('peer-filter '))
  return new Map(
    blocks.map((block) => [block.line.slice(12), block.children.flatMap((node) => readFilterEntry(node.line))]),
  )
}

function readFilterEntry(line: string): readonly PeerFilterEntry[] {
  const [, from, to = from, result] = /^\d+ match as-range (\d+)(?:-(\d+))? result (accept|reject)$/.exec(line) ?? []
  return result === undefined ? [] : [{ accept: result === 'accept', from: Number(from), to: Number(to) }]
}

function listOf<T>(lists: Map<string, T[]>, name: string) {
  const list = lists.get(name) ?? []
  lists.set(name, list)
  return list
}

const ENTRY = /^(?:seq \d+ )?(permit|deny) (\S+)((?: (?:ge|le|eq) \d+)*)$/

function readEntry(line: string): PrefixListEntry | undefined {
  const [, action, text = '', bounds = ''] = ENTRY.exec(line) ?? []
  const prefix = parsePrefix(text)
  if (action === undefined || prefix === undefined) return undefined
  const bound = (word: string) => {
    const found = new RegExp(` ${word} (\\d+)`).exec(bounds)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const exact = bound('eq')
  const from = exact ?? bound('ge') ?? prefix.maskLen
  const to = exact ?? bound('le') ?? (bound('ge') === undefined ? prefix.maskLen : 32)
  return { permit: action === 'permit', prefix, from, to }
}

function readMapEntry(permit: boolean, sequence: number, lines: readonly string[]): RouteMapEntry {
  const of = (head: string) => lines.filter((line) => line.startsWith(head)).map((line) => line.slice(head.length))
  const next = lines.find((line) => /^continue( \d+)?$/.test(line))
  return {
    permit,
    sequence,
    matches: of('match '),
    sets: of('set '),
    ...(next === undefined ? {} : { continues: next === 'continue' ? 'next' : Number(next.slice('continue '.length)) }),
  }
}
