import { COMMAND, commandRow, type Outline } from '../text/tree.ts'

const LIST = '(?:access-list|prefix-list|as-path access-list|(?:ext|large-)?community-list)'
const ORDERED_PARENT = new RegExp(`^(?:(?:ip|ipv6|mac) ${LIST}|policy-map|traffic-policy) `)
const ORDERED_ENTRY = /^(?:permit|deny|remark|class|match) /
const LIST_ENTRY = new RegExp(`^((?:ip|ipv6|mac) ${LIST} .*?) (?:permit|deny)\\b`)
// Servers and domains that EOS asks one after the other, as they were entered (docs/eos.md 4.8).
const ASKED_IN_ORDER = /^(?:tacacs-server host|radius-server host|ip name-server|ip domain-list)(?= )/
const ASKED_GROUP = /^aaa group server /
const UNNUMBERED_ROUTE_MAP = /^(route-map \S+)(?: (?:permit|deny))?$/

/**
 * Names the group of siblings within which the place of a command has a meaning, or undefined where EOS decides the
 * order by itself. Ordered are what is asked in order, and the entries of access lists, prefix lists, policies and the like as long as
 * they carry no number of their own: a numbered entry stands where its number says (docs/eos.md 4.7).
 */
export function orderGroup(line: string, parentLine: string | undefined): string | undefined {
  if (parentLine !== undefined) {
    const isOrdered = ORDERED_PARENT.test(parentLine) && ORDERED_ENTRY.test(line)
    return isOrdered || (line.startsWith('server ') && ASKED_GROUP.test(parentLine)) ? '' : undefined
  }
  const list = ASKED_IN_ORDER.exec(line)?.[0] ?? LIST_ENTRY.exec(line)?.[1] ?? UNNUMBERED_ROUTE_MAP.exec(line)?.[1]
  return list === undefined || / seq \d+$/.test(list) ? undefined : list
}

/** The lines of each group of {@link orderGroup} among the siblings from row `from` to row `to`, one text per group. */
export function orderedGroups(
  outline: Outline,
  from: number,
  to: number,
  parentLine: string | undefined,
): Map<string, string> {
  const groups = new Map<string, string[]>()
  for (let row = from; row < to; row = outline.end[row] ?? to) {
    if (outline.kind[row] !== COMMAND) continue
    const line = commandRow(outline, row)
    const group = orderGroup(line, parentLine)
    if (group === undefined) continue
    const lines = groups.get(group)
    if (lines === undefined) groups.set(group, [line])
    else lines.push(line)
  }
  return new Map([...groups].map(([group, lines]) => [group, lines.join('\n')]))
}

const NUMBERED_ENTRY = /^(?:seq )?\d+ (?=(?:permit|deny|remark|class|match)\b)/
const NUMBERED_IN_LINE = /^((?:ip|ipv6) prefix-list \S+) seq \d+(?= )/
const NUMBERED_BLOCK = /^(route-map \S+ (?:permit|deny)) \d+$/

/**
 * A line and the blocks that hold it, outermost first, without the numbers that say where in its list it is (docs/eos.md 4.7): equal for lines that say the same at two places of the
 * same access list, prefix list, policy or route-map.
 */
export function numberless(place: readonly string[]): readonly string[] {
  const [root = '', ...below] = place
  const isList = ORDERED_PARENT.test(root)
  return [
    root.replace(NUMBERED_IN_LINE, '$1').replace(NUMBERED_BLOCK, '$1'),
    ...below.map((line, depth) => (isList && depth === 0 ? line.replace(NUMBERED_ENTRY, '') : line)),
  ]
}
