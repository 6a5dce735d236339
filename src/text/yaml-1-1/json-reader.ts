import type { ComposeOptions } from './composer.ts'
import type { Mark } from './fault.ts'
import { MappingBuilder, marksFor } from './mapping.ts'
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

export class NoJson extends Error {
  readonly at: number

  constructor(at: number, what = 'the text is no JSON') {
    super(what)
    this.at = at
  }
}

/**
 * The value of a text that is JSON as Python reads it, in an object or a list; undefined for any other text. Ansible tries this before
 * YAML, and the two differ: 1e5 is a number here, and a tab may be an indentation.
 */
export function jsonValue(text: string, options: ComposeOptions): { readonly value: unknown } | undefined {
  if (!/^[ \t\r\n]*[[{]/.test(text)) return undefined
  try {
    return { value: pythonJson(text, options) }
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

function plainWhole(digits: string) {
  return digits.length <= SMALL ? Number(digits) + 0 : exactWhole(BigInt(digits))
}

/** Throws {@link NoJson} where Python reads no JSON; `whole` makes a number of digits. */
export function pythonJson(
  text: string,
  options: ComposeOptions,
  whole: (digits: string) => unknown = plainWhole,
): unknown {
  let at = 0
  let line = 1
  let lineStart = 0
  let counted = 0
  let depth = 0

  function valueRead(): unknown {
    blanks()
    const sign = text.charAt(at)
    if (sign === '{' || sign === '[') return container(sign)
    if (sign === '"') return stringRead()
    const word = matched(WORD)
    return word === undefined ? numberRead() : WORDS[word]
  }

  function container(sign: string): unknown {
    depth += 1
    if (depth > DEPTH) throw new NoJson(at, 'the JSON is nested too deep')
    at += 1
    const value = sign === '{' ? objectRead() : listRead()
    depth -= 1
    return value
  }

  function objectRead(): unknown {
    const map: Record<string, unknown> = {}
    const builder = new MappingBuilder(map, marksFor(options, map, depth))
    let isFirst = true
    while (!takes('}')) {
      if (!isFirst) must(',')
      isFirst = false
      blanks()
      const key = stringRead()
      must(':')
      blanks()
      const mark = markHere()
      builder.set(key, valueRead(), mark)
    }
    builder.finish()
    return hooked(map)
  }

  function hooked(map: Record<string, unknown>): unknown {
    for (const [key, value] of Object.entries(map)) {
      const tag = key === '__ansible_vault' ? '!vault' : key === '__ansible_unsafe' ? '!unsafe' : undefined
      if (tag !== undefined) return options.tags.get(tag)?.(value) ?? map
    }
    return map
  }

  function listRead(): unknown[] {
    const items: unknown[] = []
    const marks = marksFor(options, items, depth)
    while (!takes(']')) {
      if (items.length > 0) must(',')
      blanks()
      marks?.set(items.length, markHere())
      items.push(valueRead())
    }
    return items
  }

  function stringRead() {
    const found = matched(TEXT)
    if (found === undefined) throw new NoJson(at)
    return found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1)
  }

  function numberRead(): unknown {
    NUMBER.lastIndex = at
    const [digits, fraction, exponent] = NUMBER.exec(text) ?? []
    if (digits === undefined) throw new NoJson(at)
    at += digits.length
    if (fraction !== undefined || exponent !== undefined) return exactFloat(Number(digits))
    return whole(digits)
  }

  function takes(sign: string) {
    blanks()
    if (text.charAt(at) !== sign) return false
    at += 1
    return true
  }

  function must(sign: string) {
    if (!takes(sign)) throw new NoJson(at)
  }

  function blanks() {
    matched(BLANKS)
  }

  function matched(pattern: RegExp) {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }

  function markHere(): Mark {
    for (let next = text.indexOf('\n', counted); next >= 0 && next < at; ) {
      line += 1
      lineStart = next + 1
      next = text.indexOf('\n', lineStart)
    }
    counted = at
    return { line, column: at - lineStart + 1 }
  }

  const value = valueRead()
  blanks()
  if (at < text.length) throw new NoJson(at)
  return value
}
