import type { PolicyTestResult } from '../../change/policy/policy-tests.ts'
import { count } from '../text/count.ts'
import { type Style, visibleLine } from '../text/visible.ts'
import { verdictWord } from './explanation.ts'

export function failedTests(results: readonly PolicyTestResult[]): number {
  return results.filter(({ failures }) => failures.length > 0).length
}

/** What the tests of a policy say, as one document, version 1. */
export function policyTestJson(file: string, results: readonly PolicyTestResult[]): string {
  const rows = results.map(({ name, failures, decision }) => ({
    name,
    passed: failures.length === 0,
    failures,
    decision: verdictWord(decision),
    rules: decision.rules,
    reason: decision.reason,
  }))
  const failed = rows.filter(({ passed }) => !passed).length
  return JSON.stringify({ version: 1, kind: 'policy-test', file, tests: rows, passed: rows.length - failed, failed })
}

/** `note` is a line besides. */
export function policyTestText(results: readonly PolicyTestResult[], note: string | undefined, style: Style): string {
  const rows = results.flatMap(({ name, failures, decision }) =>
    failures.length === 0
      ? [style.good(visibleLine(`✔ ${name}: ${verdictWord(decision)}`))]
      : [style.bad(visibleLine(`✖ ${name}`)), ...failures.map((failure) => visibleLine(`    ${failure}`))],
  )
  const notes = note === undefined ? [] : [note]
  return [...rows, ...notes, `Policy: ${count(results.length, 'test')}, ${failedTests(results)} failed`].join('\n')
}
