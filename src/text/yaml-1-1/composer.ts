import { WholeFloat, type WrittenKey } from '../../model/json.ts'
import { type Mark, unexpected, YamlFault } from './fault.ts'
import { MappingBuilder, type Marks, marksFor } from './mapping.ts'
import { kindOfPlain, type ScalarKind, SIMPLE, scalarOf } from './scalar.ts'
import { Scanner } from './scanner.ts'
import type { Token, TokenKind } from './token.ts'

const ALIASED = 2_000_000

const PENDING = Symbol('an anchor whose value is not read yet')

class Anchors {
  private readonly values = new Map<string, unknown>()
  private readonly sizes = new Map<object, number>()
  private aliased = 0

  // Throws YamlFault for one that is there already, as libyaml does.
  declare(anchor: string, mark: Mark) {
    if (this.values.has(anchor))
      throw new YamlFault(`there is an anchor &${anchor} before this`, mark, 'give it another name')
    this.values.set(anchor, PENDING)
  }

  settle(anchor: string, value: unknown) {
    this.values.set(anchor, value)
  }

  // Throws YamlFault.
  meant(alias: Token) {
    const value = this.values.get(alias.text)
    if (value === undefined && !this.values.has(alias.text))
      throw new YamlFault(`there is no anchor &${alias.text} before this`, alias)
    if (value === PENDING) throw new YamlFault(`&${alias.text} is within itself`, alias)
    this.aliased += this.sizeOf(value)
    if (this.aliased > ALIASED) throw new YamlFault('the aliases of this file mean too many values', alias)
    return value
  }

  private sizeOf(value: unknown) {
    if (typeof value !== 'object' || value === null) return 1
    const known = this.sizes.get(value)
    if (known !== undefined) return known
    let size = 1
    for (const part of Object.values(value)) size += this.sizeOf(part)
    this.sizes.set(value, size)
    return size
  }
}

export interface ComposeOptions {
  /** The tags that an application adds: `!vault`. */
  readonly tags: ReadonlyMap<string, TagMaker>
  /** Takes where the members of mappings and lists are written; down to `markDepth`, where the outermost is 1. */
  readonly marks?: Map<object, Marks>
  readonly markDepth: number
  /** Whether what Python has and no JSON is refused: timestamps, keys that are floats or differ in their type alone. */
  readonly isStrict?: boolean
}

// Python ends at about 1,000 calls, which is a third of that in PyYAML.
const DEPTH = 300

interface Properties {
  readonly anchor: string | undefined
  readonly tag: string | undefined
  readonly mark: Mark
}

/** Throws {@link YamlFault}. */
export function composedDocument(text: string, options: ComposeOptions): unknown {
  const scanner = new Scanner(text)
  const anchors = new Anchors()
  let depth = 0
  let began: Mark = { line: 1, column: 1 }

  function directives() {
    let hasDirective = false
    while (scanner.peek().kind === 'directive') {
      scanner.take()
      hasDirective = true
    }
    if (scanner.peek().kind === 'document-start') scanner.take()
    else if (hasDirective) throw new YamlFault('"---" must follow a directive', scanner.peek())
  }

  function node(isBlock: boolean, isIndentless: boolean) {
    const first = scanner.peek()
    if (first.kind === 'plain' || first.kind === 'quoted') {
      scanner.take()
      began = first
      return valueOfScalar(first)
    }
    if (first.kind === 'alias') {
      began = first
      return anchors.meant(scanner.take())
    }
    const given = first.kind === 'anchor' || first.kind === 'tag' ? propertiesRead() : undefined
    return content(given, isBlock, isIndentless)
  }

  function propertiesRead(): Properties {
    const { line, column } = scanner.peek()
    let [anchor, tag]: (string | undefined)[] = []
    for (;;) {
      const token = scanner.peek()
      if (token.kind === 'anchor' && anchor === undefined) anchor = scanner.take().text
      else if (token.kind === 'tag' && tag === undefined) tag = scanner.take().text
      else break
    }
    const mark = { line, column }
    if (tag !== undefined && options.isStrict === true) refuseObjects(tag, mark)
    return { anchor, tag, mark }
  }

  function content(given: Properties | undefined, isBlock: boolean, isIndentless: boolean) {
    const token = scanner.peek()
    if (given?.anchor !== undefined) anchors.declare(given.anchor, given.mark)
    const value = untagged(token, given, isBlock, isIndentless)
    began = given?.mark ?? token
    if (given?.anchor !== undefined) anchors.settle(given.anchor, value)
    return value
  }

  function untagged(token: Token, given: Properties | undefined, isBlock: boolean, isIndentless: boolean) {
    const { tag, mark } = given ?? { tag: undefined, mark: token }
    if (token.kind === 'plain' || token.kind === 'quoted') {
      scanner.take()
      return tag === undefined ? valueOfScalar(token) : tagged(tag, mark, token, undefined, options.tags)
    }
    const value = container(token, isBlock, isIndentless)
    if (value === undefined && given === undefined) throw unexpected(token)
    if (tag === undefined) return value ?? null
    const empty: Token | undefined = value === undefined ? { ...token, kind: 'plain', text: '' } : undefined
    return tagged(tag, mark, empty, value, options.tags)
  }

  function valueOfScalar(token: Token): unknown {
    return token.kind === 'plain' ? plainValue(token, options.isStrict) : token.text
  }

  function container(token: Token, isBlock: boolean, isIndentless: boolean): object | undefined {
    const { kind } = token
    const isMapping = kind === 'flow-mapping' || (isBlock && kind === 'block-mapping')
    const isBlockList = (isBlock && kind === 'block-sequence') || (isIndentless && kind === 'block-entry')
    if (!isMapping && !isBlockList && kind !== 'flow-sequence') return undefined
    depth += 1
    if (depth > DEPTH) throw new YamlFault(`values are more than ${DEPTH} deep within each other`, token)
    const value = isMapping ? mappingRead(token) : listRead(token)
    depth -= 1
    return value
  }

  function listRead(opening: Token): unknown[] {
    const items: unknown[] = []
    const marks = marksFor(options, items, depth)
    if (opening.kind === 'flow-sequence') flowList(items, marks)
    else blockList(items, marks, opening.kind === 'block-entry')
    return items
  }

  function blockList(items: unknown[], marks: Marks | undefined, isIndentless: boolean) {
    const ends = isIndentless ? INDENTLESS_ENDS : ITEM_ENDS
    if (!isIndentless) scanner.take()
    while (scanner.peek().kind === 'block-entry') {
      const dash = scanner.take()
      const { kind } = scanner.peek()
      const isEmpty = ends.includes(kind)
      if (isEmpty) began = dash
      items.push(isEmpty ? null : node(true, false))
      marks?.set(items.length - 1, near(began, dash))
    }
    if (!isIndentless) expect('block-end')
  }

  function flowList(items: unknown[], marks: Marks | undefined) {
    scanner.take()
    while (scanner.peek().kind !== 'flow-sequence-end') {
      const first = scanner.peek()
      const isPair = first.kind === 'key' || first.kind === 'entry'
      items.push(isPair ? singlePair() : node(false, false))
      marks?.set(items.length - 1, near(first, first))
      if (scanner.peek().kind !== 'flow-sequence-end') expect('flow-entry')
    }
    scanner.take()
  }

  function singlePair(): object {
    const map = {}
    const builder = new MappingBuilder(map, undefined, options.isStrict)
    flowPair(builder, scanner.take(), LIST_ENDS)
    builder.finish()
    return map
  }

  function mappingRead(opening: Token): object {
    const map = {}
    const builder = new MappingBuilder(map, marksFor(options, map, depth), options.isStrict)
    scanner.take()
    if (opening.kind === 'flow-mapping') flowPairs(builder)
    else blockPairs(builder)
    builder.finish()
    return map
  }

  function blockPairs(builder: MappingBuilder) {
    for (;;) {
      const { kind } = scanner.peek()
      if (kind === 'entry') entryRead(builder, scanner.take(), BLOCK_ENDS, true)
      else if (kind === 'key') pairRead(builder, scanner.take(), BLOCK_ENDS, true)
      else break
    }
    expect('block-end')
  }

  function entryRead(builder: MappingBuilder, at: Token, ends: readonly TokenKind[], isBlock: boolean) {
    const key = plainValue(at)
    const { kind } = scanner.peek()
    const isEmpty = ends.includes(kind) || (isBlock && kind === 'value')
    const value = isEmpty ? null : node(isBlock, isBlock)
    builder.set(writtenKey(key, at, options.isStrict), value, isEmpty ? at : markIn(at))
  }

  function markIn(at: Mark): Mark | undefined {
    return options.marks === undefined || depth > options.markDepth ? undefined : near(began, at)
  }

  function flowPairs(builder: MappingBuilder) {
    while (scanner.peek().kind !== 'flow-mapping-end') {
      const first = scanner.peek()
      if (first.kind === 'key' || first.kind === 'entry') flowPair(builder, scanner.take(), MAPPING_ENDS)
      else put(builder, first, keyRead(false, false), null, first)
      if (scanner.peek().kind !== 'flow-mapping-end') expect('flow-entry')
    }
    scanner.take()
  }

  function flowPair(builder: MappingBuilder, at: Token, ends: readonly TokenKind[]) {
    if (at.kind === 'entry') entryRead(builder, at, ends, false)
    else pairRead(builder, at, ends, false)
  }

  function pairRead(builder: MappingBuilder, at: Token, ends: readonly TokenKind[], isBlock: boolean) {
    const next = scanner.peek().kind
    const key = next === 'value' || ends.includes(next) ? null : keyRead(isBlock, isBlock)
    const isValue = scanner.peek().kind === 'value'
    if (isValue) scanner.take()
    const after = scanner.peek().kind
    const isEmpty = !isValue || ends.includes(after) || (isBlock && after === 'value')
    const value = isEmpty ? null : node(isBlock, isBlock)
    put(builder, at, key, value, isEmpty ? at : markIn(at))
  }

  function keyRead(isBlock: boolean, isIndentless: boolean) {
    const token = scanner.peek()
    if (token.kind !== 'plain') return node(isBlock, isIndentless)
    if (token.text !== '<<' && token.text !== '=') return node(isBlock, isIndentless)
    scanner.take()
    return token.text === '=' ? '=' : MERGE
  }

  function put(builder: MappingBuilder, at: Token, key: unknown, value: unknown, mark: Mark | undefined) {
    if (key === MERGE) {
      const maps = Array.isArray(value) ? value : [value]
      if (!maps.every(isMap)) throw new YamlFault('"<<" takes a mapping or a list of mappings', at)
      builder.merge(maps, (map) => options.marks?.get(map))
    } else builder.set(writtenKey(key, at, options.isStrict), value, mark)
  }

  function expect(kind: TokenKind) {
    const token = scanner.take()
    if (token.kind !== kind) throw unexpected(token)
  }

  const first = scanner.peek()
  if (first.kind === 'end') return undefined
  if (first.kind === 'document-end') throw new YamlFault('"..." ends a document, and none is before it', first)
  directives()
  const isEmpty = ['end', 'document-end', 'document-start', 'directive'].includes(scanner.peek().kind)
  const value = isEmpty ? null : node(true, false)
  while (scanner.peek().kind === 'document-end') scanner.take()
  const next = scanner.peek()
  if (next.kind === 'document-start' || next.kind === 'directive')
    throw new YamlFault('a second document begins here', next, 'make a file of it')
  if (next.kind !== 'end') throw unexpected(next)
  return value
}

const BLOCK_ENDS: readonly TokenKind[] = ['entry', 'key', 'block-end']
const ITEM_ENDS: readonly TokenKind[] = ['block-entry', 'block-end']
const INDENTLESS_ENDS: readonly TokenKind[] = [...ITEM_ENDS, 'entry', 'key', 'value']
const LIST_ENDS: readonly TokenKind[] = ['flow-entry', 'flow-sequence-end']
const MAPPING_ENDS: readonly TokenKind[] = ['flow-entry', 'flow-mapping-end']
const MERGE = Symbol('<<')
function near(value: Mark, key: Mark): Mark {
  const { line, column } = value.line === key.line ? value : key
  return { line, column }
}

// Throws YamlFault for a list and all else that Python cannot have for a key, and where `isStrict` for a float.
function writtenKey(key: unknown, at: Mark, isStrict = false): WrittenKey {
  if (typeof key === 'string' || key === null || typeof key === 'boolean' || typeof key === 'bigint') return key
  if (isStrict && (key instanceof WholeFloat || (typeof key === 'number' && !Number.isInteger(key))))
    throw new YamlFault('a key is a float here', at, 'put it in quotes')
  if (typeof key === 'number') return Number.isInteger(key) ? key : String(key)
  if (key instanceof WholeFloat) return `${key.value}.0`
  throw new YamlFault('a key must be a text, a number or a truth', at)
}

export type TagMaker = (value: unknown) => object | string | undefined

const STANDARD = 'tag:yaml.org,2002:'
const SCALARS: ReadonlySet<string> = new Set(['null', 'bool', 'int', 'float', 'timestamp', 'str'])

// Throws YamlFault for a tag that is not known or not for this.
function tagged(
  tag: string,
  mark: Mark,
  scalar: Token | undefined,
  container: unknown,
  makers: ReadonlyMap<string, TagMaker>,
): unknown {
  const maker = makers.get(tag)
  const value = maker !== undefined ? maker(scalar?.text ?? container) : standard(tag, scalar, container)
  if (value !== undefined) return value
  if (maker !== undefined) throw new YamlFault(`${tag} is for a text`, mark)
  throw new YamlFault(`the tag ${shown(tag)} is not known here`, mark, 'leave it out')
}

const DATA: ReadonlySet<string> = new Set(['null', 'bool', 'int', 'float', 'str', 'map', 'seq'])

// Throws YamlFault for a tag that makes anything but data that JSON has.
function refuseObjects(tag: string, mark: Mark) {
  if (tag.startsWith(STANDARD) && DATA.has(tag.slice(STANDARD.length))) return
  throw new YamlFault(`the tag ${shown(tag)} is not known here`, mark, 'leave it out')
}

function standard(tag: string, scalar: Token | undefined, container: unknown) {
  // PyYAML takes what is behind it for plain, in quotes too.
  if (tag === '!')
    return scalar === undefined ? container : scalar.text === '' ? '' : valueOfKind(kindOfPlain(scalar.text), scalar)
  const kind = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : ''
  return scalar === undefined ? standardContainer(kind, container) : standardScalar(kind, scalar)
}

function standardScalar(kind: string, token: Token) {
  if (kind === 'python/unicode') return token.text
  return SCALARS.has(kind) ? valueOfKind(kind as ScalarKind, token) : undefined
}

function standardContainer(kind: string, content: unknown): unknown {
  if (kind === 'map' || kind === 'python/dict') return isMap(content) ? content : undefined
  return kind === 'seq' && Array.isArray(content) ? content : undefined
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function shown(tag: string) {
  return tag.startsWith(STANDARD) ? `!!${tag.slice(STANDARD.length)}` : tag
}

// Throws YamlFault for one that PyYAML cannot make: `2001-13-45`, and where `isStrict` for a timestamp.
function plainValue(token: Token, isStrict = false) {
  const { text } = token
  const first = text.charCodeAt(0)
  if (first >= 0x31 && first <= 0x39 && SIMPLE.test(text)) return Number(text)
  const kind = kindOfPlain(text)
  if (isStrict && kind === 'timestamp')
    throw new YamlFault(`"${text}" is an object of Python, not a text`, token, 'put the text in quotes')
  return kind === 'str' ? text : valueOfKind(kind, token)
}

// Throws YamlFault where its text cannot be that.
function valueOfKind(kind: ScalarKind, token: Token) {
  if (kind === 'merge' || kind === 'value')
    throw new YamlFault(`"${token.text}" is only a key in YAML 1.1`, token, 'put the text in quotes')
  const value = scalarOf(kind, token.text)
  if (value === undefined)
    throw new YamlFault(`${JSON.stringify(token.text)} is no ${kind}`, token, 'put the text in quotes')
  return value
}
