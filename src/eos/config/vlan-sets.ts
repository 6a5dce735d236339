import { TextMemory } from '../../model/text-memory.ts'
import { formatRanges, parseVlans } from '../../model/vlan-list.ts'
import { type ConfigChange, diffConfig } from './diff/diff.ts'
import type { ConfigNode, ConfigTree } from './text/tree.ts'

export const VOLATILE_VERSION = 1

// Lines of a running-config that change while the configuration does not: the headers EOS writes before it (docs/eos.md 4.1), and the clock
// drift that older systems keep.
const HEADERS = /^! (?:Command:|device:|Time|Last configuration change|Startup-config last modified)/
const CLOCK_DRIFT = /^\s*ntp clock-period /

function isVolatile(line: string) {
  if (line.startsWith('!')) return HEADERS.test(line)
  return line.includes('ntp clock-period') && CLOCK_DRIFT.test(line)
}

/** Ends with a newline unless it is empty. */
export function comparableText(text: string): string {
  return comparable.get(text) ?? comparable.keep(text, madeComparable(text))
}

const comparable = new TextMemory<string>()

function madeComparable(text: string) {
  const lines = text
    .split('\n')
    .map(comparableLine)
    .filter((line) => line !== undefined)
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** A line of such a text as it is compared; undefined where it is not. */
export function comparableLine(line: string): string | undefined {
  const kept = line.trimEnd()
  return isVolatile(kept) ? undefined : kept
}

export function changesBetween(before: ConfigTree, after: ConfigTree): readonly ConfigChange[] {
  const [was, is] = withVlanSets(before, after)
  return diffConfig(was, is).changes
}

export function eachVlan<Change extends Pick<ConfigChange, 'path' | 'line'>>(change: Change): readonly Change[] {
  const vlans = change.path.length === 0 ? idsOf(change) : []
  return vlans.length < 2 ? [change] : vlans.map((vlan) => ({ ...change, line: `vlan ${vlan}` }))
}

export function vlansTogether(changes: readonly ConfigChange[]): readonly ConfigChange[] {
  const opened = new Set(changes.flatMap(({ path }) => path.slice(0, 1)))
  const lists = { '+': new Set<number>(), '-': new Set<number>() }
  const rest = changes.filter((one) => {
    const vlans = one.path.length > 0 || opened.has(one.line) ? [] : idsOf(one)
    const isFirst = lists[one.sign].size === 0
    for (const vlan of vlans) lists[one.sign].add(vlan)
    return vlans.length === 0 || isFirst
  })
  return rest.map((one) =>
    one.path.length > 0 || opened.has(one.line) || idsOf(one).length === 0
      ? one
      : { ...one, line: `vlan ${formatRanges([...lists[one.sign]])}` },
  )
}

/**
 * Two configurations in which VLANs without lines of their own (docs/eos.md 4.6) share a command as far as both have them so. `vlan 2000` beside
 * `vlan 2000-2001` is `vlan 2000` and, in the second, `vlan 2001`.
 */
export function withVlanSets(before: ConfigTree, after: ConfigTree): readonly [ConfigTree, ConfigTree] {
  const [was, is] = [vlansOf(before), vlansOf(after)]
  return [apart(before, was, is), apart(after, is, was)]
}

interface Vlans {
  readonly listed: ReadonlySet<number>
  readonly own: ReadonlySet<number>
}

const HEADER = /^vlan (\d[\d,-]*)$/

function idsOf({ line }: Pick<ConfigNode, 'line'>) {
  return parseVlans(HEADER.exec(line)?.[1] ?? '') ?? []
}

const isVlan = (node: ConfigNode) => idsOf(node).length > 0

function vlansOf({ children }: ConfigTree): Vlans {
  const blocks = children.filter(isVlan)
  return {
    listed: new Set(blocks.filter(({ children }) => children.length === 0).flatMap(idsOf)),
    own: new Set(blocks.filter(({ children }) => children.length > 0).flatMap(idsOf)),
  }
}

function apart(tree: ConfigTree, { listed }: Vlans, other: Vlans): ConfigTree {
  const all = [...listed]
  const groups = [
    all.filter((vlan) => other.listed.has(vlan)),
    all.filter((vlan) => !other.listed.has(vlan) && !other.own.has(vlan)),
    ...all.filter((vlan) => !other.listed.has(vlan) && other.own.has(vlan)).map((vlan) => [vlan]),
  ].filter((group) => group.length > 0)
  const blocks = tree.children.filter(isVlan)
  const own = blocks.filter(({ children }) => children.length > 0)
  // A tree that stays as it is keeps the outline that it was read from.
  if (groups.length + own.length === blocks.length && groups.length < 2) return tree
  const made = groups.map((group) => ({ line: `vlan ${formatRanges(group)}`, children: [], lead: [], tail: [] }))
  const sorted = [...own, ...made].toSorted((a, b) => (idsOf(a)[0] ?? 0) - (idsOf(b)[0] ?? 0))
  return {
    ...tree,
    children: tree.children.flatMap((node) => (node === blocks[0] ? sorted : isVlan(node) ? [] : [node])),
  }
}
