import { isBlankOrEnd, isBreak, type TextCursor } from './cursor.ts'
import { gap } from './scan-gap.ts'

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
