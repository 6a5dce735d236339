import type { Json } from '../../model/json.ts'
import { NO_MEMBERS, type Spot } from './located.ts'
import { isForbiddenKey } from './misleading.ts'

export interface PlainYaml {
  readonly value: Json
  readonly spot: Spot
}

const DEEPEST = 16

// Longer keys are left to the package: YAML has a limit for them (1.2.2, 7.4.2).
const LONGEST_KEY = 500

const BEYOND = /[\t\r\ud800-\udfff]/
const GAP = /(?:[ ]*(?:#[^\n]*)?\n)*(?:[ ]*(?:#[^\n]*)?$)?/y
const DOCUMENT_BEGINS = /---[ ]*\n/y
const END_OF_LINE = /[ ]*(?:(?<= )#[^\n]*)?(?:\n|$)/y
const INDENT = /[ ]*/y
const ITEM = /-[ ]+(?=[^ \n])/y
const BLOCK_KEY = /(?:([A-Za-z_][\w./-]*)|"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n]|$)[ ]*/y
const FLOW_KEY = /(?:([A-Za-z_][\w./-]*):(?=[ \n])|"([^"\\\n]*)":|'([^'\n]*)':(?=[ \n]))[ \n]*/y
const QUOTED = /"([^"\\\n]*)"|'([^'\n]*)'/y
const BLOCK_TEXT = /(?:[\w./$+]|-(?=\d))(?:[^ :#\n]|:(?![ \n]|$)|(?<! )#|[ ]+(?![ #\n]|$))*/y
const FLOW_TEXT = /[\w/$+](?:[\w./@$+=-]|[ ]+(?=[\w./@$+=-]))*/y
const FLOW_GAP = /[ \n]*/y

// The numbers of the core schema (YAML 1.2.2, 10.3.2).
const NUMBER = /^(?:[-+]?\d+|0o[0-7]+|0x[\da-f]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|[-+]?\.inf|\.nan)$/i
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])

/** Gives of a text what the package gives, places included, in a tenth of its time (docs/speed.md). */
export function readPlainYaml(text: string): PlainYaml | undefined {
  if (BEYOND.test(text)) return undefined
  try {
    return new PlainReader(text).document()
  } catch (thrown) {
    // The pattern of a text exhausts its stack on one of millions of characters.
    if (thrown instanceof Beyond || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

class Beyond extends Error {}

class PlainReader {
  readonly #text: string
  #at = 0
  #depth = 0
  // Whether brackets may go on behind the end of a line: within a block YAML demands an indentation then.
  #mayWrap = false

  constructor(text: string) {
    this.#text = text
  }

  document(): PlainYaml {
    this.#take(GAP)
    if (this.#take(DOCUMENT_BEGINS) !== undefined) this.#take(GAP)
    this.#mayWrap = this.#isAtOne('{[')
    const read = this.#mayWrap ? this.#flowToEnd() : this.#block(0)
    if (this.#at < this.#text.length) throw new Beyond()
    return read
  }

  // A block that begins in this line, at least so far to the right.
  #block(least: number): PlainYaml {
    const column = this.#column()
    if (column < least) throw new Beyond()
    this.#at += column
    return this.#isAtItem() ? this.#list(column) : this.#map(column)
  }

  #map(column: number): PlainYaml {
    this.#deeper()
    const map = new MapReading(this.#at)
    do {
      const keyAt = this.#at
      const key = this.#key(BLOCK_KEY)
      map.add(key, keyAt, this.#valueOf(column))
    } while (this.#goesOn(column))
    this.#depth -= 1
    return map
  }

  #valueOf(column: number): PlainYaml {
    if (this.#take(END_OF_LINE) === undefined) return this.#line()
    this.#take(GAP)
    const next = this.#column()
    // A list may begin at the column of its key.
    return this.#block(next === column && this.#text.startsWith('- ', this.#at + next) ? column : column + 1)
  }

  #list(column: number): PlainYaml {
    this.#deeper()
    const list = new ListReading(this.#at)
    do {
      const from = this.#at
      if (this.#take(ITEM) === undefined) throw new Beyond()
      list.add(this.#item(column + this.#at - from))
    } while (this.#goesOn(column, '- '))
    this.#depth -= 1
    return list
  }

  #item(column: number): PlainYaml {
    const at = this.#at
    const hasKey = this.#take(BLOCK_KEY) !== undefined
    this.#at = at
    return hasKey ? this.#map(column) : this.#line()
  }

  #goesOn(column: number, begins = ''): boolean {
    const next = this.#column()
    if (this.#at === this.#text.length || next < column) return false
    if (next > column) throw new Beyond()
    if (!this.#text.startsWith(begins, this.#at + column)) return false
    this.#at += column
    return true
  }

  #line(): PlainYaml {
    if (this.#isAtOne('{[')) return this.#flowToEnd()
    const read = this.#scalar(BLOCK_TEXT)
    this.#endLine()
    return read
  }

  #flowToEnd(): PlainYaml {
    const read = this.#flow()
    this.#endLine()
    return read
  }

  #endLine(): void {
    if (this.#take(END_OF_LINE) === undefined) throw new Beyond()
    this.#take(GAP)
  }

  #flow(): PlainYaml {
    if (!this.#isAtOne('{[')) return this.#scalar(FLOW_TEXT)
    this.#deeper()
    const isMap = this.#isAtOne('{')
    const read = isMap ? new MapReading(this.#at) : new ListReading(this.#at)
    const end = isMap ? '}' : ']'
    this.#at += 1
    this.#flowGap()
    while (!this.#isAtOne(end)) {
      const at = this.#at
      if (read instanceof ListReading) read.add(this.#flow())
      else read.add(this.#key(FLOW_KEY), at, this.#flow())
      this.#flowGap()
      if (this.#isAtOne(',')) {
        this.#at += 1
        this.#flowGap()
      } else if (!this.#isAtOne(end)) throw new Beyond()
    }
    this.#at += 1
    this.#depth -= 1
    return read
  }

  #flowGap(): void {
    const [gap = ''] = this.#take(FLOW_GAP) ?? []
    if (!this.#mayWrap && gap.includes('\n')) throw new Beyond()
  }

  #key(pattern: RegExp): string {
    const [whole = '', bare, double, single] = this.#take(pattern) ?? []
    const key = bare ?? double ?? single
    if (key === undefined || key.length > LONGEST_KEY || isForbiddenKey(key)) throw new Beyond()
    if (bare !== undefined && WORDS.has(bare)) throw new Beyond()
    if (!this.#mayWrap && pattern === FLOW_KEY && whole.includes('\n')) throw new Beyond()
    return key
  }

  #scalar(plain: RegExp): PlainYaml {
    const at = this.#at
    const [, double, single] = this.#take(QUOTED) ?? []
    const quoted = double ?? single
    if (quoted !== undefined) return { value: quoted, spot: { value: at, text: at + 1, members: NO_MEMBERS } }
    const [text] = this.#take(plain) ?? []
    if (text === undefined) throw new Beyond()
    return { value: wordOrNumber(text), spot: { value: at, members: NO_MEMBERS } }
  }

  #column(): number {
    INDENT.lastIndex = this.#at
    return INDENT.exec(this.#text)?.[0].length ?? 0
  }

  #isAtItem(): boolean {
    return this.#text.startsWith('- ', this.#at)
  }

  #isAtOne(characters: string): boolean {
    return this.#at < this.#text.length && characters.includes(this.#text.charAt(this.#at))
  }

  #deeper(): void {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw new Beyond()
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return undefined
    this.#at += found[0].length
    return found
  }
}

class MapReading implements PlainYaml {
  readonly spot: Spot
  readonly #members = new Map<string, Spot>()
  readonly #entries: [string, Json][] = []

  constructor(at: number) {
    this.spot = { value: at, members: this.#members }
  }

  get value(): Json {
    return Object.fromEntries(this.#entries)
  }

  add(key: string, keyAt: number, { value, spot }: PlainYaml): void {
    if (this.#members.has(key)) throw new Beyond()
    this.#entries.push([key, value])
    this.#members.set(key, { ...spot, key: keyAt })
  }
}

class ListReading implements PlainYaml {
  readonly value: Json[] = []
  readonly spot: Spot
  readonly #members = new Map<string, Spot>()

  constructor(at: number) {
    this.spot = { value: at, members: this.#members }
  }

  add({ value, spot }: PlainYaml): void {
    this.#members.set(String(this.value.length), spot)
    this.value.push(value)
  }
}

function wordOrNumber(text: string): Json {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (!NUMBER.test(text)) return text
  if (!INTEGER.test(text)) throw new Beyond()
  return Number(text)
}
