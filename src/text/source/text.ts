import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, refuse } from './checked.ts'
import { lineStartsOf, placeOfOffset } from './located.ts'

/** The size that a file people write may have: 1 MiB. */
export const AUTHORED_LIMIT = 1_048_576

/** The size that a file machines write may have (a saved plan, an intended configuration): 64 MiB. */
export const GENERATED_LIMIT = 67_108_864

const INVISIBLE = new RegExp(`(?![\\t\\n\\r])${HIDDEN_CHARACTER.source}|\\r(?!\\n)`, 'u')

/** A file's content as text: UTF-8 within `limit` bytes, and without NUL. A byte order mark, which in UTF-8 says nothing, is left out. */
export function decodeText(content: string | Uint8Array, file: string, limit: number): ValueOrProblems<string> {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  if (size > limit) return refuse(tooLarge(file, limit))
  const text = typeof content === 'string' ? content.replace(/^\ufeff/, '') : new TextDecoder('utf-8').decode(content)
  const fault = notUtf8(content, text, file) ?? nulIn(text, file)
  return fault === undefined ? accept(text) : refuse(fault)
}

/**
 * The same for a text that people write and read: it is what it looks like, without control, bidirectional or other
 * invisible characters (docs/transport.md#what-people-write: what is approved must be what is seen).
 */
export function readText(
  content: string | Uint8Array,
  file: string,
  limit: number = AUTHORED_LIMIT,
): ValueOrProblems<string> {
  const decoded = decodeText(content, file, limit)
  if (!decoded.ok) return decoded
  const fault = invisible(decoded.value, file)
  return fault === undefined ? decoded : refuse(fault)
}

export function placeAt(text: string, offset: number, file: string): Place {
  return placesIn(text, file)(offset)
}

/** The places of offsets in a text, for a text with many: its lines are counted once. */
export function placesIn(text: string, file: string): (offset: number) => Place {
  const lines = { file, lineStarts: lineStartsOf(text) }
  return (offset) => placeOfOffset(lines, offset)
}

/** How an invisible character is written in a message: `U+202E`. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function tooLarge(file: string, limit: number) {
  return problemOf(
    file,
    'too-large',
    `the file has more than the ${limit} bytes that are read`,
    'split it, or check that this is the file you meant',
  )
}

function notUtf8(content: string | Uint8Array, text: string, file: string): Problem | undefined {
  if (typeof content === 'string') return undefined
  if ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)) {
    return encoding('the file is UTF-16, not UTF-8', { file, line: 1, column: 1 })
  }
  const mark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? 3 : 0
  for (let index = text.indexOf('\ufffd'); index >= 0; index = text.indexOf('\ufffd', index + 1)) {
    const offset = mark + Buffer.byteLength(text.slice(0, index))
    const written = content[offset] === 0xef && content[offset + 1] === 0xbf && content[offset + 2] === 0xbd
    if (!written) return encoding(`the file is not UTF-8 text (byte ${offset})`, placeAt(text, index, file))
  }
  return undefined
}

function encoding(message: string, at: Place): Problem {
  return { code: 'not-text', message, at, hint: 'save it as UTF-8 text; a binary file is not read' }
}

function nulIn(text: string, file: string): Problem | undefined {
  const nul = text.indexOf('\u0000')
  return nul < 0 ? undefined : encoding('the file holds a NUL byte: it is binary, not text', placeAt(text, nul, file))
}

function invisible(text: string, file: string): Problem | undefined {
  const found = INVISIBLE.exec(text)
  if (found === null) return undefined
  return {
    code: 'invisible-character',
    message: `the text holds the invisible character ${codePoint(found[0])}`,
    at: placeAt(text, found.index, file),
    hint: 'delete the character: what is approved must be what is seen',
  }
}
