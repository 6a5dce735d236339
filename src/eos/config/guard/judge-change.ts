import { typedLines } from '../rules/typed-lines.ts'
import { isOfKnownForm, type KnownForm } from '../syntax/known-forms.ts'
import type { LineFault } from '../syntax/line-judgement.ts'
import { rawRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'
import { formIn } from './forms-in.ts'
import { judgeLine } from './judge-line.ts'

export interface SyntaxFinding {
  readonly index: number
  /** The column of the word at fault in the line, from 1. */
  readonly column: number
  readonly line: string
  readonly above: readonly string[]
  readonly form: string
  readonly fault: LineFault | { readonly kind: 'incomplete' }
}

export function syntaxFindings(
  lines: readonly string[],
  mode: 'merge' | 'replace',
  known: readonly KnownForm[],
): readonly SyntaxFinding[] {
  const outline = scanOutline(lines.join('\n'))
  return typedLines(outline, mode).flatMap(({ row, line, above }) => {
    // It closes a block or the text, and is of no mode.
    if (line === 'exit' || line === 'end' || isOfKnownForm(known, above, line)) return []
    const fault = judgeLine(above, line)
    if (fault.kind === 'known' || fault.kind === 'unknown-mode') return []
    const raw = rawRow(outline, row)
    const column = columnIn(raw, 'token' in fault ? fault.token : 0)
    return [{ index: row, column, line, above, form: formWith(fault, above, line), fault }]
  })
}

/** The form of a line of which the table of the syntax has nothing good to say; undefined of any other. */
export function doubtedForm(above: readonly string[], line: string): string | undefined {
  const fault = judgeLine(above, line)
  return fault.kind === 'known' || fault.kind === 'unknown-mode' ? undefined : formWith(fault, above, line)
}

function formWith(fault: SyntaxFinding['fault'], above: readonly string[], line: string) {
  const form = formIn(above, line)
  return fault.kind === 'out-of-range' ? `${form} = ${fault.word}` : form
}

function columnIn(raw: string, token: number) {
  const words = [...raw.matchAll(/\S+/g)]
  return (words[token]?.index ?? 0) + 1
}
