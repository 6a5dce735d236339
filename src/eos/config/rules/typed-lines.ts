import { COMMAND, commandRow, type Outline, parseVerb } from '../text/tree.ts'
import { ConfigEditor } from './editor.ts'
import { meaningOf } from './rules.ts'

/** A command of a change and the mode in which it is typed. */
export interface TypedLine {
  /** The row of the change, from 0. */
  readonly row: number
  /** The command without blanks around it. */
  readonly line: string
  /** The rule table of its mode: `root`, `interface`, ..., `unknown` below a command that no rule knows. */
  readonly mode: string
  /** The commands that open the mode, outermost first; empty at the root. */
  readonly above: readonly string[]
}

/**
 * Where each command of a change is typed: nested by indentation, or, where a merge indents nothing, by CLI mode. It is how
 * `commandsOf` and `commandsOfLines` send them.
 */
export function typedLines(outline: Outline, mode: 'merge' | 'replace'): TypedLine[] {
  const rows = commandRows(outline)
  const isNested = mode === 'replace' || rows.some((row) => (outline.parent[row] ?? -1) >= 0)
  return isNested ? nested(outline, rows) : flat(outline, rows)
}

function commandRows({ rows, kind }: Outline) {
  const found: number[] = []
  for (let row = 0; row < rows; row += 1) if (kind[row] === COMMAND) found.push(row)
  return found
}

function nested(outline: Outline, rows: readonly number[]) {
  const made = new Map<number, TypedLine>()
  for (const row of rows) {
    const parent = made.get(outline.parent[row] ?? -1)
    made.set(row, {
      row,
      line: commandRow(outline, row),
      mode: parent === undefined ? 'root' : opened(parent),
      above: parent === undefined ? [] : [...parent.above, parent.line],
    })
  }
  return [...made.values()]
}

function opened({ mode, line }: TypedLine) {
  return meaningOf(mode, parseVerb(line).line).block?.mode ?? 'unknown'
}

function flat(outline: Outline, rows: readonly number[]): TypedLine[] {
  const editor = new ConfigEditor({ children: [], tail: [] })
  return rows.map((row) => {
    const line = commandRow(outline, row)
    const { kind } = editor.type(line, '')
    const path = kind === 'entered' ? editor.path.slice(0, -1) : editor.path
    return { row, line, mode: path.at(-1)?.mode ?? 'root', above: path.map((step) => step.line) }
  })
}
