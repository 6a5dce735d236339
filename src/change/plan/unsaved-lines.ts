import type { DeviceEvidence } from '../task/act/context.ts'
import type { DiffLine, PlannedDevice } from './plan.ts'
import { cleanDiff, type PlanRedactor } from './redaction.ts'

/** So many lines of a switch are kept. */
const MOST = 100
/** The switch numbers the lines of what runs without the comments that it prints above them. */
const MOST_COMMENTS = 8

/** How many lines of what a switch prints as its difference from startup-config are changed; separators are none. */
export function unsavedCount(startupDiff: string | undefined): number {
  return rowsOf(startupDiff ?? '', '').filter(({ sign }) => sign !== ' ').length
}

/** What a plan says of lines that somebody has not saved. Absent: none. */
export function plannedUnsaved(
  { staged: { startupDiff, running } }: Pick<DeviceEvidence, 'staged'>,
  clean: PlanRedactor,
): Pick<PlannedDevice, 'unsaved'> {
  const count = unsavedCount(startupDiff)
  if (count === 0) return {}
  return { unsaved: { count, lines: cleanDiff(rowsOf(startupDiff ?? '', running), clean).slice(0, MOST) } }
}

/** The rows of a diff without its headers and without separators, each hunk under the commands that its first row stands under. */
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

function signOf(row: string): DiffLine['sign'] {
  return row.startsWith('+') ? '+' : row.startsWith('-') ? '-' : ' '
}

/** The commands that hold a line of what runs, which the switch says to be about there. */
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

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
