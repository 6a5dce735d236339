import type { CheckStatus } from '../../eos/check/anta-words.ts'
import { count, switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import { type CheckResult, groupResults, tallyOf } from './check-results.ts'

/** How results are laid out for a person. */
export interface ResultsLayout {
  readonly by: 'device' | 'check'
  /** Statuses that are only counted. */
  readonly hide: readonly CheckStatus[]
}

const MARK: Readonly<Record<CheckStatus, string>> = { success: '✔', failure: '✗', error: '!', skipped: '-' }
const WORD: Readonly<Record<CheckStatus, string>> = {
  success: 'passed',
  failure: 'failed',
  error: 'not judged',
  skipped: 'skipped',
}

/** Results for a terminal: a block for each switch or check, failures first, the command to look at below what failed. */
export function checkResultsText(results: readonly CheckResult[], { by, hide }: ResultsLayout, style: Style): string {
  const shown = results.filter(({ status }) => !hide.includes(status))
  const width = Math.max(0, ...shown.map((one) => nameIn(one, by).length))
  const blocks = [...groupResults(shown, by)].flatMap(([name, group]) => [
    `${style.bold(visibleLine(name))}   ${tallyWords(results.filter((one) => one[by] === name))}`,
    ...group.flatMap((result) => resultLines(result, by, width, style)),
    '',
  ])
  return [...blocks, summary(results)].join('\n')
}

function resultLines(result: CheckResult, by: 'device' | 'check', width: number, style: Style): readonly string[] {
  const { status, messages, commands } = result
  const paint = { success: style.good, failure: style.bad, error: style.bad, skipped: style.dim }[status]
  const [first = '', ...rest] = messages.flatMap((message) => message.trimEnd().split('\n')).map(visibleLine)
  const indent = ' '.repeat(width + 6)
  const looked = (status === 'failure' || status === 'error') && commands.length > 0
  return [
    `  ${paint(MARK[status])} ${nameIn(result, by).padEnd(width)}  ${first}`.trimEnd(),
    ...rest.map((message) => `${indent}${message}`),
    ...(looked ? [style.dim(`${indent}look at: ${lookedAt(commands)}`)] : []),
  ]
}

/** The first commands; a check on hundreds of peers asks hundreds. */
function lookedAt(commands: readonly string[]): string {
  const [first, second, ...more] = commands.map(visibleLine)
  return [first, ...(second === undefined ? [] : [second]), ...(more.length === 0 ? [] : [`${more.length} more`])].join(
    ', ',
  )
}

function nameIn({ device, check }: CheckResult, by: 'device' | 'check'): string {
  return visibleLine(by === 'device' ? check : device)
}

function tallyWords(results: readonly CheckResult[]): string {
  const tally = tallyOf(results)
  const words = (['failure', 'error', 'skipped', 'success'] as const).flatMap((status) =>
    tally[status] === 0 ? [] : [`${tally[status]} ${WORD[status]}`],
  )
  return words.join(', ')
}

function summary(results: readonly CheckResult[]): string {
  const devices = new Set(results.map(({ device }) => device)).size
  return `Checks: ${count(results.length, 'result')} on ${switches(devices)} · ${results.length === 0 ? 'nothing was judged' : tallyWords(results)}`
}
