import { isBlank, isBreak, isBreakOrEnd, type TextCursor } from './cursor.ts'

const SPACE = 0x20
const TAB = 0x09

interface Header {
  readonly keep: 'all' | 'one' | 'none'
  readonly increment: number
}

/** The text of a block scalar, from its `|` or `>` on. `parent` is the indentation around it, -1 at the top. */
export function blockScalar(cursor: TextCursor, isLiteral: boolean, parent: number): string {
  cursor.at += 1
  const { keep, increment } = header(cursor)
  const given = increment === 0 ? 0 : Math.max(parent, 0) + increment
  const first = blankLines(cursor, given, parent)
  const indent = first.indent
  let breaks = first.breaks
  let text = ''
  let ending = ''
  let wasBlank = false
  while (cursor.column === indent && !atEnd(cursor)) {
    const beginsBlank = isBlank(cursor.code())
    const folds = !isLiteral && ending === '\n' && !wasBlank && !beginsBlank
    text += folds ? (breaks === '' ? ' ' : breaks) : ending + breaks
    wasBlank = beginsBlank
    const from = cursor.at
    while (!isBreakOrEnd(cursor.code())) cursor.at += 1
    text += cursor.text.slice(from, cursor.at)
    ending = isBreak(cursor.code()) ? cursor.skipBreak() : ''
    breaks = blankLines(cursor, indent, parent).breaks
  }
  return text + (keep === 'none' ? '' : ending) + (keep === 'all' ? breaks : '')
}

function atEnd(cursor: TextCursor) {
  return cursor.at >= cursor.text.length - 1
}

const HEADER = /(?:([+-])([1-9])?|([1-9])([+-])?|)(?![0-9+-])[ \t]*(?:#[^\r\n\x85\u2028\u2029\0]*)?/y

function header(cursor: TextCursor): Header {
  HEADER.lastIndex = cursor.at
  const [found = '', before, after, first, behind] = HEADER.exec(cursor.text) ?? []
  cursor.at += found.length
  if (!isBreakOrEnd(cursor.code()))
    throw cursor.fault(
      'a block text begins in the line below its "|" or ">"',
      'behind these, only "+", "-" and 1 to 9 mean something',
    )
  if (isBreak(cursor.code())) cursor.skipBreak()
  const sign = before ?? behind
  return { keep: sign === '+' ? 'all' : sign === '-' ? 'none' : 'one', increment: Number(after ?? first ?? 0) }
}

function blankLines(cursor: TextCursor, known: number, parent: number) {
  let breaks = ''
  let widest = 0
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.code() === SPACE) cursor.at += 1
    widest = Math.max(widest, cursor.column)
    const code = cursor.code()
    if (code === TAB && (known === 0 || cursor.column < known))
      throw cursor.fault('a tab is where the indentation must be of spaces', 'use spaces')
    if (!isBreak(code)) break
    breaks += cursor.skipBreak()
  }
  return { breaks, indent: known === 0 ? Math.max(widest, parent + 1, 1) : known }
}
