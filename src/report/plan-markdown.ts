import { groupChanges } from '../plan/group.ts'
import type { Plan } from '../plan/plan.ts'
import { duration, switches } from './count.ts'
import { diffLineText, planSummary } from './plan-text.ts'
import { plain } from './style.ts'
import { visible } from './visible.ts'

/** A plan for a pull request: identical changes once, as diff blocks. */
export function planMarkdown(plan: Plan): string {
  const { content, evidence } = plan
  const changes = groupChanges(plan).flatMap(({ devices, diff, added, removed }) => {
    const title = `${switches(devices.length)}: ${devices.join(', ')}`
    if (diff.length === 0) return [`**No change** on ${title}`, '']
    const rows = diff.map((line) => fenceSafe(diffLineText(line, plain)))
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
  const warnings = evidence.warnings.map(
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `\`${device}\`: `}${fenceSafe(visible(message))}`,
  )
  return [
    `### eosflow plan: ${content.workflow.name}`,
    '',
    planSummary(plan),
    '',
    ...changes,
    ...(warnings.length === 0 ? [] : [...warnings, '']),
    ...(content.waves.length === 0
      ? []
      : [
          `Commit timer ${duration(content.timers.confirmWithin)}, waves ${content.waves.map((wave) => wave.join(', ')).join(' → ')}.`,
          '',
        ]),
  ].join('\n')
}

/** A line cannot end the block it stands in. */
function fenceSafe(line: string): string {
  return line.replaceAll('```', "'''")
}
