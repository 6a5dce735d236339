import type { Place } from '../../../model/error.ts'
import { WholeFloat, type WrittenKey } from '../../../model/json.ts'
import { SIMPLE_ESCAPES } from '../../../text/jinja/syntax/string-literal.ts'
import { MappingBuilder } from '../../../text/yaml-1-1/mapping.ts'
import { exactFloat, exactWhole } from '../../../text/yaml-1-1/scalar.ts'
import type { RosterMap, RosterValue } from '../hosts/roster.ts'
import { broken } from './fault.ts'
import { expandHosts } from './pattern.ts'
import type { AnsibleGroup, InventoryData } from './read-yaml.ts'
import { shellWords, WordsFault } from './shell-words.ts'

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

// The value of a text as Ansible makes it of a value in an INI inventory, with Python's `ast.literal_eval`: a literal of Python, where the text is one, else the text. Sets, bytes within others and complex numbers, which no JSON has, stay text.
function literalOrText(text: string): RosterValue {
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

// The patterns of ansible/plugins/inventory/ini.py.
const SECTION = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/
// Where Python's `splitlines` ends a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: three separators of ASCII are among them
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/

interface Pending {
  readonly kind: 'vars' | 'children'
  readonly at: Place
  readonly parents: string[]
}

/** Reads an inventory in Ansible's INI form into `data`. Throws InventoryFault at the first line that is none. */
export function readIni(text: string, file: string, data: InventoryData): void {
  new IniReader(file, data).read(text)
}

class IniReader {
  private readonly file: string
  private readonly data: InventoryData
  private readonly pending = new Map<string, Pending>()
  private group: AnsibleGroup
  private kind: 'hosts' | 'vars' | 'children' = 'hosts'
  private at: Place

  constructor(file: string, data: InventoryData) {
    this.file = file
    this.data = data
    this.group = data.ungrouped
    this.at = { file: file, line: 1, column: 1 }
  }

  read(text: string): void {
    const lines = text.split(LINE_ENDS)
    for (const [index, written] of lines.entries()) {
      const line = written.trim()
      if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
      this.at = { file: this.file, line: index + 1, column: written.indexOf(line) + 1 }
      this.line(line)
    }
    for (const [name, { kind, at, parents }] of this.pending) {
      if (kind === 'vars') throw broken(`[${name}:vars] is for a group that is not declared`, at, `add [${name}]`)
      throw broken(`${name}, in [${parents.at(-1)}:children], is not declared`, at, `add [${name}]`)
    }
  }

  private line(line: string): void {
    const [, name, kind] = SECTION.exec(line) ?? []
    if (name !== undefined) this.section(name, kind ?? 'hosts')
    else if (line.startsWith('[') && line.endsWith(']'))
      throw broken(`${line} is no section`, this.at, 'write [group], [group:children] or [group:vars], without blanks')
    else if (this.kind === 'hosts') this.hosts(line)
    else if (this.kind === 'vars') this.variable(line)
    else this.child(line)
  }

  private section(name: string, kind: string): void {
    if (kind !== 'hosts' && kind !== 'vars' && kind !== 'children')
      throw broken(`[${name}:${kind}] is no section`, this.at, 'write [group], [group:children] or [group:vars]')
    this.kind = kind
    const waiting = this.pending.get(name)
    if (!this.data.groups.has(name)) {
      if (kind === 'vars' && waiting === undefined) this.pending.set(name, { kind: 'vars', at: this.at, parents: [] })
      this.data.addGroup(name, this.at)
    }
    this.group = this.data.addGroup(name, this.at)
    if (kind === 'vars') return
    if (waiting?.kind === 'children') this.addPendingChild(name, waiting)
    else this.pending.delete(name)
  }

  private addPendingChild(name: string, { parents }: Pending): void {
    for (const parent of parents) {
      this.data.addChild(this.data.addGroup(parent, this.at), name, this.at)
      const above = this.pending.get(parent)
      if (above?.kind === 'children') this.addPendingChild(parent, above)
    }
    this.pending.delete(name)
  }

  private hosts(line: string): void {
    const [pattern = '', ...assignments] = this.words(line)
    const { names, port } = expandHosts(pattern, this.at)
    if (pattern.trim().endsWith(':') && port === undefined)
      throw broken(`${pattern} ends in ":", which is for a port`, this.at, 'a YAML inventory must be valid YAML')
    if (names.some((name) => name.trim() === '---'))
      throw broken('"---" begins YAML, and this file is no YAML inventory', this.at)
    const variables = assignments.map((assignment) => this.assignment(assignment, line))
    for (const name of names) {
      this.data.addHost(name, this.group, port, this.at)
      for (const [key, variable] of new Map(variables)) this.data.setVariable(name, key, variable)
    }
  }

  private words(line: string): readonly string[] {
    try {
      return shellWords(line)
    } catch (error) {
      if (error instanceof WordsFault) throw broken(error.message, this.at)
      throw error
    }
  }

  private assignment(word: string, line: string) {
    const sign = word.indexOf('=')
    if (sign < 0) {
      const at = { ...this.at, column: this.at.column + Math.max(line.lastIndexOf(word), 0) }
      throw broken(`${JSON.stringify(word)} is no variable`, at, 'write key=value')
    }
    const key = word.slice(0, sign)
    const at = { ...this.at, column: this.at.column + Math.max(line.indexOf(`${key}=`), 0) }
    return [key, { value: literalOrText(word.slice(sign + 1)), at }] as const
  }

  private variable(line: string): void {
    const sign = line.indexOf('=')
    if (sign < 0) throw broken(`${JSON.stringify(line)} is no variable`, this.at, 'write key=value')
    const value = literalOrText(line.slice(sign + 1).trim())
    this.data.setVariable(this.group.name, line.slice(0, sign).trim(), { value, at: this.at })
  }

  private child(line: string): void {
    const [, name] = GROUP_NAME.exec(line) ?? []
    if (name === undefined) throw broken(`${JSON.stringify(line)} is no name of a group`, this.at)
    const waiting = this.pending.get(name)
    if (this.data.groups.has(name)) this.data.addChild(this.group, name, this.at)
    else if (waiting === undefined)
      this.pending.set(name, { kind: 'children', at: this.at, parents: [this.group.name] })
    else waiting.parents.push(this.group.name)
  }
}
