import { FEATURE, meaningOf } from '../rules/rules.ts'
import type { TypedLine } from '../rules/typed-lines.ts'
import { parseVerb } from '../text/command-line.ts'
import { heredocBodies } from '../text/heredoc.ts'
import { BODY, type Outline } from '../text/outline.ts'

/**
 * Why a line stands elsewhere on a switch than in its text: it is nested under a line that opens no block, no text up to `EOF`
 * follows a command that reads one, or a text follows a command that reads none where it stands.
 */
export type MisplacementReason = 'nested' | 'no-text' | 'text'

/**
 * The lines that a switch would read in another mode than their indentation shows. A block is closed by an `exit`: where none
 * was open, that leaves the one around it, and every line behind it is typed a mode higher than it stands. The text of a
 * command that the switch refuses would be typed as commands.
 */
export function misplacedLines(outline: Outline, typed: readonly TypedLine[]): ReadonlyMap<number, MisplacementReason> {
  const byRow = new Map(typed.map((one) => [one.row, one]))
  const found = new Map<number, MisplacementReason>()
  for (const one of typed) {
    const parent = byRow.get(outline.parent[one.row] ?? -1)
    const why = parent !== undefined && opensNothing(parent) ? 'nested' : textFault(outline, one)
    if (why !== undefined) found.set(one.row, why)
  }
  return found
}

/** Whether a command is known to open no block: a negated one, or a setting that a table knows by more than its feature. */
function opensNothing({ line, mode }: TypedLine): boolean {
  const { verb, line: bare } = parseVerb(line)
  const { block, kind, weight } = meaningOf(mode, bare)
  if (block !== undefined) return verb === 'no'
  return verb !== '' || kind === 'single' || kind === 'toggle' || (kind !== 'unknown' && weight > FEATURE)
}

function textFault({ kind }: Outline, { row, line, above }: TypedLine): MisplacementReason | undefined {
  const header = above.at(-1)
  // Another system reads the text up to a character that is given here.
  if (header === undefined && /^banner (?:exec|login|motd) \S/.test(line)) return 'no-text'
  if (heredocBodies(line, header) === 0) return undefined
  if (kind[row + 1] !== BODY) return 'no-text'
  return readsText(line, header) ? undefined : 'text'
}

/** Source: the EOS manual's commands that read a text, each with the mode that it belongs to. */
function readsText(line: string, header: string | undefined): boolean {
  if (line === 'comment') return true
  if (header === undefined) return /^banner (?:exec|login|motd)$/.test(line)
  if (line === 'action bash') return header.startsWith('event-handler ')
  if (line === 'protocol https certificate') return header === 'management api http-commands'
  return header === 'control-functions' && /^code(?: unit \S+)?$/.test(line)
}
