import type { DeviceEvidence } from '../task/act/context.ts'
import type { DiffLine, PlannedDevice } from './plan.ts'
import { cleanDiff, type PlanRedactor } from './redaction.ts'

const MOST = 100
const MOST_COMMENTS = 8

export function unsavedCount(startupDiff: string | undefined): number {
  return rowsOf(startupDiff ?? '', '').filter(({ sign }) => sign !== ' ').length
}

export function plannedUnsaved(
  { staged: { startupDiff, running } }: Pick<DeviceEvidence, 'staged'>,
  clean: PlanRedactor,
): Pick<PlannedDevice, 'unsaved'> {
  const count = unsavedCount(startupDiff)
  if (count === 0) return {}
  return { unsaved: { count, lines: cleanDiff(rowsOf(startupDiff ?? '', running), clean).slice(0, MOST) } }
}

function rowsOf(diff: string, running: string): readonly DiffLine[] {
  const lines = running.split('\n')
  return diff.split(/^(?=@@ )/m).flatMap((hunk) => {
    const rows = hunk
      .split('\n')
      .filter((row) => !/^(?:--- |\+\+\+ |@@ |\\|.?!?\s*$)/.test(row))
      .map((row): DiffLine => ({ sign: signOf(row), text: row.slice(1) }))
    const start = Number(/^@@ -\S+ \+(\d+)/.exec(hunk)?.[1] ?? 0)
    return [...above(lines, start, rows.find(({ sign }) => sign !== '-')?.text ?? ''), ...rows]
  })
}

function signOf(row: string) {
  return row.startsWith('+') ? '+' : row.startsWith('-') ? '-' : ' '
}

function above(lines: readonly string[], start: number, text: string): readonly DiffLine[] {
  const found = lines.findIndex((line, at) => line === text && at >= start - 1 && at <= start + MOST_COMMENTS)
  const held: DiffLine[] = []
  let indent = found === -1 ? 0 : indentOf(text)
  for (let at = found - 1; at >= 0 && indent > 0; at -= 1) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || indentOf(line) >= indent) continue
    held.unshift({ sign: ' ', text: line })
    indent = indentOf(line)
  }
  return held
}

function indentOf(line: string) {
  return line.length - line.trimStart().length
}
