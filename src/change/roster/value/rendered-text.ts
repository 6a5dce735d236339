import type { Place } from '../../../model/error.ts'
import { nameOfKey, type WrittenKey } from '../../../model/json.ts'
import type { LazyScalar, LazyValue } from '../../../model/once.ts'
import { render } from '../../../text/jinja/render.ts'
import type { FindName } from '../../../text/jinja/run/scope.ts'
import { type TrimOptions, withPlainBackslashes, withPlainLineEnds } from '../../../text/jinja/syntax/lexer.ts'
import type { Expression } from '../../../text/jinja/syntax/nodes.ts'
import { parseTemplate } from '../../../text/jinja/syntax/parse-template.ts'
import { unescaped } from '../../../text/jinja/syntax/string-literal.ts'
import { Dict, sequenceOf, TemplateFault, Tuple, type Value } from '../../../text/jinja/value/value.ts'
import { templateFault } from './value-problem.ts'

const DEPTH = 100
const BLANK = /(?:[ \t\r\n\f]|#[^\n]*)*/y
const INLINE = /[ \t\f]*/y
const TAIL = /[ \t\f]*(?:#[^\n]*)?(?:\n(?:[ \t\f]*(?:#[^\n]*)?\n)*(?:[ \t\f]*#[^\n]*)?)?$/y
const NAME = /[A-Za-z_]\w*/y
const STRING =
  /[rRuU]?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y
const NUMBER =
  /(0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)|((?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*(?:\.(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*))|([1-9](?:_?\d)*|0(?:_?0)*)/y
const NAMES: Readonly<Record<string, Value>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
}

class NoLiteral extends Error {}

// The value of a Python literal, with the names that JSON has for truths and null: what Ansible makes of a rendered text that looks like a list, a mapping or a truth (`ansible_eval_concat`).
function pythonLiteral(text: string): Value | undefined {
  const reader = new Reader(text)
  try {
    return reader.line()
  } catch (thrown) {
    if (thrown instanceof NoLiteral || thrown instanceof TemplateFault) return undefined
    throw thrown
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Value {
    if (depth > DEPTH) throw new NoLiteral()
    this.#take(BLANK)
    if (this.#takes('[')) return this.#items(']', depth).items
    if (this.#takes('(')) return this.#tuple(depth)
    if (this.#takes('{')) return this.#braces(depth)
    const string = this.#strings()
    if (string !== undefined) return string
    const name = this.#take(NAME)
    if (name === undefined) return this.#number()
    if (!Object.hasOwn(NAMES, name[0])) throw new NoLiteral()
    return NAMES[name[0]] ?? null
  }

  line(): Value {
    const first = this.value(0)
    const items = [first]
    let isTuple = false
    while (this.#endsItem()) {
      isTuple = true
      if (this.#isEnd()) break
      items.push(this.value(0))
    }
    if (!this.#isEnd()) throw new NoLiteral()
    return isTuple ? new Tuple(items) : first
  }

  #endsItem(): boolean {
    this.#take(INLINE)
    const isComma = this.#text[this.#at] === ','
    if (isComma) this.#at += 1
    this.#take(INLINE)
    return isComma
  }

  #isEnd(): boolean {
    TAIL.lastIndex = this.#at
    return TAIL.test(this.#text)
  }

  #items(close: string, depth: number): { items: Value[]; hasComma: boolean } {
    const items: Value[] = []
    let hasComma = false
    while (!this.#takes(close)) {
      if (items.length > 0 && !hasComma) throw new NoLiteral()
      items.push(this.value(depth + 1))
      hasComma = this.#takes(',')
    }
    return { items, hasComma }
  }

  #tuple(depth: number): Value {
    const { items, hasComma } = this.#items(')', depth)
    return items.length === 1 && !hasComma ? (items[0] ?? null) : new Tuple(items)
  }

  #braces(depth: number): Value {
    if (this.#takes('}')) return new Dict()
    const first = this.value(depth + 1)
    if (!this.#takes(':')) return this.#set(first, depth)
    const dict = new Dict([[first, this.value(depth + 1)]])
    while (!this.#takes('}')) {
      if (!this.#takes(',')) throw new NoLiteral()
      if (this.#takes('}')) break
      const key = this.value(depth + 1)
      if (!this.#takes(':')) throw new NoLiteral()
      dict.set(key, this.value(depth + 1))
    }
    return dict
  }

  #set(first: Value, depth: number): Value {
    const hasMore = this.#takes(',')
    const { items } = hasMore ? this.#items('}', depth) : { items: [] }
    if (!hasMore && !this.#takes('}')) throw new NoLiteral()
    return new Dict([first, ...items].map((item) => [item, null])).keys()
  }

  #strings(): string | undefined {
    let text: string | undefined
    for (let found = this.#take(STRING); found !== undefined; found = this.#take(STRING)) {
      text = (text ?? '') + stringOf(found[0])
      this.#take(BLANK)
    }
    return text
  }

  #number(): Value {
    const sign = this.#takes('-') ? '-' : this.#takes('+') ? '+' : ''
    this.#take(BLANK)
    const [, based, float, whole] = this.#take(NUMBER) ?? []
    if (/\w/.test(this.#text[this.#at] ?? '')) throw new NoLiteral()
    const digits = (based ?? float ?? whole)?.replaceAll('_', '')
    if (digits === undefined) throw new NoLiteral()
    if (float !== undefined) return sign === '-' ? -Number(digits) : Number(digits)
    return sign === '-' ? -BigInt(digits) : BigInt(digits)
  }

  #takes(sign: string): boolean {
    this.#take(BLANK)
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)
    if (found === null) return undefined
    this.#at += found[0].length
    return found
  }
}

function stringOf(written: string) {
  const [prefix = ''] = /^[rRuU]?/.exec(written) ?? []
  const quote = /^(?:'''|"""|'|")/.exec(written.slice(prefix.length))?.[0] ?? ''
  const inside = written.slice(prefix.length + quote.length, -quote.length)
  return /r/i.test(prefix) ? inside : unescaped(inside, 0)
}

interface TextReading {
  readonly at: Place
  readonly name: FindName
  // The number, truth or null that a variable is written as; undefined for any other.
  readonly plain: (name: string) => LazyScalar | undefined
  readonly staysText: (name: string) => boolean
  readonly isSecret: () => boolean
  readonly onSecret: (text: string) => void
}

interface MadeText {
  readonly value: LazyValue
  readonly size: number
  readonly staysText: boolean
}

// A template that is the name of one variable (`SINGLE_VAR` of Ansible's Templar).
const SINGLE = /^\{\{\s*(\w+)\s*\}\}\n?$/u
// Ansible's Templar trims behind blocks and not before them.
const TRIMMING: TrimOptions = { trimBlocks: true, lstripBlocks: false }
// Filters whose text stays one (`STRING_TYPE_FILTERS` of Ansible).
const TEXT_FILTERS: ReadonlySet<string> = new Set([
  'string',
  'to_json',
  'to_nice_json',
  'to_yaml',
  'to_nice_yaml',
  'json',
  'ppretty',
])

/**
 * Renders a template in a value as ansible-core 2.14 does: the name of a number, a truth or null alone gives that; a text that looks like a
 * list, a mapping or a truth becomes one; all else is text. Throws ValueFault at the place of the value.
 */
export function renderedText(text: string, reading: TextReading): MadeText {
  const { at, name, isSecret, onSecret } = reading
  const single = SINGLE.exec(text)?.[1]
  const plain = single === undefined ? undefined : reading.plain(single)
  if (plain !== undefined) return { value: { ...plain, at }, size: 0, staysText: false }
  const made = textOf(text, name, at)
  const origin: Origin = { at, isSecret: isSecret(), onSecret }
  const staysText = staysAsText(text, made, reading)
  const value = staysText ? undefined : converted(made, text, origin)
  return { value: value ?? scalarOf(made, origin), size: made.length, staysText }
}

function textOf(text: string, name: FindName, at: Place) {
  try {
    const rendered = render(
      { file: at.file, text: withPlainBackslashes(text) },
      { variables: [], name, trimming: TRIMMING },
    )
    if (rendered.ok) return rendered.text
    throw rendered.fault
  } catch (thrown) {
    throw thrown instanceof TemplateFault ? templateFault(thrown, at) : thrown
  }
}

function converted(made: string, template: string, origin: Origin): LazyValue | undefined {
  // The last line break of a template is put back only after the text was looked at.
  const text = template.endsWith('\n') ? made.replace(/\n$/, '') : made
  if (text === 'True' || text === 'False') return scalarOf(text === 'True', origin)
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined
  const literal = pythonLiteral(text)
  return literal === undefined ? undefined : madeValue(literal, origin)
}

function staysAsText(template: string, made: string, { staysText }: TextReading): boolean {
  if (!/^[[{TF]/.test(made)) return false
  const [only, ...others] = parseTemplate(withPlainLineEnds(template).replace(/\n$/, ''), TRIMMING)
  return only?.kind === 'output' && others.length === 0 && givesText(only.value, staysText)
}

function givesText(node: Expression, staysText: TextReading['staysText']): boolean {
  if (node.kind === 'name') return staysText(node.name)
  if (node.kind !== 'filter') return false
  if (node.name !== 'default' && node.name !== 'd') return TEXT_FILTERS.has(node.name)
  return node.of !== undefined && givesText(node.of, staysText)
}

interface Origin {
  readonly at: Place
  readonly isSecret: boolean
  // Is given each text and number that is secret when it is read.
  readonly onSecret: (text: string) => void
}

function madeValue(value: Value, origin: Origin): LazyValue | undefined {
  const items = sequenceOf(value)
  if (items !== undefined) return listOf(items, origin)
  if (value instanceof Dict) return mapOf(value, origin)
  return value === null || typeof value !== 'object' ? scalarOf(value, origin) : undefined
}

function scalarOf(value: null | boolean | bigint | number | string, { at, isSecret, onSecret }: Origin): LazyScalar {
  if (isSecret && value !== null && typeof value !== 'boolean') onSecret(String(value))
  if (typeof value === 'number' && Number.isInteger(value))
    return { kind: 'scalar', value, isSecret, isFloat: true, at }
  const isSmall = typeof value === 'bigint' && value === BigInt(Number(value)) && Number.isSafeInteger(Number(value))
  return { kind: 'scalar', value: isSmall ? Number(value) : value, isSecret, at }
}

function listOf(items: readonly Value[], origin: Origin): LazyValue {
  return {
    kind: 'list',
    at: origin.at,
    length: items.length,
    item: (index) => {
      const item = items[index]
      return item === undefined ? undefined : madeValue(item, origin)
    },
  }
}

function mapOf(dict: Dict, origin: Origin): LazyValue {
  const entries = new Map(dict.entries().map(([key, value]) => [nameOfKey(writtenOf(key)), { key, value }]))
  return {
    kind: 'map',
    at: origin.at,
    keys: () => [...entries.keys()],
    writtenKey: (name) => writtenOf(entries.get(name)?.key ?? name),
    member: (name) => {
      const entry = entries.get(name)
      return entry === undefined ? undefined : madeValue(entry.value, origin)
    },
  }
}

function writtenOf(key: Value): WrittenKey {
  if (key === null || typeof key !== 'object') return key
  return key instanceof Tuple ? `(${key.items.map((item) => nameOfKey(writtenOf(item))).join(', ')})` : ''
}
