import { definedMembers } from '../../model/defined-members.ts'
import type { Problem } from '../../model/problem.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import { plain } from '../text/style.ts'
import type { TestResult } from './test-results.ts'
import { failureLines } from './text.ts'

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

export function unreadJunit(problems: readonly Problem[]): string {
  const files = [...new Set(problems.map(({ at }) => at.file))]
  const suites = files.map((file) => ({
    name: file,
    cases: problems
      .filter(({ at }) => at.file === file)
      .map(({ at, message, hint, code }): JunitCase => {
        const outcome = { element: 'error' as const, message, ...definedMembers({ text: hint }) }
        return {
          classname: file,
          name: `${code} in line ${at.line}`,
          file,
          line: at.line,
          milliseconds: 0,
          outcomes: [outcome],
        }
      }),
  }))
  return junit({ name: 'eosflow test', suites, counts: 'time' })
}
