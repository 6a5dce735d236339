import type { DiffLine } from '../../change/plan/plan.ts'
import { changedWords, type LinePiece } from '../../eos/config/changed-words.ts'
import { columnOf, type InlineLine, withSwitches } from './inline-values.ts'
import type { Style } from './style.ts'
import { visibleLine } from './visible.ts'

const MOST_CANDIDATES = 20

/** Where an added line takes the place of a removed one, the words that differ are painted, and a line with the sign `?` below marks them: the new words, else those that are gone. A `{2}` means values that a table below has. */
export function changedLines(lines: readonly InlineLine[], style: Style): readonly string[] {
  const words = pairs(lines)
  const column = columnOf(lines)
  return lines.flatMap((inline, index) => {
    const { sign, text } = inline
    const { pieces, marked } = words.get(index) ?? {
      pieces: [{ text: visibleLine(text), changed: false }],
      marked: false,
    }
    const line = withSwitches(inline, painted(sign, pieces, style), column)
    return marked ? [line, style.dim(`? ${marks(pieces)}`)] : [line]
  })
}

interface Paired {
  readonly pieces: readonly LinePiece[]
  readonly marked: boolean
}

function pairs(lines: readonly InlineLine[]): ReadonlyMap<number, Paired> {
  const found = new Map<number, Paired>()
  lines.forEach(({ sign, text, on }, index) => {
    if (sign !== '-') return
    for (const candidate of addedBelow(lines, index)) {
      if (found.has(candidate) || lines[candidate]?.on !== on) continue
      const words = changedWords(visibleLine(text), visibleLine(lines[candidate]?.text ?? ''))
      if (words === undefined) continue
      const hasNew = words.after.some(isMarkable)
      found.set(index, { pieces: words.before, marked: !hasNew && words.before.some(isMarkable) })
      found.set(candidate, { pieces: words.after, marked: hasNew })
      return
    }
  })
  return found
}

function addedBelow(lines: readonly DiffLine[], removed: number) {
  let first = removed
  while (lines[first]?.sign === '-') first += 1
  let end = first
  while (lines[end]?.sign === '+' && end - first < MOST_CANDIDATES) end += 1
  return Array.from({ length: end - first }, (_, n) => first + n)
}

const PLACEHOLDER = /^\{\d+\}$/

const isMarkable = ({ text, changed }: LinePiece) => changed && text.trim() !== '' && !PLACEHOLDER.test(text)

function painted(sign: DiffLine['sign'], pieces: readonly LinePiece[], style: Style) {
  const text = pieces.map((piece) => piece.text).join('')
  if (sign === ' ') return `  ${text}`
  const [line, word] =
    sign === '+' ? ([style.added, style.addedWord] as const) : ([style.removed, style.removedWord] as const)
  const [first, ...rest] = pieces
  return [
    ...(first?.changed === false
      ? [line(`${sign} ${first.text}`)]
      : [line(`${sign} `), ...(first === undefined ? [] : [word(first.text)])]),
    ...rest.map((piece) => (piece.changed ? word(piece.text) : line(piece.text))),
  ].join('')
}

function marks(pieces: readonly LinePiece[]) {
  return pieces
    .map((piece) => ({ text: piece.text, changed: isMarkable(piece) }))
    .map(({ text, changed }) => (changed ? text.replace(/\S/gu, '^') : text.replace(/[^\t]/gu, ' ')))
    .join('')
    .trimEnd()
}
