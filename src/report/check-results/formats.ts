import type { CheckStatus } from '../../eos/check/anta-words.ts'
import { definedItems, gathered } from '../../model/json.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import { count, csvText, hanging, markdownText, present, type Style, switches, visibleLine } from '../text/text.ts'
import type { CheckDocument } from './result-schema.ts'

export type CheckResult = Readonly<CheckDocument['results'][number]>

export const WORST_FIRST: readonly CheckStatus[] = ['failure', 'error', 'skipped', 'success']

type Tally = Readonly<Record<CheckStatus, number>>

function tallyOf(results: readonly Pick<CheckResult, 'status'>[]): Tally {
  const of = (status: CheckStatus) => results.filter((one) => one.status === status).length
  return { success: of('success'), failure: of('failure'), error: of('error'), skipped: of('skipped') }
}

// The results by switch or by check, in the order in which these come first; within each worst first, else as they were.
function groupResults(
  results: readonly CheckResult[],
  by: 'device' | 'check',
): ReadonlyMap<string, readonly CheckResult[]> {
  const groups = gathered(results.map((result) => [result[by], result]))
  return new Map([...groups].map(([key, group]) => [key, group.toSorted(worstFirst)]))
}

function worstFirst(a: CheckResult, b: CheckResult) {
  return WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status)
}

interface ResultsLayout {
  readonly by: 'device' | 'check'
  readonly hide: readonly CheckStatus[]
}

const MARK: Readonly<Record<CheckStatus, string>> = { success: '✔', failure: '✗', error: '!', skipped: '-' }
const WORD: Readonly<Record<CheckStatus, string>> = {
  success: 'passed',
  failure: 'failed',
  error: 'not judged',
  skipped: 'skipped',
}

function checkResultsText(results: readonly CheckResult[], { by, hide }: ResultsLayout, style: Style) {
  const shown = results.filter(({ status }) => !hide.includes(status))
  const width = Math.max(0, ...shown.map((one) => nameIn(one, by).length))
  const blocks = [...groupResults(shown, by)].flatMap(([name, group]) => [
    `${style.bold(visibleLine(name))}   ${tallyWords(results.filter((one) => one[by] === name))}`,
    ...group.flatMap((result) => resultLines(result, by, width, style)),
    '',
  ])
  return [...blocks, summary(results)].join('\n')
}

function resultLines(result: CheckResult, by: 'device' | 'check', width: number, style: Style) {
  const { status, messages, commands } = result
  const paint = { success: style.good, failure: style.bad, error: style.bad, skipped: style.dim }[status]
  const [first = '', ...rest] = messages.flatMap((message) => message.trimEnd().split('\n')).map(visibleLine)
  const indent = ' '.repeat(width + 6)
  const looked = (status === 'failure' || status === 'error') && commands.length > 0
  return present(
    `  ${paint(MARK[status])} ${nameIn(result, by).padEnd(width)}  ${first}`.trimEnd(),
    rest.map((message) => `${indent}${message}`),
    looked && style.dim(`${indent}look at: ${lookedAt(commands)}`),
  )
}

function lookedAt(commands: readonly string[]) {
  const [first, second, ...more] = commands.map(visibleLine)
  return definedItems(first, second, more.length !== 0 && `${more.length} more`).join(', ')
}

function nameIn({ device, check }: CheckResult, by: 'device' | 'check') {
  return visibleLine(by === 'device' ? check : device)
}

function tallyWords(results: readonly CheckResult[]) {
  const tally = tallyOf(results)
  const words = (['failure', 'error', 'skipped', 'success'] as const).flatMap((status) =>
    tally[status] === 0 ? [] : [`${tally[status]} ${WORD[status]}`],
  )
  return words.join(', ')
}

function summary(results: readonly CheckResult[]) {
  const devices = new Set(results.map(({ device }) => device)).size
  return `Checks: ${count(results.length, 'result')} on ${switches(devices)} · ${results.length === 0 ? 'nothing was judged' : tallyWords(results)}`
}

const HEADER = ['Device', 'Check', 'Status', 'Messages', 'Description', 'Categories', 'Custom field', 'Commands']

// Results for spreadsheets: RFC 4180, one row each, several messages apart by `; `.
function checkResultsCsv(results: readonly CheckResult[]) {
  const rows = results.map((result) => [
    result.device,
    result.check,
    result.status,
    result.messages.join('; '),
    result.description,
    result.categories.join('; '),
    result.customField ?? '',
    result.commands.join('; '),
  ])
  return csvText([HEADER, ...rows])
}

export const checkResultsAs = {
  text: checkResultsText,
  json: checkResultsJson,
  markdown: checkResultsMarkdown,
  csv: checkResultsCsv,
  junit: checkResultsJunit,
} as const

function checkResultsJson(results: readonly CheckResult[]) {
  const document: CheckDocument = { version: 1, kind: 'check-results', summary: tallyOf(results), results }
  return JSON.stringify(document)
}

function checkResultsJunit(results: readonly CheckResult[]) {
  const suites = [...groupResults(results, 'device')].map(([name, group]) => ({ name, cases: group.map(caseOf) }))
  return junit({ name: 'eosflow check', suites, counts: 'skipped' })
}

function caseOf({ device, check, status, messages, commands, categories }: CheckResult): JunitCase {
  const given = { classname: [device, ...categories.slice(0, 1)].join('.'), name: check }
  if (status === 'success') return { ...given, outcomes: [] }
  const message = messages.map(visibleLine).join('; ')
  if (status === 'skipped') return { ...given, outcomes: [{ element: status, message }] }
  const text = [...messages.map(hanging), ...commands.map((command) => `look at: ${command}`)].join('\n')
  return { ...given, outcomes: [{ element: status, message, text }] }
}

function checkResultsMarkdown(results: readonly CheckResult[]) {
  const tally = tallyOf(results)
  const groups = [...groupResults(results, 'device')]
  const rows = groups.map(([device, group]) => {
    const { success, failure, error, skipped } = tallyOf(group)
    return `| ${markdownText(device)} | ${success} | ${failure} | ${error} | ${skipped} |`
  })
  const troubles = groups.flatMap(([, group]) => group.filter(({ status }) => status !== 'success'))
  return present(
    `### eosflow check: ${count(results.length, 'result')} on ${switches(groups.length)}`,
    '',
    `${tally.success} passed, ${tally.failure} failed, ${tally.error} not judged, ${tally.skipped} skipped`,
    '',
    '| Device | Passed | Failed | Not judged | Skipped |',
    '| --- | ---: | ---: | ---: | ---: |',
    rows,
    '',
    troubles.length > 0 && troubleTable(troubles),
  ).join('\n')
}

function troubleTable(troubles: readonly CheckResult[]) {
  return [
    '| Device | Check | Status | Expected against actual | Look at |',
    '| --- | --- | --- | --- | --- |',
    ...troubles.map(
      ({ device, check, status, messages, commands }) =>
        `| ${markdownText(device)} | ${markdownText(check)} | ${status} | ${messages.map(markdownText).join('<br>')} | ${commands.slice(0, 2).map(markdownText).join('<br>')} |`,
    ),
    '',
  ]
}
