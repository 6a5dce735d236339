import { FEATURE, meaningOf } from '../rules/rules.ts'
import { type TypedLine, typedLines } from '../rules/typed-lines.ts'
import { parseVerb } from '../text/command-line.ts'
import { BODY, rawRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'
import { beginsHere } from './judge-line.ts'

export interface UnclearLine {
  /** The place of the line among those that were given, from 0. */
  readonly index: number
  readonly line: string
  readonly inside: readonly string[]
}

export interface TypedBlocks {
  readonly lines: readonly string[]
  /** The place of each of them among the lines that were given, from 0. */
  readonly places: readonly number[]
  readonly unclear: readonly UnclearLine[]
}

/**
 * Puts typed lines into their blocks, as `commandsOfLines` sends them: by their indentation if any is indented below another, else by the modes that know
 * them. Comments and empty lines are left out, and texts up to `EOF` stay as they are.
 */
export function typedBlocks(given: readonly string[]): TypedBlocks {
  const outline = scanOutline(given.join('\n'))
  const typed = typedLines(outline, 'merge')
  const isIndented = typed.some(({ row }) => (outline.parent[row] ?? -1) >= 0)
  const kept = isIndented ? typed : typed.filter((one, at) => !leavesBlock(one, typed[at - 1]))
  const byRow = new Map(kept.map((one) => [one.row, one]))
  const places = Array.from({ length: outline.rows }, (_, row) => row).filter(
    (row) => byRow.has(row) || outline.kind[row] === BODY,
  )
  const lines = places.map((row) => {
    const found = byRow.get(row)
    return found === undefined ? rawRow(outline, row) : '   '.repeat(found.above.length) + found.line
  })
  return { lines, places, unclear: isIndented ? [] : typed.flatMap((one, at) => unclearIn(one, typed[at - 1])) }
}

function leavesBlock({ line }: TypedLine, before: TypedLine | undefined) {
  return line === 'exit' && before !== undefined && openAfter(before).above.length > 0
}

function openAfter({ line, mode, above }: TypedLine): Pick<TypedLine, 'mode' | 'above'> {
  const opened = meaningOf(mode, parseVerb(line).line).block?.mode
  return opened === undefined ? { mode, above } : { mode: opened, above: [...above, line] }
}

function unclearIn({ row, line, mode, above }: TypedLine, before: TypedLine | undefined): readonly UnclearLine[] {
  if (before === undefined) return []
  const open = openAfter(before)
  const isPut = above.length > 0
  const inside = isPut ? above : open.above
  const [within, outside] = [weightOf(isPut ? mode : open.mode, inside, line), weightOf('root', [], line)]
  const isUnclear = inside.length > 0 && outside > 0 && (isPut || within >= outside)
  return isUnclear ? [{ index: row, line, inside }] : []
}

function weightOf(mode: string, above: readonly string[], line: string) {
  const { line: bare } = parseVerb(line)
  const { kind, weight } = meaningOf(mode, bare)
  const isKnown = kind !== 'unknown' && (kind !== 'line' || weight > FEATURE)
  return isKnown || beginsHere(above, bare.split(/\s+/)) ? weight : 0
}
