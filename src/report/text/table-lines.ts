import type { Style } from './style.ts'

export function tableLines(rows: readonly (readonly string[])[], style: Style): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length)))
  return rows.map((row, index) => {
    const cells = row.map((cell, at) => `${cell}${' '.repeat(Math.max(0, (widths[at] ?? 0) - [...cell].length))}`)
    const line = cells.join('  ').trimEnd()
    return index === 0 ? style.bold(line) : line
  })
}
