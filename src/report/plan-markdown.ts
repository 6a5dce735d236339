import { groupChanges } from '../plan/group.ts'
import type { Plan } from '../plan/plan.ts'
import { duration, switches } from './count.ts'
import { fencedLine, markdownText } from './markdown-text.ts'
import { diffLineText, planSummary } from './plan-text.ts'
import { rolloutWords } from './rollout-words.ts'
import { plain } from './style.ts'

/** A plan for a pull request: identical changes once, as diff blocks. */
export function planMarkdown(plan: Plan): string {
  const { content } = plan
  const changes = groupChanges(plan).flatMap(({ devices, diff, added, removed }) => {
    const title = markdownText(`${switches(devices.length)}: ${devices.join(', ')}`)
    if (diff.length === 0) return [`**No change** on ${title}`, '']
    const rows = diff.map((line) => fencedLine(diffLineText(line, plain)))
    return [
      `<details open><summary>${title} (+${added} -${removed})</summary>`,
      '',
      '```diff',
      ...rows,
      '```',
      '',
      '</details>',
      '',
    ]
  })
  const warnings = content.warnings.map(
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `${markdownText(device)}: `}${markdownText(message)}`,
  )
  return [
    `### eosflow plan: ${markdownText(content.workflow.name)}`,
    '',
    planSummary(plan),
    '',
    ...changes,
    ...(warnings.length === 0 ? [] : [...warnings, '']),
    ...(content.waves.length === 0
      ? []
      : [
          `Commit timer ${duration(content.timers.confirmWithin)}, waves ${markdownText(content.waves.map((wave) => wave.join(', ')).join(' → '))}.`,
          ...rolloutWords(plan).map((words) => `${markdownText(words)}.`),
          '',
        ]),
  ].join('\n')
}
