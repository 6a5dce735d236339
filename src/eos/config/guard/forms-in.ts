import { typedLines } from '../rules/typed-lines.ts'
import { typedWords } from '../syntax/value-type.ts'
import { heredocBodies, parseVerb, textStart } from '../text/command-line.ts'
import { scanOutline } from '../text/scan.ts'

export interface FormLine {
  readonly form: string
  readonly lines: readonly string[]
}

/** The lines of a change that need no text behind them, each with its form. */
export function formsIn(lines: readonly string[], mode: 'merge' | 'replace'): readonly FormLine[] {
  return typedLines(scanOutline(lines.join('\n')), mode).flatMap(({ line, above }) => {
    if (line === 'exit' || line === 'end' || line.startsWith('!') || heredocBodies(line, above.at(-1)) > 0) return []
    const path = [...above, line]
    return [{ form: formIn(above, line), lines: path.map((one, depth) => '   '.repeat(depth) + one) }]
  })
}

export function formIn(above: readonly string[], line: string): string {
  const path = [...above, line]
  return path.map((one, depth) => formOf(one, path[depth - 1])).join(' > ')
}

function formOf(line: string, above: string | undefined) {
  const { verb, line: positive } = parseVerb(line)
  const words = positive.split(/\s+/)
  return [...(verb === '' ? [] : [verb]), typedWords(words.slice(0, textStart(words, above)))].join(' ')
}
