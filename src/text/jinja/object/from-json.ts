import { wholeFrom } from '../syntax/number.ts'
import { wrong } from '../value/fault.ts'
import { Dict, type Value } from '../value/value.ts'

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|(true|false|null|NaN|-?Infinity)|(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"))/y
const WORDS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity,
  '-Infinity': -Infinity,
}
const DEPTH = 200

/** The value of a JSON text, exactly: 1 is a whole number of any size, 1.0 is a float. Throws TemplateFault for other text. */
export function parsedJson(text: string): Value {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Value {
    if (depth > DEPTH) throw wrong('the JSON is nested too deep')
    const [, sign, word, whole, fraction, exponent, string] = this.#next()
    if (word !== undefined) return WORDS[word] ?? null
    if (string !== undefined) return this.#string(string)
    if (whole !== undefined)
      return fraction === undefined && exponent === undefined
        ? wholeFrom(whole)
        : Number(`${whole}${fraction ?? ''}${exponent ?? ''}`)
    if (sign === '[') return this.#list(depth)
    if (sign === '{') return this.#dict(depth)
    throw this.#fault()
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '') throw this.#fault()
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at
    const found = TOKEN.exec(this.#text)
    if (found === null) throw this.#fault()
    this.#at += found[0].length
    return found
  }

  #takes(sign: string): boolean {
    const before = this.#at
    const isThere = /^\s*$/.test(this.#text.slice(before)) ? false : this.#next()[1] === sign
    if (!isThere) this.#at = before
    return isThere
  }

  #string(written: string): string {
    try {
      return JSON.parse(written) as string
    } catch {
      throw this.#fault()
    }
  }

  #list(depth: number): Value {
    const items: Value[] = []
    if (this.#takes(']')) return items
    do items.push(this.value(depth + 1))
    while (this.#takes(','))
    if (!this.#takes(']')) throw this.#fault()
    return items
  }

  #dict(depth: number): Value {
    const dict = new Dict()
    if (this.#takes('}')) return dict
    do {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' || !this.#takes(':')) throw this.#fault()
      dict.set(key, this.value(depth + 1))
    } while (this.#takes(','))
    if (!this.#takes('}')) throw this.#fault()
    return dict
  }

  #fault(): Error {
    return wrong('the text is no JSON', `see character ${this.#at + 1}`)
  }
}
