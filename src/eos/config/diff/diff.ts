import { sha256 } from '../../../model/digest.ts'
import { renderConfig } from '../text/parse.ts'
import {
  BODY,
  type ConfigTree,
  commandRow,
  knownOutline,
  leadingBlanks,
  type Outline,
  rawRow,
  scanOutline,
  trailingBlanks,
} from '../text/tree.ts'
import { compareOutlines } from './script.ts'

/** Whether two configurations hold the same commands: they may still differ in order, `!`, blank lines and spacing. */
export function isEmptyChange(diff: ConfigDiff): boolean {
  return diff.changes.length === 0
}

/** Lines taken away and added, layout included: what `git diff --numstat` counts for the two texts. */
export function diffSize(diff: ConfigDiff): number {
  let size = 0
  for (const { remove, add } of diff.layout) size += rowsIn(remove) + rowsIn(add)
  return size
}

function rowsIn(rows: readonly HunkRow[]) {
  let count = 0
  for (const row of rows) count += typeof row === 'number' ? row : 1
  return count
}

export interface ChangeLine {
  readonly sign: '+' | '-' | ' '
  /** With the indentation EOS gives it; lines of a heredoc as they are written. */
  readonly text: string
}

/**
 * The changes grouped under the commands they stand under, each block once, layout left out.
 *
 * @example
 * interface Ethernet1
 * -   description to spine1
 * +   description to spine2
 */
export function presentChanges(changes: readonly ConfigChange[]): ChangeLine[] {
  const root = new Group(' ', '', undefined)
  for (const change of changes) root.place(change)
  return root.lines()
}

class Group {
  private readonly sign: ChangeLine['sign']
  private readonly text: string
  private readonly parent: Group | undefined
  private readonly members: Group[] = []
  private readonly blocks = new Map<string, Group>()

  constructor(sign: ChangeLine['sign'], text: string, parent: Group | undefined) {
    this.sign = sign
    this.text = text
    this.parent = parent
  }

  place(change: ConfigChange): void {
    let group: Group = this
    change.path.forEach((line, depth) => {
      group = group.block(change.sign, line) ?? group.add(' ', line, usualMargin(change.path.slice(0, depth)) + line)
    })
    const text = change.verbatim ? change.line : usualMargin(change.path) + change.line
    group.add(change.sign, change.line, text)
  }

  lines(): ChangeLine[] {
    const own = this.parent === undefined ? [] : [{ sign: this.sign, text: this.text }]
    return [...own, ...this.members.flatMap((member) => member.lines())]
  }

  private block(sign: '+' | '-', line: string): Group | undefined {
    return this.blocks.get(sign + line) ?? this.blocks.get(` ${line}`)
  }

  private add(sign: ChangeLine['sign'], line: string, text: string): Group {
    const member = new Group(sign, text, this)
    this.members.push(member)
    this.blocks.set(sign + line, member)
    return member
  }
}

export interface ConfigChange {
  readonly sign: '+' | '-'
  readonly path: readonly string[]
  readonly line: string
  readonly verbatim?: true
}

/** A number stands for that many of the `changes`, indented by three blanks a level; an object for one change that is spaced otherwise. */
export type HunkRow = string | number | { readonly margin: string; readonly trailing: string }

export interface LayoutHunk {
  readonly at: number
  readonly to: number
  /** The row before it, which is the same in both texts; null at the top. */
  readonly after: string | null
  readonly remove: readonly HunkRow[]
  readonly add: readonly HunkRow[]
}

export interface ConfigDiff {
  readonly version: 1
  readonly from: string
  readonly to: string
  readonly changes: readonly ConfigChange[]
  readonly layout: readonly LayoutHunk[]
}

/** Says how `before` becomes `after`. */
export function diffConfig(before: ConfigTree, after: ConfigTree): ConfigDiff {
  const a = outlineOf(before)
  const b = outlineOf(after)
  const from = sha256(a.text)
  if (a.text === b.text) return { version: 1, from, to: from, changes: [], layout: [] }
  return { version: 1, from, to: sha256(b.text), ...recorded(a, b) }
}

function outlineOf(tree: ConfigTree) {
  return knownOutline(tree) ?? scanOutline(renderConfig(tree))
}

function recorded(a: Outline, b: Outline): Pick<ConfigDiff, 'changes' | 'layout'> {
  const { replacements, removed, added } = compareOutlines(a, b)
  const changes: ConfigChange[] = []
  const before: Side = { outline: a, changed: removed, sign: '-', paths: new Map() }
  const after: Side = { outline: b, changed: added, sign: '+', paths: new Map() }
  const rowsOf = (side: Side, from: number, to: number) => {
    const rows: HunkRow[] = []
    for (let row = from; row < to; row++) {
      if (side.changed[row] === 1) note(side, row, changes, rows)
      else rows.push(rawRow(side.outline, row))
    }
    return rows
  }
  const layout = replacements.map(({ aFrom, aTo, bFrom, bTo }) => ({
    at: aFrom,
    to: bFrom,
    after: aFrom === 0 ? null : rawRow(a, aFrom - 1),
    remove: rowsOf(before, aFrom, aTo),
    add: rowsOf(after, bFrom, bTo),
  }))
  return { changes, layout }
}

function note(side: Side, row: number, changes: ConfigChange[], rows: HunkRow[]) {
  const { outline, sign } = side
  const path = pathOf(side, outline.parent[row] ?? -1)
  if (outline.kind[row] === BODY) {
    changes.push({ sign, path, line: rawRow(outline, row), verbatim: true })
    count(rows)
    return
  }
  changes.push({ sign, path, line: commandRow(outline, row) })
  const margin = leadingBlanks(outline, row)
  const trailing = trailingBlanks(outline, row)
  if (trailing === '' && margin === usualMargin(path)) count(rows)
  else rows.push({ margin, trailing })
}

interface Side {
  readonly outline: Outline
  readonly changed: Uint8Array
  readonly sign: '+' | '-'
  readonly paths: Map<number, readonly string[]>
}

function pathOf(side: Side, parent: number): readonly string[] {
  if (parent < 0) return ROOT
  const known = side.paths.get(parent)
  if (known !== undefined) return known
  const path = [...pathOf(side, side.outline.parent[parent] ?? -1), commandRow(side.outline, parent)]
  side.paths.set(parent, path)
  return path
}

const ROOT: readonly string[] = []

function count(rows: HunkRow[]) {
  const last = rows.at(-1)
  if (typeof last === 'number') rows[rows.length - 1] = last + 1
  else rows.push(1)
}

const margins = ['', '   ', '      ']

/** The indentation EOS gives a command: three blanks for each it stands under. */
export function usualMargin(path: readonly string[]): string {
  return margins[path.length] ?? '   '.repeat(path.length)
}
