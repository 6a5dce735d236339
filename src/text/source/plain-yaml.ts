import type { Json } from '../../model/json.ts'
import { isForbiddenKey } from './json.ts'
import { NO_MEMBERS, type Spot } from './located.ts'

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
    return documentIn(text)
  } catch (thrown) {
    // The pattern of a text exhausts its stack on one of millions of characters.
    if (thrown instanceof Beyond || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

class Beyond extends Error {}

function documentIn(text: string): PlainYaml {
  let at = 0
  let depth = 0
  // Whether brackets may go on behind the end of a line: within a block YAML demands an indentation then.
  let mayWrap = false

  function document(): PlainYaml {
    take(GAP)
    if (take(DOCUMENT_BEGINS) !== undefined) take(GAP)
    mayWrap = isAtOne('{[')
    const read = mayWrap ? flowToEnd() : block(0)
    if (at < text.length) throw new Beyond()
    return read
  }

  // A block that begins in this line, at least so far to the right.
  function block(least: number): PlainYaml {
    const column = columnHere()
    if (column < least) throw new Beyond()
    at += column
    return isAtItem() ? listRead(column) : mapRead(column)
  }

  function mapRead(column: number): PlainYaml {
    deeper()
    const map = new MapReading(at)
    do {
      const keyAt = at
      map.add(keyOf(BLOCK_KEY), keyAt, memberValue(column))
    } while (goesOn(column))
    depth -= 1
    return map
  }

  function memberValue(column: number): PlainYaml {
    if (take(END_OF_LINE) === undefined) return lineRead()
    take(GAP)
    const next = columnHere()
    // A list may begin at the column of its key.
    return block(next === column && text.startsWith('- ', at + next) ? column : column + 1)
  }

  function listRead(column: number): PlainYaml {
    deeper()
    const list = new ListReading(at)
    do {
      const from = at
      if (take(ITEM) === undefined) throw new Beyond()
      list.add(itemRead(column + at - from))
    } while (goesOn(column, '- '))
    depth -= 1
    return list
  }

  function itemRead(column: number): PlainYaml {
    const from = at
    const hasKey = take(BLOCK_KEY) !== undefined
    at = from
    return hasKey ? mapRead(column) : lineRead()
  }

  function goesOn(column: number, begins = '') {
    const next = columnHere()
    if (at === text.length || next < column) return false
    if (next > column) throw new Beyond()
    if (!text.startsWith(begins, at + column)) return false
    at += column
    return true
  }

  function lineRead(): PlainYaml {
    if (isAtOne('{[')) return flowToEnd()
    const read = scalarRead(BLOCK_TEXT)
    endLine()
    return read
  }

  function flowToEnd(): PlainYaml {
    const read = flowRead()
    endLine()
    return read
  }

  function endLine() {
    if (take(END_OF_LINE) === undefined) throw new Beyond()
    take(GAP)
  }

  function flowRead(): PlainYaml {
    if (!isAtOne('{[')) return scalarRead(FLOW_TEXT)
    deeper()
    const isMap = isAtOne('{')
    const read = isMap ? new MapReading(at) : new ListReading(at)
    const end = isMap ? '}' : ']'
    at += 1
    flowGap()
    while (!isAtOne(end)) {
      addMember(read)
      flowGap()
      if (isAtOne(',')) {
        at += 1
        flowGap()
      } else if (!isAtOne(end)) throw new Beyond()
    }
    at += 1
    depth -= 1
    return read
  }

  function addMember(read: MapReading | ListReading) {
    const from = at
    if (read instanceof ListReading) read.add(flowRead())
    else read.add(keyOf(FLOW_KEY), from, flowRead())
  }

  function flowGap() {
    const [gap = ''] = take(FLOW_GAP) ?? []
    if (!mayWrap && gap.includes('\n')) throw new Beyond()
  }

  function keyOf(pattern: RegExp) {
    const [whole = '', bare, double, single] = take(pattern) ?? []
    const key = bare ?? double ?? single
    if (key === undefined || key.length > LONGEST_KEY || isForbiddenKey(key)) throw new Beyond()
    if (bare !== undefined && WORDS.has(bare)) throw new Beyond()
    if (!mayWrap && pattern === FLOW_KEY && whole.includes('\n')) throw new Beyond()
    return key
  }

  function scalarRead(plain: RegExp): PlainYaml {
    const from = at
    const [, double, single] = take(QUOTED) ?? []
    const quoted = double ?? single
    if (quoted !== undefined) return { value: quoted, spot: { value: from, text: from + 1, members: NO_MEMBERS } }
    const [bare] = take(plain) ?? []
    if (bare === undefined) throw new Beyond()
    return { value: wordOrNumber(bare), spot: { value: from, members: NO_MEMBERS } }
  }

  function columnHere() {
    INDENT.lastIndex = at
    return INDENT.exec(text)?.[0].length ?? 0
  }

  function isAtItem() {
    return text.startsWith('- ', at)
  }

  function isAtOne(characters: string) {
    return at < text.length && characters.includes(text.charAt(at))
  }

  function deeper() {
    depth += 1
    if (depth > DEEPEST) throw new Beyond()
  }

  function take(pattern: RegExp) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    at += found[0].length
    return found
  }

  return document()
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

  add(key: string, keyAt: number, { value, spot }: PlainYaml) {
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

  add({ value, spot }: PlainYaml) {
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
