import { count } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { visible, visibleLine } from '../text/visible.ts'
import type { Failure, TestResult } from './test-results.ts'

export function resultText({ testCase, failures, milliseconds, wrote }: TestResult, style: Style): string {
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

export function failureLines({ at, what, expected, actual, diff = [] }: Failure, style: Style): readonly string[] {
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
