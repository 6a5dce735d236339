import { groupChanges } from '../plan/group.ts'
import type { Plan } from '../plan/plan.ts'
import { duration, switches } from './count.ts'
import { diffLineText, planSummary } from './plan-text.ts'
import { rolloutWords } from './rollout-words.ts'
import { plain } from './style.ts'
import { visibleLine } from './visible.ts'

/** A plan for a pull request: identical changes once, as diff blocks. */
export function planMarkdown(plan: Plan): string {
  const { content, evidence } = plan
  const changes = groupChanges(plan).flatMap(({ devices, diff, added, removed }) => {
    const title = prose(`${switches(devices.length)}: ${devices.join(', ')}`)
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
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `${prose(device)}: `}${prose(message)}`,
  )
  return [
    `### eosflow plan: ${prose(content.workflow.name)}`,
    '',
    planSummary(plan),
    '',
    ...changes,
    ...(warnings.length === 0 ? [] : [...warnings, '']),
    ...(content.waves.length === 0
      ? []
      : [
          `Commit timer ${duration(content.timers.confirmWithin)}, waves ${prose(content.waves.map((wave) => wave.join(', ')).join(' → '))}.`,
          ...rolloutWords(plan).map((words) => `${prose(words)}.`),
          '',
        ]),
  ].join('\n')
}

/** Text that stands as it is: no markup, no second line. */
function prose(text: string): string {
  return visibleLine(text).replace(/[&<>`*_[\]\\|]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A line cannot end the block it stands in. */
function fenceSafe(line: string): string {
  return line.replaceAll('```', "'''")
}
