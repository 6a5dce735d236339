import type { Json } from '../../model/json.ts'
import { resultsJunit } from './junit.ts'
import type { TestResult } from './test-results.ts'
import { resultText } from './text.ts'

export const testResultsAs = { text: resultText, json: resultsJson, junit: resultsJunit } as const

function resultsJson(results: readonly TestResult[]): Json {
  const failed = results.filter(({ failures }) => failures.length > 0).length
  return {
    version: 1,
    kind: 'test-results',
    passed: results.length - failed,
    failed,
    cases: results.map(({ testCase, failures, milliseconds }) => ({
      file: testCase.file,
      line: testCase.at.line,
      name: testCase.name,
      status: failures.length === 0 ? 'passed' : 'failed',
      milliseconds,
      failures: failures.map(({ at, what, expected, actual, diff }) => ({
        at: { file: at.file, line: at.line, column: at.column },
        what,
        expected,
        actual,
        ...(diff === undefined ? {} : { diff: [...diff] }),
      })),
    })),
  }
}
