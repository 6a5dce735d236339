import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, type TextCursor } from './cursor.ts'

const COLON = 0x3a
const HASH = 0x23
const QUESTION = 0x3f
const SPACE = 0x20

function isFlowIndicator(code: number) {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d
}

/** `simple` is false where it ended behind a line break. */
export function plainScalar(cursor: TextCursor, indent: number, inFlow: boolean): { text: string; endsLine: boolean } {
  let text = ''
  let between: Gap = { text: '', hasBreak: false }
  for (;;) {
    if (cursor.code() === HASH || cursor.atDocumentMark()) break
    const from = cursor.at
    plainPart(cursor, inFlow)
    if (cursor.at === from) break
    const part = cursor.text.slice(from, cursor.at)
    text = text === '' ? part : text + between.text + part
    between = { text: '', hasBreak: false }
    const code = cursor.code()
    if (!isBlank(code) && !isBreak(code)) break
    between = gap(cursor, false, indent)
    if (between.hasBreak && !inFlow && cursor.column < indent) break
  }
  return { text, endsLine: between.hasBreak }
}

function plainPart(cursor: TextCursor, inFlow: boolean) {
  const { text } = cursor
  let at = cursor.at
  let end = at
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === SPACE) {
      at += 1
      if (text.charCodeAt(at) === HASH) break
    } else if (isSpecial(code) && endsPart(cursor, at, code, inFlow)) break
    else {
      at += 1
      end = at
    }
  }
  cursor.at = end
}

function isSpecial(code: number) {
  return code < SPACE || code === COLON || code > 0x7f || isFlowIndicator(code)
}

function endsPart(cursor: TextCursor, at: number, code: number, inFlow: boolean) {
  if (code === COLON) return endsAtColon(cursor, at, inFlow)
  return isBlankOrEnd(code) || (inFlow && isFlowIndicator(code))
}

function endsAtColon(cursor: TextCursor, at: number, inFlow: boolean) {
  const next = cursor.text.charCodeAt(at + 1)
  if (isBlankOrEnd(next)) return true
  if (!inFlow || !(isFlowIndicator(next) || next === QUESTION)) return false
  cursor.at = at
  throw cursor.fault('unexpected ":"', 'put the text in quotes')
}

const QUOTE = 0x27
const BACKSLASH = 0x5c

export function quotedScalar(cursor: TextCursor, isSingle: boolean): string {
  const quote = cursor.code()
  const simple = simpleText(cursor, quote)
  if (simple !== undefined) return simple
  const start = cursor.mark
  cursor.at += 1
  let text = ''
  for (;;) {
    if (cursor.atDocumentMark()) throw cursor.fault('"---" or "..." is within a text in quotes')
    const part = isSingle ? singlePart(cursor) : doublePart(cursor)
    text += part.text
    const code = cursor.code()
    if (code === quote) break
    if (code === 0 && cursor.at >= cursor.text.length - 1)
      throw cursor.fault(`the text in quotes that begins in line ${start.line} has no end`)
    text += gap(cursor, part.isFolded, -1).text
  }
  cursor.at += 1
  return text
}

interface Part {
  readonly text: string
  readonly isFolded: boolean
}

function singlePart(cursor: TextCursor): Part {
  let text = ''
  let from = cursor.at
  for (;;) {
    const code = cursor.code()
    if (code === QUOTE) {
      if (cursor.code(1) !== QUOTE) break
      text += cursor.text.slice(from, cursor.at + 1)
      cursor.at += 2
      from = cursor.at
    } else if (isBlankOrEnd(code)) break
    else cursor.at += 1
  }
  return { text: text + cursor.text.slice(from, cursor.at), isFolded: false }
}

function doublePart(cursor: TextCursor): Part {
  let text = ''
  let from = cursor.at
  for (;;) {
    const code = cursor.code()
    if (code === 0x22 || isBlankOrEnd(code)) break
    if (code !== BACKSLASH) {
      cursor.at += 1
      continue
    }
    text += cursor.text.slice(from, cursor.at)
    if (isBreak(cursor.code(1))) {
      cursor.at += 1
      cursor.skipBreak()
      return { text, isFolded: true }
    }
    text += escaped(cursor)
    from = cursor.at
  }
  return { text: text + cursor.text.slice(from, cursor.at), isFolded: false }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}
const LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escaped(cursor: TextCursor): string {
  const letter = cursor.text.charAt(cursor.at + 1)
  const known = ESCAPES[letter]
  const length = LENGTHS[letter]
  if (known === undefined && length === undefined)
    throw cursor.fault(`\\${letter} is no escape of YAML`, 'write \\\\ for a backslash, or use single quotes')
  if (known !== undefined) {
    cursor.at += 2
    return known
  }
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 2 + (length ?? 0))
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    throw cursor.fault(`\\${letter} needs ${length} hexadecimal digits of a character`)
  cursor.at += 2 + digits.length
  return String.fromCodePoint(code)
}

function simpleText(cursor: TextCursor, quote: number) {
  const { text } = cursor
  const from = cursor.at + 1
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === quote) break
    if (code < 0x20 || code > 0x7f || code === BACKSLASH) return undefined
    at += 1
  }
  if (text.charCodeAt(at + 1) === quote) return undefined
  cursor.at = at + 1
  return text.slice(from, at)
}

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

const TAB = 0x09

interface Gap {
  readonly text: string
  readonly hasBreak: boolean
}

// `wasFolded` says that a break was escaped just before. A tab may not be left of `indent`.
function gap(cursor: TextCursor, wasFolded: boolean, indent: number): Gap {
  const from = cursor.at
  while (isBlank(cursor.code())) cursor.at += 1
  if (!isBreak(cursor.code()) && !wasFolded) return { text: cursor.text.slice(from, cursor.at), hasBreak: false }
  const first = wasFolded ? '' : cursor.skipBreak()
  const others = furtherBreaks(cursor, indent)
  if (first !== '\n') return { text: first + others, hasBreak: true }
  return { text: others === '' ? ' ' : others, hasBreak: true }
}

function furtherBreaks(cursor: TextCursor, indent: number) {
  let breaks = ''
  for (;;) {
    const code = cursor.code()
    if (isBreak(code)) breaks += cursor.skipBreak()
    else if (isBlank(code)) {
      if (code === TAB && cursor.column < indent)
        throw cursor.fault('a tab is where the indentation must be of spaces', 'use spaces')
      cursor.at += 1
    } else return breaks
  }
}
