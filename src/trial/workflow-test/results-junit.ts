import { plain } from '../../report/style.ts'
import { xmlText } from '../../report/xml-text.ts'
import { failureLines } from './results-text.ts'
import type { CaseResult } from './run-case.ts'

/** The results in the form that CI systems read: a suite per file, a failure with its places and the difference. */
export function resultsJunit(results: readonly CaseResult[]): string {
  const files = [...new Set(results.map(({ testCase }) => testCase.file))]
  const suites = files.flatMap((file) => {
    const own = results.filter(({ testCase }) => testCase.file === file)
    return [`  <testsuite ${counts(own)} name="${xmlText(file)}">`, ...own.flatMap(caseLines), '  </testsuite>']
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(results)} name="eosflow test">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(results: readonly CaseResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length
  const time = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000
  return `tests="${results.length}" failures="${failed}" errors="0" time="${time.toFixed(3)}"`
}

function caseLines({ testCase, failures, milliseconds }: CaseResult): readonly string[] {
  const { file, name, at } = testCase
  const time = (milliseconds / 1000).toFixed(3)
  const head = `    <testcase classname="${xmlText(file)}" name="${xmlText(name)}" file="${xmlText(file)}" line="${at.line}" time="${time}"`
  if (failures.length === 0) return [`${head}/>`]
  const shown = failures.map((failure) => {
    const message = `${failure.what}: expected ${failure.expected}, actual ${failure.actual}`.replaceAll('\n', ' ')
    const text = failureLines(failure, plain).join('\n')
    return `      <failure message="${xmlText(message)}">${xmlText(text)}</failure>`
  })
  return [`${head}>`, ...shown, '    </testcase>']
}
