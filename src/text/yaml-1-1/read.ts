import { type Place, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { accept, codePoint, refuse } from '../source/located.ts'
import { type ComposeOptions, composedDocument } from './composer.ts'
import { type Mark, YamlFault } from './fault.ts'
import { MappingBuilder, type Marks, marksFor } from './mapping.ts'
import { exactFloat, exactWhole } from './scalar.ts'

// What libyaml takes for no text, of the characters that are one UTF-16 unit.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

export interface Yaml11Options {
  readonly tags: ComposeOptions['tags']
  /** Down to which depth the places of members are kept, where the outermost mapping is 1; 0 for none. */
  readonly markDepth: number
}

export interface Yaml11 {
  readonly value: unknown
  /** Of the member of a mapping or a list of this file; undefined where it is not kept. */
  markOf(container: object, key: string | number): Mark | undefined
}

/** Reads a text as Ansible reads files: JSON, or YAML 1.1 as PyYAML understands it, with what Ansible adds. A mapping is a plain object whose keys `model/map-keys.ts` knows as they are written. */
export function readYaml11(text: string, file: string, given: Yaml11Options): ValueOrProblems<Yaml11> {
  const marks = given.markDepth > 0 ? new Map<object, Marks>() : undefined
  const options: ComposeOptions = {
    tags: given.tags,
    markDepth: given.markDepth,
    ...definedMembers({ marks }),
  }
  const markOf = (container: object, key: string | number) => marks?.get(container)?.get(key)
  const json = jsonValue(text, options)
  if (json !== undefined) return accept({ value: json.value, markOf })
  const hidden = UNPRINTABLE.exec(text)
  if (hidden !== null) return refuse(unprintable(text, file, hidden))
  try {
    return accept({ value: composedDocument(text, options) ?? null, markOf })
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error
    const at: Place = { file, ...error.mark }
    return refuse({
      code: 'yaml-syntax',
      message: error.message,
      at,
      ...definedMembers({ hint: error.hint }),
    })
  }
}

/** Throws {@link YamlFault} for a text that has such, or is no YAML 1.1. */
export function strictYaml11(text: string): unknown {
  const hidden = UNPRINTABLE.exec(text)
  if (hidden !== null) throw new YamlFault(unprintable(text, '', hidden).message, unprintable(text, '', hidden).at)
  return composedDocument(text, { tags: new Map(), markDepth: 0, isStrict: true }) ?? null
}

function unprintable(text: string, file: string, { index, 0: sign }: RegExpExecArray) {
  const before = text.slice(0, index)
  const at = { file, line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
  return {
    ...problemOf(
      file,
      'yaml-syntax',
      `the character ${codePoint(sign)} is not allowed in YAML`,
      'write an escape in a text in quotes',
    ),
    at,
  }
}

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

// The value of a text that is JSON as Python reads it, in an object or a list; undefined for any other text. Ansible tries this before
// YAML, and the two differ: 1e5 is a number here, and a tab may be an indentation.
function jsonValue(text: string, options: ComposeOptions): { readonly value: unknown } | undefined {
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

  function numberRead() {
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
