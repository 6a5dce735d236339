import type { Plan } from '../../plan/plan.ts'
import { markdownText } from '../markdown-text.ts'
import { planMarkdown } from '../plan/markdown.ts'
import type { ExecutionView } from './execution-view.ts'

/** An execution for a ticket or a pull request: the verdict first, then each switch, why, who decided, and the plan. */
export function executionMarkdown(view: ExecutionView, plan?: Plan): string {
  const { headline, unattended, title, workflow, id, requester, startedAt, endedAt } = view
  const who = requester === null ? '' : ` by ${markdownText(requester.display ?? requester.id)}`
  const ended = endedAt === null ? '' : `, ended ${endedAt}`
  return [
    `### ${markdownText(headline)}`,
    '',
    `${markdownText(title)} (${markdownText(workflow)}), execution ${markdownText(id)}, begun ${startedAt ?? 'never'}${who}${ended}.`,
    '',
    markdownText(unattended),
    '',
    ...switchTable(view),
    ...whyLines(view),
    ...approvalLines(view),
    ...(plan === undefined ? [] : [planMarkdown(plan)]),
  ].join('\n')
}

function switchTable({ waves }: ExecutionView): readonly string[] {
  const lanes = waves.flatMap(({ number, lanes }) => lanes.map((lane) => ({ number, ...lane })))
  if (lanes.length === 0) return []
  const rows = lanes.map(({ number, device, mark, note }) => {
    const cells = [device, String(number), mark.word, note ?? '']
    return `| ${cells.map(markdownText).join(' | ')} |`
  })
  return ['| switch | wave | where it is | |', '| --- | --- | --- | --- |', ...rows, '']
}

function whyLines({ why: { findings, failures } }: ExecutionView): readonly string[] {
  const lines = [
    ...findings.map(
      ({ device, check, reasons }) => `${device}: ${check}: ${reasons.map(({ text }) => text).join('; ')}`,
    ),
    ...failures.map(({ device, state, message }) => `${device ?? state}: ${message}`),
  ]
  return lines.length === 0 ? [] : ['**Why**', '', ...lines.map((line) => `- ${markdownText(line)}`), '']
}

function approvalLines({ approvals }: ExecutionView): readonly string[] {
  const lines = approvals.map(({ decision, by, display, at, comment }) => {
    const said = comment === '' ? '' : `: ${comment}`
    return `- ${markdownText(`${decision === 'approve' ? 'approved' : 'rejected'} by ${display ?? by} at ${at}${said}`)}`
  })
  return lines.length === 0 ? [] : ['**Decided**', '', ...lines, '']
}
