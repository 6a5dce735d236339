import { Cli } from '../cli/cli.ts'
import type { ShellLogin } from './cli-shell.ts'
import { type NextStep, nextStep } from './next-step.ts'
import { printedReply } from './printed-reply.ts'
import type { QuestionOutcome } from './question.ts'
import { runLine } from './run-line.ts'
import type { TerminalService } from './service.ts'

/** The status with which the program `ssh` ends: 1 when a command was refused; `lost` when the connection died. */
export type ExecStatus = 0 | 1 | 'lost'

/**
 * Runs what stands behind `ssh SWITCH` (`ssh sw "show version"`): one command, or several on rows of their own, without a
 * prompt, an echo or paging. What a command asks is answered by the rows behind it.
 */
export async function runExec(
  service: TerminalService,
  { user, address }: Omit<ShellLogin, 'size'>,
  text: string,
  write: (text: string) => void,
): Promise<ExecStatus> {
  const cli = new Cli(service.device, { ...user, from: `ssh (${address})` }, service.commands)
  const rows = text.split(/\r?\n/)
  let plain = 0
  let status: 0 | 1 = 0
  while (rows.length > 0) {
    const step = answeredStep(nextStep(cli, rows.shift() ?? '', plain > 0), rows)
    plain = Math.max(0, plain - 1)
    if (step.kind === 'lines') {
      rows.unshift(...step.lines)
      plain = step.lines.length
    }
    if (step.kind === 'logout') break
    if (step.kind === 'prompt') write(step.says)
    if (step.kind !== 'run') continue
    const outcome = await runLine(cli, step.command, 'exec', service.clock)
    if (outcome === 'lost') return 'lost'
    if (!outcome.ok) status = 1
    cli.flush()
    write(printedReply(outcome, /\|\s*json\b/.test(step.command.cmd)))
  }
  cli.close()
  return status
}

/** A question takes the rows that follow; where they end, so does the answer. */
function answeredStep(step: NextStep, rows: string[]): NextStep {
  if (step.kind !== 'ask') return step
  let answer: QuestionOutcome = 'more'
  while (answer === 'more' && rows.length > 0) answer = step.question.answer(rows.shift() ?? '')
  if (answer === 'more') answer = step.question.end('')
  return answer === 'nothing' || answer === 'more' ? { kind: 'prompt', says: '' } : { kind: 'run', command: answer }
}
