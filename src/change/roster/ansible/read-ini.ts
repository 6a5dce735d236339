import type { WrittenKey } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { Dict, Tuple, type Value } from '../../../text/jinja/value/value.ts'
import { MappingBuilder } from '../../../text/yaml-1-1/mapping.ts'
import { exactFloat, exactWhole } from '../../../text/yaml-1-1/scalar.ts'
import { pythonLiteral, WRITTEN_IN_INI } from '../hosts/python-literal.ts'
import type { RosterValue } from '../hosts/roster.ts'
import { broken } from './fault.ts'
import type { AnsibleGroup, InventoryData } from './group.ts'
import { expandHosts } from './host-range.ts'
import { shellWords, WordsFault } from './shell-words.ts'

// The value of a text as Ansible makes it of a value in an INI inventory: a literal of Python, where the text is one, else the text. Sets, bytes within others and complex numbers, which no JSON has, stay text.
function literalOrText(text: string): RosterValue {
  // Most values are a word, which is no literal.
  const first = text.charCodeAt(0)
  if ((first >= 0x61 && first <= 0x7a && !/["']/.test(text)) || text === '') return text
  const literal = pythonLiteral(text.replace(/^[ \t]+/, ''), WRITTEN_IN_INI)
  try {
    return literal === undefined ? text : rosterValueOf(literal)
  } catch (error) {
    if (error instanceof NoValue) return text
    throw error
  }
}

class NoValue extends Error {}

function rosterValueOf(literal: Value): RosterValue {
  if (typeof literal === 'bigint') return exactWhole(literal)
  if (typeof literal === 'number') return exactFloat(literal)
  if (literal === null || typeof literal !== 'object') return literal
  const items = Array.isArray(literal) ? literal : literal instanceof Tuple ? literal.items : undefined
  if (items !== undefined) return items.map(rosterValueOf)
  if (!(literal instanceof Dict)) throw new NoValue()
  const map: Record<string, RosterValue> = {}
  const builder = new MappingBuilder(map, undefined)
  for (const [key, value] of literal.entries()) builder.set(keyOf(rosterValueOf(key)), rosterValueOf(value), undefined)
  builder.finish()
  return map
}

function keyOf(value: RosterValue): WrittenKey {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value
  if (typeof value === 'number') return Number.isInteger(value) ? value : String(value)
  if (value instanceof WholeFloat) return `${value.value}.0`
  throw new NoValue()
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
