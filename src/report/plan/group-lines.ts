import type { DiffLine, Plan, ShownPlan } from '../../change/plan/plan.ts'
import { changedWords, type LinePiece } from '../../eos/config/changed-words.ts'
import { gathered } from '../../model/json.ts'
import { type Style, someOf, switches, visibleLine, wrapped } from '../text/text.ts'

/** The changes of a plan, those that differ in nothing but values once. */
export function planGroups(plan: Plan, style: Style, width: number): readonly (readonly string[])[] {
  return groupBySkeleton(plan).map((group, index) => {
    const head = headOf(group, index, width)
    if (group.lines.length === 0) return head
    const inline = inlineValues(group, width - 2)
    return [
      ...head.map((row) => style.bold(row)),
      ...changedLines(inline ?? group.lines, style).map((line) => `  ${line}`),
      ...(inline === undefined
        ? valueTables(group, width - MARGIN.length).flatMap((table) => tableRows(table, width))
        : []),
    ]
  })
}

// Who is in a group, and how much it changes; the latter is never broken.
function headOf({ devices, lines, added, removed }: SkeletonGroup, index: number, width: number) {
  const letter = String.fromCharCode(65 + (index % 26))
  const size = lines.length === 0 ? '(no change)' : `+${added} -${removed}`
  const names = wrapped(`${letter} ─ ${switches(devices.length)}: ${visibleLine(someOf(devices))}`, {
    width,
    hang: 4,
  })
  const last = names.at(-1) ?? ''
  const fits = lengthOf(last) + 3 + size.length <= width
  return fits ? [...names.slice(0, -1), `${last}   ${size}`] : [...names, `    ${size}`]
}

const MARGIN = '  │ '

// A value is never cut, nor a name broken: where both are long, the row is wider than the screen.
function tableRows({ marks, rows }: ValueTable, width: number) {
  const widths = marks.map((mark, column) =>
    Math.max(mark.length, ...rows.map(({ values }) => lengthOf(values[column]))),
  )
  const cells = (values: readonly string[]) =>
    values.map((value, column) => `${value}${' '.repeat((widths[column] ?? 0) - lengthOf(value))}  `).join('')
  const hang = MARGIN.length + widths.reduce((sum, one) => sum + one + 2, 0)
  const blank = `${MARGIN}${' '.repeat(hang - MARGIN.length)}`
  return [
    `${MARGIN}${cells(marks)}switches`,
    ...rows.flatMap(({ values, devices }) => {
      const some = someOf(devices)
      const names = wrapped(some, {
        width: Math.max(width - hang, ...some.split(' ').map(lengthOf)),
        hang: 0,
      })
      return names.map((line, index) => `${index === 0 ? `${MARGIN}${cells(values)}` : blank}${line}`)
    }),
  ]
}

const MOST_CANDIDATES = 20

/** Where an added line takes the place of a removed one, the words that differ are painted, and a line with the sign `?` below marks them: the new words, else those that are gone. A `{2}` means values that a table below has. */
export function changedLines(lines: readonly InlineLine[], style: Style): readonly string[] {
  const words = pairs(lines)
  const column = columnOf(lines)
  return lines.flatMap((inline, index) => {
    const { sign, text } = inline
    const { pieces, marked } = words.get(index) ?? {
      pieces: [{ text: visibleLine(text), changed: false }],
      marked: false,
    }
    const line = withSwitches(inline, painted(sign, pieces, style), column)
    return marked ? [line, style.dim(`? ${marks(pieces)}`)] : [line]
  })
}

interface Paired {
  readonly pieces: readonly LinePiece[]
  readonly marked: boolean
}

function pairs(lines: readonly InlineLine[]): ReadonlyMap<number, Paired> {
  const found = new Map<number, Paired>()
  lines.forEach(({ sign, text, on }, index) => {
    if (sign !== '-') return
    for (const candidate of addedBelow(lines, index)) {
      if (found.has(candidate) || lines[candidate]?.on !== on) continue
      const words = changedWords(visibleLine(text), visibleLine(lines[candidate]?.text ?? ''))
      if (words === undefined) continue
      const hasNew = words.after.some(isMarkable)
      found.set(index, { pieces: words.before, marked: !hasNew && words.before.some(isMarkable) })
      found.set(candidate, { pieces: words.after, marked: hasNew })
      return
    }
  })
  return found
}

function addedBelow(lines: readonly DiffLine[], removed: number) {
  let first = removed
  while (lines[first]?.sign === '-') first += 1
  let end = first
  while (lines[end]?.sign === '+' && end - first < MOST_CANDIDATES) end += 1
  return Array.from({ length: end - first }, (_, n) => first + n)
}

const PLACEHOLDER = /^\{\d+\}$/

const isMarkable = ({ text, changed }: LinePiece) => changed && text.trim() !== '' && !PLACEHOLDER.test(text)

function painted(sign: DiffLine['sign'], pieces: readonly LinePiece[], style: Style) {
  const text = pieces.map((piece) => piece.text).join('')
  if (sign === ' ') return `  ${text}`
  const [line, word] =
    sign === '+' ? ([style.added, style.addedWord] as const) : ([style.removed, style.removedWord] as const)
  const [first, ...rest] = pieces
  return [
    ...(first?.changed === false
      ? [line(`${sign} ${first.text}`)]
      : [line(`${sign} `), ...(first === undefined ? [] : [word(first.text)])]),
    ...rest.map((piece) => (piece.changed ? word(piece.text) : line(piece.text))),
  ].join('')
}

function marks(pieces: readonly LinePiece[]) {
  return pieces
    .map((piece) => ({ text: piece.text, changed: isMarkable(piece) }))
    .map(({ text, changed }) => (changed ? text.replace(/\S/gu, '^') : text.replace(/[^\t]/gu, ' ')))
    .join('')
    .trimEnd()
}

// The values of at most so many switches are shown in their lines; those of more switches have a table.
const MOST_INLINE = 4

// A group whose own lines hold it has a table instead.
const BAR = '│'

interface InlineLine extends DiffLine {
  readonly on?: string
}

// The lines of a group with the values of each switch in their places: a line that differs comes once for each of its values, with the switches that have it. Undefined if too many switches share the change, or if the lines would be wider than `width` or could be read in two ways.
function inlineValues(group: SkeletonGroup, width: number): readonly InlineLine[] | undefined {
  if (group.values.length === 0) return group.lines
  if (group.devices.length > MOST_INLINE) return undefined
  const names = group.devices.map(visibleLine)
  const lines = group.lines.flatMap((line) => variantsOf(line, group, names))
  const varied = lines.filter(({ on }) => on !== undefined)
  const column = columnOf(lines)
  const isWide = varied.some(({ on = '' }) => column + BAR.length + 1 + lengthOf(on) > width)
  const isUnclear = lines.some(({ text, on }) => text.includes(BAR) || (on !== undefined && /\s$/.test(text)))
  return isWide || isUnclear ? undefined : lines
}

// `printed`: each line as it is painted; `lines`: the same ones, plain.
function withSwitches(line: InlineLine, printed: string, column: number) {
  if (line.on === undefined) return printed
  return `${printed}${' '.repeat(column - SIGN - lengthOf(visibleLine(line.text)))}${BAR} ${line.on}`
}

const SIGN = 2

function columnOf(lines: readonly InlineLine[]) {
  const widths = lines.flatMap(({ text, on }) => (on === undefined ? [] : [lengthOf(visibleLine(text))]))
  return SIGN + Math.max(0, ...widths) + 2
}

function variantsOf(line: DiffLine, { devices, values }: SkeletonGroup, names: readonly string[]): InlineLine[] {
  if (!values.some(({ mark }) => line.text.includes(mark))) return [line]
  const variants = devices.map((_, index) => {
    // All at once: a value may look like the mark of another.
    const text = line.text.replace(/\{\d+\}/g, (mark) => values.find((one) => one.mark === mark)?.on[index] ?? mark)
    return [text, names[index] ?? ''] as const
  })
  return [...gathered(variants)].map(([text, on]) => ({ sign: line.sign, text, on: on.join(' ') }))
}

function lengthOf(text = '') {
  return [...text].length
}

export interface ValueTable {
  readonly marks: readonly string[]
  readonly rows: readonly { readonly values: readonly string[]; readonly devices: readonly string[] }[]
}

const NAMES = 24

/** All values of a group in tables of at most `width` columns; a value that is wider than that has a table by itself. */
export function valueTables({ devices, values }: SkeletonGroup, width: number): readonly ValueTable[] {
  const tables: VaryingValue[][] = []
  let room = 0
  for (const value of values) {
    const taken = Math.max(value.mark.length, ...value.on.map((one) => [...visibleLine(one)].length)) + 2
    if (tables.length === 0 || taken > room) {
      tables.push([])
      room = width - NAMES
    }
    tables.at(-1)?.push(value)
    room -= taken
  }
  return tables.map((columns) => tableOf(devices, columns))
}

function tableOf(devices: readonly string[], columns: readonly VaryingValue[]): ValueTable {
  const rows = new Map<string, { values: readonly string[]; devices: string[] }>()
  devices.forEach((device, index) => {
    const values = columns.map(({ on }) => visibleLine(on[index] ?? ''))
    const row = rows.get(JSON.stringify(values)) ?? { values, devices: [] }
    row.devices.push(visibleLine(device))
    rows.set(JSON.stringify(values), row)
  })
  return { marks: columns.map(({ mark }) => mark), rows: [...rows.values()] }
}

interface GroupOfSwitches {
  readonly devices: readonly string[]
  readonly added: number
  readonly removed: number
}

/** How many lines all switches of the groups get or lose together. */
export function linesOn(groups: readonly GroupOfSwitches[], of: 'added' | 'removed'): number {
  return groups.reduce((total, group) => total + group[of] * group.devices.length, 0)
}

interface ChangeGroup extends GroupOfSwitches {
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

interface VaryingValue {
  // As it is in the lines: `{1}`.
  readonly mark: string
  // What it is on each switch, in the order of the group's `devices`.
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
