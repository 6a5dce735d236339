import { type JunitCase, junit } from '../junit.ts'
import { plain } from '../style.ts'
import type { TestResult } from './test-results.ts'
import { failureLines } from './text.ts'

/** The results in the form that CI systems read: a suite per file, a failure with its places and the difference. */
export function resultsJunit(results: readonly TestResult[]): string {
  const files = [...new Set(results.map(({ testCase }) => testCase.file))]
  const suites = files.map((file) => ({
    name: file,
    cases: results.filter(({ testCase }) => testCase.file === file).map(caseOf),
  }))
  return junit({ name: 'eosflow test', suites, counts: 'time' })
}

function caseOf({ testCase: { file, name, at }, failures, milliseconds }: TestResult): JunitCase {
  const outcomes = failures.map((failure) => ({
    element: 'failure' as const,
    message: `${failure.what}: expected ${failure.expected}, actual ${failure.actual}`.replaceAll('\n', ' '),
    text: failureLines(failure, plain).join('\n'),
  }))
  return { classname: file, name, file, line: at.line, milliseconds, outcomes }
}
