import { isBlank, isBlankOrEnd, type TextCursor } from './cursor.ts'
import type { YamlFault } from './fault.ts'

const TAB = 0x09

/** Whether a plain scalar may begin with the character that is to be read. */
export function beginsPlain(cursor: TextCursor, inFlow: boolean): boolean {
  const code = cursor.code()
  if (code === 0x2d) return !isBlank(cursor.code(1))
  if (code === 0x3f || code === 0x3a) return !inFlow && !isBlankOrEnd(cursor.code(1))
  if (isLetterOrDigit(code) || code > 0x7f) return true
  return !isBlankOrEnd(code) && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code))
}

/** The fault of a character that cannot begin anything. */
export function strange(cursor: TextCursor): YamlFault {
  if (cursor.code() === TAB) return cursor.fault('a tab is where the indentation must be of spaces', 'use spaces')
  return cursor.fault(`"${String.fromCharCode(cursor.code())}" cannot begin a value`, 'put the text in quotes')
}

/** How long the words are that are taken for keys at once. */
const SHORT = 256

/** The offset behind a word of letters, digits and `_` that a `:` makes a key; -1 where no such word is. */
export function endOfKeyWord(text: string, at: number): number {
  let end = at
  while (isLetterOrDigit(text.charCodeAt(end)) || text.charCodeAt(end) === 0x5f) end += 1
  const isKey = end > at && end - at <= SHORT && text.charCodeAt(end) === 0x3a && isBlankOrEnd(text.charCodeAt(end + 1))
  return isKey ? end : -1
}

/**
 * The offset of the line feed behind a plain scalar that begins here, for one of letters, digits and signs that mean nothing in it, and
 * where the next line is not indented by more than `indent`, so that it cannot go on there; -1 for every other text.
 */
export function endOfPlainLine(text: string, at: number, indent: number): number {
  if (!isLetterOrDigit(text.charCodeAt(at))) return -1
  let end = at + 1
  for (let code = text.charCodeAt(end); code !== 0x0a; code = text.charCodeAt(end)) {
    if (code < 0x20 || code > 0x7e || code === 0x3a || code === 0x23) return -1
    end += 1
  }
  if (text.charCodeAt(end - 1) === 0x20) return -1
  let next = end + 1
  while (text.charCodeAt(next) === 0x20) next += 1
  const code = text.charCodeAt(next)
  return code > 0x20 && code < 0x7f && next - end - 1 <= indent ? end : -1
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
}
