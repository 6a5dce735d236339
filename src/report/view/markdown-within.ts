import type { ShownPlan } from '../../change/plan/plan.ts'
import {
  bytesOf,
  type MarkdownRoom,
  planMarkdownWithin,
  SMALLEST_PLAN,
  shortMarkdown,
} from '../plan/markdown-within.ts'
import { count, switches } from '../text/count.ts'
import { markdownText } from '../text/markdown-text.ts'
import type { ExecutionView } from './execution-view.ts'
import { type ExecutionMarkdownParts, executionMarkdownParts } from './markdown.ts'

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
  const marks = new Map<string, number>()
  for (const { mark } of waves.flatMap(({ lanes }) => lanes)) marks.set(mark.word, (marks.get(mark.word) ?? 0) + 1)
  return [...marks].flatMap(([word, many]) => [`- ${switches(many)}: ${markdownText(word)}`]).concat('')
}

function counted(many: number, noun: string) {
  return many === 0 ? [] : [`${count(many, noun)}, not shown here.`, '']
}

function sizeOf(parts: ExecutionMarkdownParts) {
  return bytesOf(Object.values(parts).flat())
}
