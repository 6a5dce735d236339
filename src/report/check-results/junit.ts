import { type JunitCase, junit } from '../text/junit.ts'
import { hanging, visibleLine } from '../text/visible.ts'
import { type CheckResult, groupResults } from './check-results.ts'

/** Results in the form that CI systems read: a suite for each switch, a case for each check. */
export function checkResultsJunit(results: readonly CheckResult[]): string {
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
