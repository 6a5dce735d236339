import { sha256 } from '../../../model/digest.ts'
import { BODY, commandRow, knownOutline, leadingBlanks, type Outline, rawRow, trailingBlanks } from '../text/outline.ts'
import { renderConfig } from '../text/render.ts'
import { scanOutline } from '../text/scan.ts'
import type { ConfigTree } from '../text/tree.ts'
import { compareOutlines, type EditScript } from './script.ts'

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
  return { version: 1, from, to: sha256(b.text), ...new Recorder(a, b, compareOutlines(a, b)).record() }
}

function outlineOf(tree: ConfigTree) {
  return knownOutline(tree) ?? scanOutline(renderConfig(tree))
}

class Recorder {
  private readonly a: Side
  private readonly b: Side
  private readonly script: EditScript
  private readonly changes: ConfigChange[] = []

  constructor(a: Outline, b: Outline, script: EditScript) {
    this.a = { outline: a, changed: script.removed, sign: '-', paths: new Map() }
    this.b = { outline: b, changed: script.added, sign: '+', paths: new Map() }
    this.script = script
  }

  record(): { changes: ConfigChange[]; layout: LayoutHunk[] } {
    const layout = this.script.replacements.map(({ aFrom, aTo, bFrom, bTo }) => ({
      at: aFrom,
      to: bFrom,
      after: aFrom === 0 ? null : rawRow(this.a.outline, aFrom - 1),
      remove: this.rows(this.a, aFrom, aTo),
      add: this.rows(this.b, bFrom, bTo),
    }))
    return { changes: this.changes, layout }
  }

  private rows(side: Side, from: number, to: number): HunkRow[] {
    const rows: HunkRow[] = []
    for (let row = from; row < to; row++) {
      if (side.changed[row] === 1) this.change(side, row, rows)
      else rows.push(rawRow(side.outline, row))
    }
    return rows
  }

  private change(side: Side, row: number, rows: HunkRow[]): void {
    const { outline, sign } = side
    const path = pathOf(side, outline.parent[row] ?? -1)
    if (outline.kind[row] === BODY) {
      this.changes.push({ sign, path, line: rawRow(outline, row), verbatim: true })
      count(rows)
      return
    }
    this.changes.push({ sign, path, line: commandRow(outline, row) })
    const margin = leadingBlanks(outline, row)
    const trailing = trailingBlanks(outline, row)
    if (trailing === '' && margin === usualMargin(path)) count(rows)
    else rows.push({ margin, trailing })
  }
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
