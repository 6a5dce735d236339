import { type ChangeLine, diffConfig, presentChanges } from './diff/diff.ts'
import { parseConfig } from './text/parse.ts'

export type SectionSeparators = 'none' | 'context' | 'signed'

/** What `show session-config diffs` prints in session `session` for two running-config texts, in the dialect of later EOS (docs/eos.md 3.3): only lines that changed, `-` before `+`, each with its own indentation behind the sign; the commands they stand under once per block, with no column for a sign; no `@@`, no context. Ends with a newline; equal texts give the empty string, without a header. */
export function sectionedDiff(
  before: string,
  after: string,
  session: string,
  separators: SectionSeparators = 'none',
): string {
  const lines = presentChanges(diffConfig(parseConfig(before), parseConfig(after)).changes)
  if (lines.length === 0) return ''
  const rows = lines.flatMap((line, index) => [
    ...separatorsBefore(lines, index, separators),
    line.sign === ' ' ? line.text : line.sign + line.text,
    ...separatorsAfter(lines, index, separators),
  ])
  return ['--- system:/running-config', `+++ session:/${session}-session-config`, ...rows, ''].join('\n')
}

function separatorsBefore(lines: readonly ChangeLine[], index: number, separators: SectionSeparators) {
  if (separators === 'context') return startsRun(lines, index) ? [' !'] : []
  return separators === 'signed' && opensAddedBlock(lines, index) ? ['+!'] : []
}

function separatorsAfter(lines: readonly ChangeLine[], index: number, separators: SectionSeparators) {
  if (separators !== 'signed') return []
  const [line, next] = [lines[index], lines[index + 1]]
  const closes = line?.sign === '+' && isInside(line) && !(next?.sign === '+' && isInside(next))
  return closes && startOf(lines, index)?.sign === '+' && !opensAddedBlock(lines, index + 1) ? ['+!'] : []
}

function startsRun(lines: readonly ChangeLine[], index: number) {
  const [line, last] = [lines[index], lines[index - 1]]
  if (line === undefined || line.sign === ' ' || isInside(line)) return false
  return last === undefined || last.sign === ' ' || startOf(lines, index - 1)?.sign === ' '
}

function opensAddedBlock(lines: readonly ChangeLine[], index: number) {
  const [line, next] = [lines[index], lines[index + 1]]
  if (line?.sign !== '+' || isInside(line)) return false
  return next?.sign === '+' && isInside(next)
}

function startOf(lines: readonly ChangeLine[], index: number) {
  return lines.slice(0, index + 1).findLast((line) => !isInside(line))
}

function isInside({ text }: ChangeLine) {
  return text.startsWith(' ')
}
