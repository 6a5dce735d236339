import { gathered } from '../../model/map-keys.ts'
import type { DiffLine, Plan, ShownPlan } from './plan.ts'

interface GroupOfSwitches {
  readonly devices: readonly string[]
  readonly added: number
  readonly removed: number
}

export interface ChangeGroup extends GroupOfSwitches {
  readonly diff: readonly DiffLine[]
}

/** Groups the switches of a plan by identical change, in the plan's order; those that do not change come last as one group with an empty diff. */
export function groupChanges({ content }: ShownPlan): readonly ChangeGroup[] {
  const groups = gathered(content.devices.map((device) => [JSON.stringify(device.diff), device] as const))
  const found = [...groups.values()].map((group) => {
    const diff = group[0]?.diff ?? []
    return { devices: group.map(({ name }) => name), diff, ...signed(diff) }
  })
  return found.toSorted((a, b) => unchangedLast(a.diff, b.diff))
}

const unchangedLast = (a: readonly DiffLine[], b: readonly DiffLine[]) =>
  Number(a.length === 0) - Number(b.length === 0)

function signed(lines: readonly DiffLine[]) {
  const count = (wanted: DiffLine['sign']) => lines.filter(({ sign }) => sign === wanted).length
  return { added: count('+'), removed: count('-') }
}

export interface SkeletonGroup extends GroupOfSwitches {
  /** The change once; where the switches differ, the mark of a value (`{1}`) instead of it. */
  readonly lines: readonly DiffLine[]
  readonly values: readonly VaryingValue[]
}

export interface VaryingValue {
  /** As it is in the lines: `{1}`. */
  readonly mark: string
  /** What it is on each switch, in the order of the group's `devices`. */
  readonly on: readonly string[]
}

interface Part {
  readonly text: string
  readonly kind: 'word' | 'value'
  readonly sort: string
}

interface PlannedChange {
  readonly name: string
  readonly diff: readonly DiffLine[]
  readonly parts: readonly (readonly Part[])[]
}

/** A keyword that differs (`permit`, `deny`) makes another group. */
export function groupBySkeleton({ content }: Pick<Plan, 'content'>): readonly SkeletonGroup[] {
  return skeletonGroups(content.devices)
}

export function skeletonGroups(
  changes: readonly { readonly name: string; readonly diff: readonly DiffLine[] }[],
): readonly SkeletonGroup[] {
  const groups = changes.map(({ name, diff }) => {
    const parts = diff.map(({ text }) => partsOf(text))
    const key = diff.map(({ sign }, line) => [sign, ...(parts[line] ?? []).map(({ sort }) => sort)])
    return [JSON.stringify(key), { name, diff, parts }] as const
  })
  return [...gathered(groups).values()].map(skeletonOf).toSorted((a, b) => unchangedLast(a.lines, b.lines))
}

function skeletonOf(group: readonly PlannedChange[]): SkeletonGroup {
  const marks = new Marks(group)
  const lines = (group[0]?.diff ?? []).map(({ sign }, line) => {
    const shown = (group[0]?.parts[line] ?? []).map(({ kind, text }, part) => {
      if (kind === 'word') return text
      const on = group.map(({ parts }) => parts[line]?.[part]?.text ?? '')
      return on.every((value) => value === text) ? text : marks.of(on)
    })
    return { sign, text: shown.join('') }
  })
  return {
    devices: group.map(({ name }) => name),
    lines,
    values: marks.values(),
    ...signed(lines),
  }
}

class Marks {
  readonly #taken: ReadonlySet<string>
  readonly #marks = new Map<string, VaryingValue>()
  #last = 0

  constructor(group: readonly PlannedChange[]) {
    this.#taken = new Set(group.flatMap(({ diff }) => diff.flatMap(({ text }) => text.match(/\{\d+\}/g) ?? [])))
  }

  of(on: readonly string[]) {
    const key = JSON.stringify(on)
    const known = this.#marks.get(key)
    if (known !== undefined) return known.mark
    do this.#last += 1
    while (this.#taken.has(`{${this.#last}}`))
    const made = { mark: `{${this.#last}}`, on }
    this.#marks.set(key, made)
    return made.mark
  }

  values() {
    return [...this.#marks.values()]
  }
}

const PROSE =
  /^(\s*(?:name|hostname|description|remark|\d+ remark|snmp-server (?:contact|location)|neighbor \S+ description) +)(\S.*)$/

function partsOf(line: string): readonly Part[] {
  const [, command, prose] = PROSE.exec(line) ?? []
  if (command !== undefined && prose !== undefined) {
    return [...wordsOf(command), { text: prose, kind: 'value', sort: 'prose' }]
  }
  return wordsOf(line)
}

function wordsOf(text: string): readonly Part[] {
  return (text.match(/\s+|\S+/g) ?? []).map((word) => {
    const sort = sortOf(word)
    return sort === undefined ? { text: word, kind: 'word', sort: `word ${word}` } : { text: word, kind: 'value', sort }
  })
}

// An IPv6 address or prefix, a MAC address in either form: letters may come first, or be all there is.
const ADDRESS = /^(?=.*[:.])[\da-f]*(?::[\da-f.]*){2,}(?:\/\d+)?$|^[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}$/i

// `Ethernet1` and `Port-Channel1` are two sorts, so that ports are not mixed up with port-channels.
function sortOf(word: string) {
  if (word.startsWith('<redacted:')) return 'redacted'
  if (ADDRESS.test(word)) return 'value'
  const digit = word.search(/\d/)
  return digit === -1 ? undefined : `value ${word.slice(0, digit)}`
}
