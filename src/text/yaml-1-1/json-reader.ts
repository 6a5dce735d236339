import type { ComposeOptions } from './composer.ts'
import type { Mark } from './fault.ts'
import { MappingBuilder, type Marks } from './mapping.ts'
import { exactFloat, exactWhole } from './scalar.ts'

const BLANKS = /[ \t\r\n]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON takes none of them in a text
const TEXT = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const WORD = /true|false|null|NaN|-?Infinity/y
const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}
const DEPTH = 300
const SMALL = 15

class NoJson extends Error {}

/**
 * The value of a text that is JSON as Python reads it, in an object or a list; undefined for any other text. Ansible tries this before
 * YAML, and the two differ: 1e5 is a number here, and a tab may be an indentation.
 */
export function jsonValue(text: string, options: ComposeOptions): { readonly value: unknown } | undefined {
  if (!/^[ \t\r\n]*[[{]/.test(text)) return undefined
  try {
    return { value: new JsonReader(text, options).document() }
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

class JsonReader {
  private readonly text: string
  private readonly options: ComposeOptions
  private at = 0
  private line = 1
  private lineStart = 0
  private counted = 0
  private depth = 0

  constructor(text: string, options: ComposeOptions) {
    this.text = text
    this.options = options
  }

  document(): unknown {
    const value = this.value()
    this.blanks()
    if (this.at < this.text.length) throw new NoJson()
    return value
  }

  private value(): unknown {
    this.blanks()
    const sign = this.text.charAt(this.at)
    if (sign === '{' || sign === '[') return this.container(sign)
    if (sign === '"') return this.string()
    const word = this.match(WORD)
    return word === undefined ? this.number() : WORDS[word]
  }

  private container(sign: string): unknown {
    this.depth += 1
    if (this.depth > DEPTH) throw new NoJson()
    this.at += 1
    const value = sign === '{' ? this.object() : this.list()
    this.depth -= 1
    return value
  }

  private object(): unknown {
    const map: Record<string, unknown> = {}
    const builder = new MappingBuilder(map, this.marksFor(map))
    let isFirst = true
    while (!this.takes('}')) {
      if (!isFirst) this.must(',')
      isFirst = false
      this.blanks()
      const key = this.string()
      this.must(':')
      this.blanks()
      const mark = this.mark()
      builder.set(key, this.value(), mark)
    }
    builder.finish()
    return this.hooked(map)
  }

  private hooked(map: Record<string, unknown>): unknown {
    for (const [key, value] of Object.entries(map)) {
      const tag = key === '__ansible_vault' ? '!vault' : key === '__ansible_unsafe' ? '!unsafe' : undefined
      if (tag !== undefined) return this.options.tags.get(tag)?.(value) ?? map
    }
    return map
  }

  private list(): unknown[] {
    const items: unknown[] = []
    const marks = this.marksFor(items)
    while (!this.takes(']')) {
      if (items.length > 0) this.must(',')
      this.blanks()
      marks?.set(items.length, this.mark())
      items.push(this.value())
    }
    return items
  }

  private string(): string {
    const found = this.match(TEXT)
    if (found === undefined) throw new NoJson()
    return found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1)
  }

  private number(): unknown {
    NUMBER.lastIndex = this.at
    const [text, fraction, exponent] = NUMBER.exec(this.text) ?? []
    if (text === undefined) throw new NoJson()
    this.at += text.length
    if (fraction !== undefined || exponent !== undefined) return exactFloat(Number(text))
    return text.length <= SMALL ? Number(text) + 0 : exactWhole(BigInt(text))
  }

  private takes(sign: string): boolean {
    this.blanks()
    if (this.text.charAt(this.at) !== sign) return false
    this.at += 1
    return true
  }

  private must(sign: string): void {
    if (!this.takes(sign)) throw new NoJson()
  }

  private blanks(): void {
    this.match(BLANKS)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private marksFor(value: object): Marks | undefined {
    if (this.options.marks === undefined || this.depth > this.options.markDepth) return undefined
    const marks: Marks = new Map()
    this.options.marks.set(value, marks)
    return marks
  }

  private mark(): Mark {
    for (let next = this.text.indexOf('\n', this.counted); next >= 0 && next < this.at; ) {
      this.line += 1
      this.lineStart = next + 1
      next = this.text.indexOf('\n', this.lineStart)
    }
    this.counted = this.at
    return { line: this.line, column: this.at - this.lineStart + 1 }
  }
}
