import type { Problem } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import { count, plain, type Style, visible, visibleLine } from '../text/text.ts'
import type { Failure, TestResult } from './test-results.ts'

function resultsJunit(results: readonly TestResult[]) {
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

function resultText({ testCase, failures, milliseconds, wrote }: TestResult, style: Style) {
  const mark = failures.length === 0 ? style.good('✔') : style.bad('✖')
  const line = `${mark} ${visibleLine(testCase.file)} › ${visibleLine(testCase.name)}  ${style.dim(`${milliseconds} ms`)}`
  const written = wrote === undefined ? [] : [`    wrote ${wrote}`]
  return [line, ...written, ...failures.flatMap((failure) => failureLines(failure, style))].join('\n')
}

export function resultsSummary(results: readonly TestResult[], seconds: number): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length
  const files = new Set(results.map(({ testCase }) => testCase.file)).size
  return `Tests: ${results.length - failed} passed, ${failed} failed · ${count(files, 'file')} · ${seconds.toFixed(1)} s`
}

function failureLines({ at, what, expected, actual, diff = [] }: Failure, style: Style): readonly string[] {
  return [
    `    ${visibleLine(at.file)}:${at.line}:${at.column}: ${style.bold(visibleLine(what))}`,
    ...labelled('expected', expected, style.removed),
    ...labelled('actual', actual, style.added),
    ...diff.map((line) => `        ${painted(visibleLine(line), style)}`),
  ]
}

function labelled(label: string, text: string, paint: (text: string) => string) {
  return visible(text)
    .split('\n')
    .map((line, index) => `      ${index === 0 ? label.padEnd(8) : ' '.repeat(8)}  ${paint(line)}`)
}

function painted(line: string, style: Style) {
  if (line.startsWith('+')) return style.added(line)
  return line.startsWith('-') ? style.removed(line) : line
}

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
