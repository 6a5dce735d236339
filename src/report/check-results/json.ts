import { type CheckResult, tallyOf } from './check-results.ts'
import type { CheckDocument } from './result-schema.ts'

/** Results for programs. */
export function checkResultsJson(results: readonly CheckResult[]): string {
  const document: CheckDocument = { version: 1, kind: 'check-results', summary: tallyOf(results), results }
  return JSON.stringify(document)
}
