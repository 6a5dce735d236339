import type { ShownPlan } from '../../change/plan/plan.ts'
import { capital, spokenNames } from '../phrases/spoken.ts'
import {
  bytesOf,
  type MarkdownRoom,
  planMarkdown,
  planMarkdownWithin,
  SMALLEST_PLAN,
  shortMarkdown,
} from '../plan/markdown.ts'
import { count, markdownText, present, switches, tallied } from '../text/text.ts'
import { type ExecutionView, lanesIn } from './execution-view.ts'

interface ExecutionMarkdownParts {
  readonly head: readonly string[]
  readonly disruption: readonly string[]
  readonly switches: readonly string[]
  readonly why: readonly string[]
  readonly warnings: readonly string[]
  readonly approvals: readonly string[]
}

export function executionMarkdown(view: ExecutionView, plan?: ShownPlan): string {
  const parts = Object.values(executionMarkdownParts(view)).flat()
  return present(parts, plan !== undefined && planMarkdown(plan)).join('\n')
}

// The parts of {@link executionMarkdown} but the plan, in the order in which it has them.
function executionMarkdownParts(view: ExecutionView): ExecutionMarkdownParts {
  const { headline, unattended, title, workflow, id, requester, startedAt, endedAt } = view
  const who = requester === null ? '' : ` by ${markdownText(requester.display ?? requester.id)}`
  const ended = endedAt === null ? '' : `, ended ${endedAt}`
  return {
    head: [
      `### ${markdownText(oneLine(headline))}`,
      '',
      `${markdownText(title)} (${markdownText(workflow)}), execution ${markdownText(id)}, begun ${startedAt ?? 'never'}${who}${ended}.`,
      '',
      markdownText(oneLine(unattended)),
      '',
    ],
    disruption: disruptionLines(view),
    switches: switchTable(view),
    why: whyLines(view),
    warnings: view.warnings.flatMap((one) => [`${markdownText(one)}.`, '']),
    approvals: approvalLines(view),
  }
}

function disruptionLines({ disruption }: ExecutionView) {
  if (disruption === undefined) return []
  const { words, probes, isOver, seen } = disruption
  const line = markdownText(oneLine(`${capital(words)}.`))
  if (!isOver) return [line, '']
  const rows = probes.map(({ name, gone, sent, lost, remarks }) => {
    const cells = [name, gone, String(sent), String(lost), oneLine(remarks.join('; '))]
    return `| ${cells.map(markdownText).join(' | ')} |`
  })
  return [
    line,
    '',
    '| probe | cut off | asked | lost | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...seenLines(seen),
  ]
}

function seenLines(seen: NonNullable<ExecutionView['disruption']>['seen']) {
  if (seen === undefined) return []
  return [`${markdownText(seen.head)}.`, '', ...seen.each.map((line) => `- ${markdownText(oneLine(line))}`), '']
}

function switchTable({ waves }: ExecutionView) {
  const lanes = waves.flatMap(({ number, lanes }) => lanes.map((lane) => ({ number, ...lane })))
  if (lanes.length === 0) return []
  const rows = lanes.map(({ number, device, mark, note }) => {
    const cells = [device, String(number), mark.word, oneLine(note ?? '')]
    return `| ${cells.map(markdownText).join(' | ')} |`
  })
  return ['| switch | wave | where it is | |', '| --- | --- | --- | --- |', ...rows, '']
}

function whyLines({ why: { findings, failures } }: ExecutionView) {
  const lines = [
    ...findings.map(
      ({ device, alike = [], check, reasons }) =>
        `${namedAll(device, alike)}: ${check}: ${reasons.map(({ text }) => text).join('; ')}`,
    ),
    ...failures.map(
      ({ device, alike = [], state, message }) =>
        `${device === undefined ? state : namedAll(device, alike)}: ${message}`,
    ),
  ].map(oneLine)
  return lines.length === 0 ? [] : ['**Why**', '', ...lines.map((line) => `- ${markdownText(line)}`), '']
}

const MOST_NAMES = 30

function namedAll(device: string, alike: readonly string[]) {
  const names = [device, ...alike]
  return names.length > MOST_NAMES ? spokenNames(names, MOST_NAMES) : names.join(', ')
}

function oneLine(text: string) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ')
}

function approvalLines({ approvals }: ExecutionView) {
  const lines = approvals.map(({ decision, by, display, at, comment }) => {
    const said = comment === '' ? '' : `: ${comment}`
    return `- ${markdownText(`${decision === 'approve' ? 'approved' : 'rejected'} by ${display ?? by} at ${at}${said}`)}`
  })
  return lines.length === 0 ? [] : ['**Decided**', '', ...lines, '']
}

/**
 * An execution for a ticket or a pull request in at most so many bytes, which are at least `SMALLEST_MARKDOWN`: how it ended stays; of what is too long the number stays. The plan
 * has at least half of the room, and is shortened as `planMarkdownWithin` says.
 */
export function executionMarkdownWithin(view: ExecutionView, plan: ShownPlan | undefined, room: MarkdownRoom): string {
  const reserved = plan === undefined ? 0 : Math.max(SMALLEST_PLAN, Math.floor(room.bytes / 2))
  let parts = executionMarkdownParts(view)
  let isWhole = true
  for (const reduce of REDUCTIONS) {
    if (sizeOf(parts) + ENDING + reserved <= room.bytes) break
    parts = reduce(parts, view)
    isWhole = false
  }
  const lines = Object.values(parts).flat()
  const ending = isWhole ? [] : [`What is only counted here is in full in: ${shortMarkdown(room.full, 300)}`, '']
  const all = [...lines, ...ending]
  if (plan === undefined) return all.join('\n')
  return [...all, planMarkdownWithin(plan, { ...room, bytes: room.bytes - bytesOf(all) })].join('\n')
}

// So many bytes may the line take that says where all of it is.
const ENDING = 400

type Reduction = (parts: ExecutionMarkdownParts, view: ExecutionView) => ExecutionMarkdownParts

const REDUCTIONS: readonly Reduction[] = [
  (parts) => ({ ...parts, disruption: [] }),
  (parts, { waves }) => ({ ...parts, switches: countedSwitches(waves) }),
  (parts, { approvals }) => ({ ...parts, approvals: counted(approvals.length, 'decision') }),
  (parts, { warnings }) => ({ ...parts, warnings: counted(warnings.length, 'warning') }),
  (parts, { why: { findings, failures } }) => ({ ...parts, why: counted(findings.length + failures.length, 'reason') }),
  (parts, { headline, id, title }) => ({
    ...parts,
    head: [
      `### ${shortMarkdown(headline.replaceAll('\n', '; '), 400)}`,
      '',
      `${shortMarkdown(title, 200)}, execution ${markdownText(id)}`,
      '',
    ],
  }),
]

function countedSwitches(waves: ExecutionView['waves']) {
  const marks = tallied(lanesIn({ waves }).map(({ mark }) => mark.word))
  return [...marks].map(([word, many]) => `- ${switches(many)}: ${markdownText(word)}`).concat('')
}

function counted(many: number, noun: string) {
  return many === 0 ? [] : [`${count(many, noun)}, not shown here.`, '']
}

function sizeOf(parts: ExecutionMarkdownParts) {
  return bytesOf(Object.values(parts).flat())
}
