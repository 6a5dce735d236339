import type { ShownPlan } from '../../change/plan/plan.ts'
import { groupBySkeleton, type SkeletonGroup } from '../../change/plan/skeleton.ts'
import { BEHIND_HEADING, behindIntro, behindLines } from '../phrases/behind.ts'
import { changeFileWords } from '../phrases/change-file-words.ts'
import {
  FOREIGN_HEADING,
  type ForeignGroup,
  foreignGroups,
  KEPT_HEADING,
  keptGroups,
  UNSAVED_HEADING,
  unsavedGroups,
} from '../phrases/foreign-lines.ts'
import { changedLines } from '../text/changed-lines.ts'
import { duration, switches } from '../text/count.ts'
import { fencedLine, markdownText } from '../text/markdown-text.ts'
import { plain } from '../text/style.ts'
import { type ValueTable, valueTables } from '../text/value-table.ts'
import { ofNotes, ofRollout } from './plan-statements.ts'
import { rebaseWords } from './rebase-words.ts'
import { planSummary } from './text.ts'

export interface PlanMarkdownParts {
  readonly head: readonly string[]
  readonly rebased: readonly string[]
  readonly foreign: readonly string[]
  readonly kept: readonly string[]
  readonly behind: readonly string[]
  readonly groups: readonly (Pick<SkeletonGroup, 'devices' | 'added' | 'removed'> & {
    readonly isChange: boolean
    readonly lines: readonly string[]
  })[]
  readonly warnings: readonly string[]
  readonly risks: readonly string[]
  readonly notes: readonly string[]
  readonly waves: readonly string[]
  readonly terms: readonly string[]
}

/** A plan for a pull request: what it amounts to first, then the risks, then the changes as diff blocks, those that differ in nothing but values once. */
export function planMarkdown(plan: ShownPlan): string {
  const { head, rebased, warnings, risks, foreign, kept, behind, groups, notes, waves, terms } = planMarkdownParts(plan)
  const changes = groups.flatMap(({ lines }) => lines)
  return [
    ...head,
    ...rebased,
    ...warnings,
    ...risks,
    ...foreign,
    ...kept,
    ...behind,
    ...changes,
    ...notes,
    ...waves,
    ...terms,
  ].join('\n')
}

/** The parts of {@link planMarkdown}, in the order in which it has them. */
export function planMarkdownParts(plan: ShownPlan): PlanMarkdownParts {
  const { content } = plan
  const warnings = content.warnings.map(
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `${markdownText(device)}: `}${markdownText(message)}`,
  )
  const { waves, timers } = content
  const [rollout, notes] = [ofRollout(plan), ofNotes(plan)]
  const risks = [...rollout.risks, ...notes.risks].map(({ words }) => `- ⚠ ${markdownText(words)}`)
  return {
    head: planHead(plan, markdownText(content.workflow.name), changeFileWords(content.changeFile).map(markdownText)),
    rebased: rebaseWords(content).flatMap((words) => [`${markdownText(words)}.`, '']),
    foreign: [
      ...linesMarkdown(FOREIGN_HEADING, foreignGroups(content)),
      ...linesMarkdown(UNSAVED_HEADING, unsavedGroups(content)),
    ],
    kept: keptMarkdown(content),
    behind: behindMarkdown(plan),
    groups: groupBySkeleton(plan).map((group) => ({
      devices: group.devices,
      added: group.added,
      removed: group.removed,
      isChange: group.lines.length > 0,
      lines: groupMarkdown(group),
    })),
    warnings: warnings.length === 0 ? [] : [...warnings, ''],
    risks: risks.length === 0 ? [] : [...risks, ''],
    notes: notes.facts.flatMap(({ words }) => [`${markdownText(`Note: ${words}`)}`, '']),
    waves:
      waves.length === 0
        ? []
        : [
            `Commit timer ${duration(timers.confirmWithin)}, waves ${markdownText(waves.map((wave) => wave.join(', ')).join(' → '))}.`,
          ],
    terms: waves.length === 0 ? [] : [...rollout.facts.map(({ words }) => `${markdownText(words)}.`), ''],
  }
}

/** `title` and `asked` are Markdown. */
export function planHead(plan: ShownPlan, title: string, asked: readonly string[]): readonly string[] {
  const { commit } = plan.content.workflow
  return [
    `### eosflow plan: ${title}`,
    '',
    `${planSummary(plan)} · ${plan.digest}`,
    '',
    ...(commit === undefined ? [] : [`Its files are of commit ${commit}.`, '']),
    ...asked.flatMap((words) => [`${words}.`, '']),
  ]
}

function groupMarkdown(group: SkeletonGroup) {
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
}

function linesMarkdown(heading: string, groups: readonly ForeignGroup[]) {
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, words, lines }) => [
    `${markdownText(`${devices.join(', ')}: ${words}`)}.`,
    '',
    ...(lines === undefined
      ? []
      : ['```diff', ...lines.map(({ sign, text }) => fencedLine(`${sign} ${text}`)), '```', '']),
  ])
  return [`#### ⚠ ${heading}`, '', ...body]
}

function keptMarkdown(content: ShownPlan['content']) {
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

function behindMarkdown(plan: ShownPlan) {
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

function markdownTable({ marks, rows }: ValueTable) {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row([...marks, 'switches']),
    row([...marks, ''].map(() => '---')),
    ...rows.map(({ values, devices }) => row([...values, devices.join(' ')].map(markdownText))),
    '',
  ]
}
