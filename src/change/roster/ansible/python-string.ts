import { SIMPLE_ESCAPES } from '../../../text/jinja/syntax/string-literal.ts'

const OPENING = /([rRuUbBfF]{0,2})("""|'''|"|')/y
const CODED = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/

/** A text in quotes of Python's, from `at` on. */
export interface PythonString {
  /** Undefined for what is no text that a value may be: an f-string, or one without an end. */
  readonly text: string | undefined
  /** The offset behind it. */
  readonly end: number
}

/** Reads a text in quotes; undefined where none begins. */
export function pythonString(source: string, at: number): PythonString | undefined {
  OPENING.lastIndex = at
  const [opening = '', prefix = '', quote = ''] = OPENING.exec(source) ?? []
  if (opening === '') return undefined
  const isRaw = /r/i.test(prefix)
  let text = ''
  let index = at + opening.length
  while (index < source.length && !source.startsWith(quote, index)) {
    const read =
      source.charAt(index) === '\\' ? escaped(source, index, isRaw) : { text: source.charAt(index), length: 1 }
    if (read === undefined) return { text: undefined, end: source.length }
    text += read.text
    index += read.length
  }
  const isText = index < source.length && /^(?:r|u|b|br|rb)?$/i.test(prefix)
  return { text: isText ? text : undefined, end: index + quote.length }
}

/** What an escape means; undefined where Python refuses it. An escape that Python does not know stays as it is. */
function escaped(source: string, at: number, isRaw: boolean): { text: string; length: number } | undefined {
  const letter = source.charAt(at + 1)
  if (letter === '') return undefined
  if (isRaw) return { text: `\\${letter}`, length: 2 }
  const simple = SIMPLE_ESCAPES[letter]
  if (simple !== undefined) return { text: simple, length: 2 }
  const [found = '', two, four, eight, octal] = CODED.exec(source.slice(at + 1, at + 10)) ?? []
  if (found === '') return 'xuUN'.includes(letter) ? undefined : { text: `\\${letter}`, length: 2 }
  const code = octal === undefined ? Number.parseInt(two ?? four ?? eight ?? '', 16) : Number.parseInt(octal, 8)
  return code > 0x10ffff ? undefined : { text: String.fromCodePoint(code), length: found.length + 1 }
}
