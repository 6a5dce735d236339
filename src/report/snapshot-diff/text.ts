import { diffLineText } from '../plan/text.ts'
import type { Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import {
  afterWords,
  areaLines,
  type DeviceDiff,
  diffSummary,
  isSame,
  type Sides,
  sizeOf,
  sizeWords,
} from './snapshot-diff.ts'

/** What became of every switch that is not as it was, and one countable line. */
export function snapshotDiffText(diffs: readonly DeviceDiff[], sides: Sides, style: Style): string {
  const blocks = diffs.filter((diff) => !isSame(diff)).flatMap((diff) => [...deviceLines(diff, sides, style), ''])
  return [...blocks, `Diff: ${diffSummary(diffs, sides)}`].join('\n')
}

function deviceLines(diff: DeviceDiff, sides: Sides, style: Style): readonly string[] {
  const { name, known } = diff
  if (known !== 'both') {
    return [style.bold(`${name} is in ${known === 'before' ? sides.before : afterWords(sides)} only`)]
  }
  const states = Object.entries(diff.state).flatMap(([area, comparison]) => {
    const lines = areaLines(area, comparison).map((line) => `  ${visibleLine(line)}`)
    return comparison.comparable ? lines : lines.map(style.warning)
  })
  return [
    style.bold(`${name}   ${sizeWords(sizeOf([diff])).join(', ')}`),
    ...diff.config.map((line) => `  ${diffLineText(line, style)}`),
    ...diff.switch.map((line) => `  ${visibleLine(line)}`),
    ...states,
  ]
}
