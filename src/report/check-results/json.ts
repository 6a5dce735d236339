import { type CheckResult, tallyOf } from './check-results.ts'

/** Results for programs. */
export function checkResultsJson(results: readonly CheckResult[]): string {
  return JSON.stringify({ version: 1, kind: 'check-results', summary: tallyOf(results), results })
}
