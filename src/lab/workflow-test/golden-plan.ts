import { groupChanges } from '../../change/plan/group.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { diffLineText } from '../../report/plan/text.ts'
import { plain } from '../../report/text/visible.ts'

/** Neither digests nor times nor persons, so that the file changes with the change alone, but for the placeholders of secrets, which depend on the bases too. */
export function goldenPlan({ content, evidence }: Plan): string {
  const { workflow, waves, mode } = { ...content, mode: content.devices[0]?.mode ?? 'merge' }
  const groups = groupChanges({ version: 3, digest: '', content, evidence }).flatMap(({ devices, diff }) => [
    '',
    `${devices.join(' ')}${diff.length === 0 ? ': no change' : ':'}`,
    ...diff.map((line) => diffLineText(line, plain).trimEnd()),
  ])
  const warnings = content.warnings.map(
    ({ device, message }) => `! ${device === undefined ? '' : `${device}: `}${message}`,
  )
  return [
    `${workflow.name} (${mode})`,
    ...Object.entries(workflow.params).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    `waves: ${waves.length === 0 ? 'none' : waves.map((wave) => wave.join(' ')).join(' | ')}`,
    ...groups,
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    '',
  ].join('\n')
}
