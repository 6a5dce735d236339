import type { WrittenKey } from '../../../model/map-keys.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { SIMPLE_ESCAPES } from '../../../text/jinja/syntax/string-literal.ts'
import { MappingBuilder } from '../../../text/yaml-1-1/mapping.ts'
import { exactFloat, exactWhole } from '../../../text/yaml-1-1/scalar.ts'
import type { RosterMap, RosterValue } from '../hosts/roster.ts'

const OPENING = /([rRuUbBfF]{0,2})("""|'''|"|')/y
const CODED = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/

interface PythonString {
  readonly text: string | undefined
  readonly end: number
}

function pythonString(source: string, at: number): PythonString | undefined {
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

function escaped(source: string, at: number, isRaw: boolean) {
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

class NoLiteral extends Error {}

const DEPTH = 90
const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.?(?:[eE][-+]?[0-9](?:_?[0-9])*)?)(?![\w.])/uy
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const BLANKS = /(?:[ \t\f]|\\\n|#.*)*/y
const NAMES: Readonly<Record<string, RosterValue>> = { True: true, False: false, None: null }

/** The value of a text as Ansible makes it of a value in an INI inventory, with Python's `ast.literal_eval`: a literal of Python, where the text is one, else the text. Sets, bytes within others and complex numbers, which no JSON has, stay text. */
export function literalOrText(text: string): RosterValue {
  // Most values are a word, which is no literal.
  const first = text.charCodeAt(0)
  if ((first >= 0x61 && first <= 0x7a && !/["']/.test(text)) || text === '') return text
  try {
    return new LiteralReader(text.replace(/^[ \t]+/, '')).whole()
  } catch (error) {
    if (error instanceof NoLiteral) return text
    throw error
  }
}

class LiteralReader {
  private readonly text: string
  private at = 0
  private depth = 0

  constructor(text: string) {
    this.text = text
  }

  whole(): RosterValue {
    const first = this.value()
    const value = this.next() === ',' ? this.items([first], '') : first
    if (this.next() !== '') throw new NoLiteral()
    return value
  }

  private next(): string {
    this.match(BLANKS)
    return this.text.charAt(this.at)
  }

  private value(): RosterValue {
    const sign = this.next()
    if (sign === '[' || sign === '(' || sign === '{') return this.container(sign)
    if (sign === '-' || sign === '+') return this.signed(sign)
    const string = pythonString(this.text, this.at)
    if (string !== undefined) return this.strings()
    const name = this.match(NAME)
    if (name === undefined) return this.number()
    if (!Object.hasOwn(NAMES, name)) throw new NoLiteral()
    return NAMES[name] ?? null
  }

  private signed(sign: string): RosterValue {
    this.at += 1
    this.next()
    const value = this.number()
    if (sign === '+') return value
    if (value instanceof WholeFloat) return new WholeFloat(-value.value)
    return typeof value === 'bigint' ? -value : 0 - value
  }

  private number(): number | bigint | WholeFloat {
    const found = this.match(NUMBER)
    if (found === undefined) throw new NoLiteral()
    const digits = found.replaceAll('_', '')
    if (/^0[xob]/i.test(digits)) return exactWhole(BigInt(digits))
    if (/[.eE]/.test(digits)) return exactFloat(Number(digits))
    if (/^0+[1-9]/.test(digits)) throw new NoLiteral()
    return exactWhole(BigInt(digits))
  }

  private strings(): string {
    let text = ''
    for (;;) {
      this.next()
      const found = pythonString(this.text, this.at)
      if (found === undefined) return text
      if (found.text === undefined) throw new NoLiteral()
      text += found.text
      this.at = found.end
    }
  }

  private container(sign: string): RosterValue {
    this.depth += 1
    if (this.depth > DEPTH) throw new NoLiteral()
    this.at += 1
    const value = sign === '{' ? this.dict() : sign === '[' ? this.items([], ']') : this.parenthesis()
    this.depth -= 1
    return value
  }

  private parenthesis(): RosterValue {
    if (this.next() === ')') return this.items([], ')')
    const first = this.value()
    if (this.next() === ',') return this.items([first], ')')
    this.must(')')
    return first
  }

  private items(items: RosterValue[], end: string): RosterValue[] {
    while (this.next() !== end) {
      if (items.length > 0) {
        this.must(',')
        if (this.next() === end) break
      }
      items.push(this.value())
    }
    if (end !== '') this.must(end)
    return items
  }

  private dict(): RosterMap {
    const map: Record<string, RosterValue> = {}
    const builder = new MappingBuilder(map, undefined)
    for (let isFirst = true; this.next() !== '}'; isFirst = false) {
      if (!isFirst) {
        this.must(',')
        if (this.next() === '}') break
      }
      const key = keyOf(this.value())
      this.must(':')
      builder.set(key, this.value(), undefined)
    }
    this.must('}')
    builder.finish()
    return map
  }

  private must(sign: string): void {
    if (this.next() !== sign) throw new NoLiteral()
    this.at += 1
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }
}

function keyOf(value: RosterValue): WrittenKey {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value
  if (typeof value === 'number') return Number.isInteger(value) ? value : String(value)
  if (value instanceof WholeFloat) return `${value.value}.0`
  throw new NoLiteral()
}
