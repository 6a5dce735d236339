import { type Lookalike, otherBlankIn } from '../../../text/source/lookalike.ts'
import { type TypedLine, typedLines } from '../rules/typed-lines.ts'
import { parseVerb } from '../text/command-line.ts'
import { textStart } from '../text/free-text.ts'
import { isTerminator } from '../text/heredoc.ts'
import { BODY, commandStart, rawRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'

/** A blank in a command that is not the one of the keyboard: EOS divides words at blanks and tabs only. */
export interface OtherBlank extends Lookalike {
  /** The position of the line in the change, from 0; `index` is the character in the line, from 0. */
  readonly row: number
}

/** The bodies of banners and other texts may hold them, the line that ends one may not. */
export function otherBlanks(lines: readonly string[], mode: 'merge' | 'replace'): OtherBlank[] {
  const text = lines.join('\n')
  if (otherBlankIn(text) === undefined) return []
  const outline = scanOutline(text)
  const typed = new Map(typedLines(outline, mode).map((one) => [one.row, one]))
  return Array.from({ length: outline.rows }, (_, row) => row).flatMap((row) => {
    const line = rawRow(outline, row)
    const isBody = outline.kind[row] === BODY
    const command = typed.get(row)
    // What is neither is blank, or a comment.
    if (isBody ? !isTerminator(line) : command === undefined) return []
    const indent = commandStart(outline, row) - (outline.start[row] ?? 0)
    const judged = command === undefined ? line : line.slice(0, indent + lengthBeforeText(command))
    const found = otherBlankIn(judged)
    return found === undefined ? [] : [{ ...found, row }]
  })
}

// How much of a command is no free text: its first word, at least.
function lengthBeforeText({ line, above }: TypedLine) {
  const positive = parseVerb(line).line
  const words = positive.split(/[ \t]+/)
  const text = Math.max(1, textStart(words, above.at(-1)))
  const head = new RegExp(`^(?:[^ \\t]+(?:[ \\t]+|$)){${text}}`).exec(positive)?.[0] ?? positive
  return line.length - positive.length + head.length
}
