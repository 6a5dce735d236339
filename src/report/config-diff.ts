import { type ConfigDiff, diffSize, isEmptyChange, presentChanges } from '../eos/config/diff/diff.ts'
import { diffLineText } from './plan/text.ts'
import { count, type Style } from './text/text.ts'

type Redacted = (lines: readonly string[]) => readonly string[]

/** `redacted` gives lines without their secrets. */
export function configDiffText(diff: ConfigDiff, redacted: Redacted, style: Style): string {
  const lines = presentChanges(diff.changes)
  const shown = redacted(lines.map(({ text }) => text))
  const rows = lines.map((line, index) => diffLineText({ ...line, text: shown[index] ?? '' }, style))
  return [...rows, summary(diff)].join('\n')
}

/** The difference as one document, version 1. `redacted` gives lines without their secrets. */
export function configDiffJson(diff: ConfigDiff, redacted: Redacted): string {
  const lines = redacted(diff.changes.map(({ line }) => line))
  return JSON.stringify({
    version: 1,
    kind: 'config-diff',
    equal: isEmptyChange(diff),
    changes: diff.changes.map(({ sign, path }, index) => ({ sign, path: redacted(path), line: lines[index] })),
    layoutLines: layoutLines(diff),
  })
}

function layoutLines(diff: ConfigDiff) {
  return diffSize(diff) - diff.changes.length
}

function summary(diff: ConfigDiff) {
  const added = diff.changes.filter(({ sign }) => sign === '+').length
  const layout = layoutLines(diff)
  const rest = layout === 0 ? '' : ` · ${count(layout, 'line')} of order and layout`
  if (isEmptyChange(diff)) return `Diff: the same commands${rest}`
  return `Diff: +${added} -${diff.changes.length - added} lines${rest}`
}
