import { TemplateFault } from '../value/value.ts'

// What an escape of one sign means in Python, by that sign ("String and Bytes literals").
export const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

// Digits behind the letter of an escape that names a character by its number.
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** What a text between quotes means (Python's `unicode-escape`). An escape that Python does not know stays as it is written. */
export function unescaped(written: string, offset: number): string {
  if (!written.includes('\\')) return written
  return written.replaceAll(/\\(x.{0,2}|u.{0,4}|U.{0,8}|[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    const letter = code[0] ?? ''
    const single = SIMPLE_ESCAPES[letter]
    if (single !== undefined && code.length === 1) return single
    if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    if (letter === 'N') throw badEscape('\\N{…} names a character that is not looked up here', offset)
    const digits = DIGITS[letter]
    return digits === undefined ? whole : numbered(code.slice(1), digits, whole, offset)
  })
}

function numbered(written: string, digits: number, whole: string, offset: number) {
  const number = Number.parseInt(written, 16)
  if (written.length !== digits || !/^[\da-f]+$/i.test(written) || number > 0x10_ff_ff)
    throw badEscape(`\`${whole}\` names no character`, offset)
  return String.fromCodePoint(number)
}

function badEscape(message: string, offset: number) {
  return new TemplateFault('template-syntax', message, 'write the character itself, or a backslash twice', offset)
}
