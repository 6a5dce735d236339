import { type CheckResult, groupResults, tallyOf } from './check-results.ts'
import { hanging, visibleLine } from './visible.ts'
import { xmlText } from './xml-text.ts'

/** Results in the form that CI systems read: a suite for each switch, a case for each check. */
export function checkResultsJunit(results: readonly CheckResult[]): string {
  const suites = [...groupResults(results, 'device')].flatMap(([device, group]) => [
    `  <testsuite ${counts(group)} name="${xmlText(device)}">`,
    ...group.flatMap(caseLines),
    '  </testsuite>',
  ])
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(results)} name="eosflow check">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(results: readonly CheckResult[]): string {
  const { failure, error, skipped } = tallyOf(results)
  return `tests="${results.length}" failures="${failure}" errors="${error}" skipped="${skipped}"`
}

const ELEMENT = { failure: 'failure', error: 'error', skipped: 'skipped' } as const

function caseLines({ device, check, status, messages, commands, categories }: CheckResult): readonly string[] {
  const classname = xmlText([device, ...categories.slice(0, 1)].join('.'))
  const head = `    <testcase classname="${classname}" name="${xmlText(check)}"`
  if (status === 'success') return [`${head}/>`]
  const element = ELEMENT[status]
  const message = xmlText(messages.map(visibleLine).join('; '))
  const detail = xmlText([...messages.map(hanging), ...commands.map((command) => `look at: ${command}`)].join('\n'))
  const body =
    element === 'skipped'
      ? `      <skipped message="${message}"/>`
      : `      <${element} message="${message}">${detail}</${element}>`
  return [`${head}>`, body, '    </testcase>']
}
