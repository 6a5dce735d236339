import { type Cursor, isBlank, isBlankOrEnd } from './cursor.ts'
import type { YamlFault } from './fault.ts'

const TAB = 0x09

/** Whether a plain scalar may begin with the character that is to be read. */
export function beginsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code()
  if (code === 0x2d) return !isBlank(cursor.code(1))
  if (code === 0x3f || code === 0x3a) return !inFlow && !isBlankOrEnd(cursor.code(1))
  if (isLetterOrDigit(code) || code > 0x7f) return true
  return !isBlankOrEnd(code) && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code))
}

/** The fault of a character that cannot begin anything. */
export function strange(cursor: Cursor): YamlFault {
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

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
}
