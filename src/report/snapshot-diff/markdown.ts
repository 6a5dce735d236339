import { diffLineText } from '../plan/text.ts'
import { fencedLine, markdownText } from '../text/markdown-text.ts'
import { plain } from '../text/style.ts'
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

/** A comparison for a ticket or a pull request: per switch its changes of configuration as a block, then its state by area. */
export function snapshotDiffMarkdown(diffs: readonly DeviceDiff[], sides: Sides): string {
  const differing = diffs.filter((diff) => !isSame(diff))
  return [
    '### eosflow snapshot diff',
    '',
    markdownText(diffSummary(diffs, sides)),
    '',
    ...differing.flatMap((diff) => deviceBlock(diff, sides)),
  ].join('\n')
}

function deviceBlock(diff: DeviceDiff, sides: Sides): readonly string[] {
  const name = markdownText(diff.name)
  if (diff.known !== 'both') {
    const side = diff.known === 'before' ? sides.before : afterWords(sides)
    return [`**${name}** is in ${markdownText(side)} only`, '']
  }
  const config = diff.config.map((line) => fencedLine(diffLineText(line, plain)))
  const areas = Object.entries(diff.state)
  const rows = areas.map(([area, comparison]) => {
    const lines = areaLines(area, comparison).map(markdownText).join('<br>')
    return `| ${markdownText(area)} | ${comparison.comparable ? lines : `⚠ ${lines}`} |`
  })
  return [
    `<details open><summary>${name} (${sizeWords(sizeOf([diff])).join(', ')})</summary>`,
    '',
    ...(config.length === 0 ? [] : ['```diff', ...config, '```', '']),
    ...diff.switch.map((line) => `- ${markdownText(line)}`),
    ...(diff.switch.length === 0 ? [] : ['']),
    ...(rows.length === 0 ? [] : ['| area | what became of it |', '| --- | --- |', ...rows, '']),
    '</details>',
    '',
  ]
}
