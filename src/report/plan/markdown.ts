import type { ShownPlan } from '../../plan/plan.ts'
import { groupBySkeleton } from '../../plan/skeleton.ts'
import { BEHIND_HEADING, behindIntro, behindLines } from '../behind.ts'
import { changedLines } from '../changed-lines.ts'
import { duration, switches } from '../count.ts'
import { FOREIGN_HEADING, foreignGroups, KEPT_HEADING, keptGroups } from '../foreign-lines.ts'
import { fencedLine, markdownText } from '../markdown-text.ts'
import { noteWords } from '../note-words.ts'
import { rolloutWords } from '../rollout-words.ts'
import { plain } from '../style.ts'
import { type ValueTable, valueTables } from '../value-table.ts'
import { readWords } from './read-words.ts'
import { rebaseWords } from './rebase-words.ts'
import { planSummary } from './text.ts'

/** A plan for a pull request: what it amounts to first, then the changes as diff blocks, those that differ in nothing but values once. */
export function planMarkdown(plan: ShownPlan): string {
  const { content } = plan
  const changes = groupBySkeleton(plan).flatMap((group) => {
    const { devices, lines, added, removed } = group
    const title = markdownText(`${switches(devices.length)}: ${devices.join(', ')}`)
    if (lines.length === 0) return [`**No change** on ${title}`, '']
    return [
      `<details open><summary>${title} (+${added} -${removed})</summary>`,
      '',
      '```diff',
      ...changedLines(lines, plain).map(fencedLine),
      '```',
      '',
      ...valueTables(group, Number.POSITIVE_INFINITY).flatMap(markdownTable),
      '</details>',
      '',
    ]
  })
  const warnings = content.warnings.map(
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `${markdownText(device)}: `}${markdownText(message)}`,
  )
  const notes = noteWords(plan.evidence).flatMap((words) => [`${markdownText(`Note: ${words}`)}`, ''])
  return [
    `### eosflow plan: ${markdownText(content.workflow.name)}`,
    '',
    `${planSummary(plan)} · ${plan.digest}`,
    '',
    ...(content.workflow.commit === undefined ? [] : [`Its files are of commit ${content.workflow.commit}.`, '']),
    ...rebaseWords(content).flatMap((words) => [`${markdownText(words)}.`, '']),
    ...foreignLinesMarkdown(content),
    ...keptMarkdown(content),
    ...behindMarkdown(plan),
    ...changes,
    ...(warnings.length === 0 ? [] : [...warnings, '']),
    ...notes,
    ...(content.waves.length === 0
      ? []
      : [
          `Commit timer ${duration(content.timers.confirmWithin)}, waves ${markdownText(content.waves.map((wave) => wave.join(', ')).join(' → '))}.`,
          ...[...rolloutWords(plan), ...readWords(content)].map((words) => `${markdownText(words)}.`),
          '',
        ]),
  ].join('\n')
}

function foreignLinesMarkdown(content: ShownPlan['content']): string[] {
  const groups = foreignGroups(content)
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, words, lines }) => [
    `${markdownText(`${devices.join(', ')}: ${words}`)}.`,
    '',
    ...(lines === undefined
      ? []
      : ['```diff', ...lines.map(({ sign, text }) => fencedLine(`${sign} ${text}`)), '```', '']),
  ])
  return [`#### ⚠ ${FOREIGN_HEADING}`, '', ...body]
}

function keptMarkdown(content: ShownPlan['content']): string[] {
  const groups = keptGroups(content)
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, lines }) => [
    `${markdownText(devices.join(', '))}:`,
    '',
    '```',
    ...lines.map(fencedLine),
    '```',
    '',
  ])
  return [`#### ${KEPT_HEADING}`, '', ...body]
}

function behindMarkdown(plan: ShownPlan): string[] {
  const intro = behindIntro(plan)
  if (intro === undefined) return []
  const body = behindLines(plan).flatMap(({ device, lines }) =>
    lines.map((line) => `- ${markdownText(device)} ${markdownText(line)}`),
  )
  if (body.length === 0) return [`${BEHIND_HEADING}: ${markdownText(intro)}.`, '']
  return [
    `<details><summary>${BEHIND_HEADING}</summary>`,
    '',
    `${markdownText(intro)}.`,
    '',
    ...body,
    '',
    '</details>',
    '',
  ]
}

function markdownTable({ marks, rows }: ValueTable): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row([...marks, 'switches']),
    row([...marks, ''].map(() => '---')),
    ...rows.map(({ values, devices }) => row([...values, devices.join(' ')].map(markdownText))),
    '',
  ]
}
