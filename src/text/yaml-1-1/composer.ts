import type { WrittenKey } from '../../model/map-keys.ts'
import { WholeFloat } from '../../model/whole-float.ts'
import { type Mark, unexpected, YamlFault } from './fault.ts'
import { MappingBuilder, type Marks } from './mapping.ts'
import { plainValue } from './plain-value.ts'
import { Scanner } from './scanner.ts'
import { isMap, refuseObjects, type TagMaker, tagged } from './tagged.ts'
import type { Token, TokenKind } from './token.ts'

const ALIASED = 2_000_000

const PENDING = Symbol('an anchor whose value is not read yet')

class Anchors {
  private readonly values = new Map<string, unknown>()
  private readonly sizes = new Map<object, number>()
  private aliased = 0

  // Throws YamlFault for one that is there already, as libyaml does.
  declare(anchor: string, mark: Mark): void {
    if (this.values.has(anchor))
      throw new YamlFault(`there is an anchor &${anchor} before this`, mark, 'give it another name')
    this.values.set(anchor, PENDING)
  }

  settle(anchor: string, value: unknown): void {
    this.values.set(anchor, value)
  }

  // Throws YamlFault.
  meant(alias: Token): unknown {
    const value = this.values.get(alias.text)
    if (value === undefined && !this.values.has(alias.text))
      throw new YamlFault(`there is no anchor &${alias.text} before this`, alias)
    if (value === PENDING) throw new YamlFault(`&${alias.text} is within itself`, alias)
    this.aliased += this.sizeOf(value)
    if (this.aliased > ALIASED) throw new YamlFault('the aliases of this file mean too many values', alias)
    return value
  }

  private sizeOf(value: unknown): number {
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
export class Composer {
  private readonly scanner: Scanner
  private readonly options: ComposeOptions
  private readonly anchors = new Anchors()
  private depth = 0
  private began: Mark = { line: 1, column: 1 }

  constructor(text: string, options: ComposeOptions) {
    this.scanner = new Scanner(text)
    this.options = options
  }

  document(): unknown {
    const { scanner } = this
    const first = scanner.peek()
    if (first.kind === 'end') return undefined
    if (first.kind === 'document-end') throw new YamlFault('"..." ends a document, and none is before it', first)
    this.directives()
    const isEmpty = ['end', 'document-end', 'document-start', 'directive'].includes(scanner.peek().kind)
    const value = isEmpty ? null : this.node(true, false)
    while (scanner.peek().kind === 'document-end') scanner.take()
    const next = scanner.peek()
    if (next.kind === 'document-start' || next.kind === 'directive')
      throw new YamlFault('a second document begins here', next, 'make a file of it')
    if (next.kind !== 'end') throw unexpected(next)
    return value
  }

  private directives(): void {
    const { scanner } = this
    let hasDirective = false
    while (scanner.peek().kind === 'directive') {
      scanner.take()
      hasDirective = true
    }
    if (scanner.peek().kind === 'document-start') scanner.take()
    else if (hasDirective) throw new YamlFault('"---" must follow a directive', scanner.peek())
  }

  private node(isBlock: boolean, isIndentless: boolean): unknown {
    const first = this.scanner.peek()
    if (first.kind === 'plain') {
      this.scanner.take()
      this.began = first
      return plainValue(first, this.options.isStrict)
    }
    if (first.kind === 'quoted') {
      this.scanner.take()
      this.began = first
      return first.text
    }
    if (first.kind === 'alias') {
      this.began = first
      return this.anchors.meant(this.scanner.take())
    }
    if (first.kind !== 'anchor' && first.kind !== 'tag') return this.content(first, undefined, isBlock, isIndentless)
    return this.content(undefined, this.properties(), isBlock, isIndentless)
  }

  private properties(): Properties {
    const { scanner } = this
    const { line, column } = scanner.peek()
    let [anchor, tag]: (string | undefined)[] = []
    for (;;) {
      const token = scanner.peek()
      if (token.kind === 'anchor' && anchor === undefined) anchor = scanner.take().text
      else if (token.kind === 'tag' && tag === undefined) tag = scanner.take().text
      else break
    }
    const mark = { line, column }
    if (tag !== undefined && this.options.isStrict === true) refuseObjects(tag, mark)
    return { anchor, tag, mark }
  }

  private content(
    peeked: Token | undefined,
    given: Properties | undefined,
    isBlock: boolean,
    isIndentless: boolean,
  ): unknown {
    const token = peeked ?? this.scanner.peek()
    const began = given?.mark ?? token
    if (given?.anchor !== undefined) this.anchors.declare(given.anchor, given.mark)
    const value = this.untagged(token, given, isBlock, isIndentless)
    this.began = began
    if (given?.anchor !== undefined) this.anchors.settle(given.anchor, value)
    return value
  }

  private untagged(token: Token, given: Properties | undefined, isBlock: boolean, isIndentless: boolean): unknown {
    const { tag } = given ?? {}
    const mark = given?.mark ?? token
    if (token.kind === 'plain' || token.kind === 'quoted') {
      this.scanner.take()
      if (tag !== undefined) return tagged(tag, mark, token, undefined, this.options.tags)
      return token.kind === 'plain' ? plainValue(token, this.options.isStrict) : token.text
    }
    const value = this.container(token, isBlock, isIndentless)
    if (value !== undefined) return tag === undefined ? value : tagged(tag, mark, undefined, value, this.options.tags)
    if (given === undefined) throw unexpected(token)
    if (tag === undefined) return null
    return tagged(tag, mark, { ...token, kind: 'plain', text: '' }, undefined, this.options.tags)
  }

  private container(token: Token, isBlock: boolean, isIndentless: boolean): object | undefined {
    const { kind } = token
    const isMapping = kind === 'flow-mapping' || (isBlock && kind === 'block-mapping')
    const isBlockList = (isBlock && kind === 'block-sequence') || (isIndentless && kind === 'block-entry')
    if (!isMapping && !isBlockList && kind !== 'flow-sequence') return undefined
    this.depth += 1
    if (this.depth > DEPTH) throw new YamlFault(`values are more than ${DEPTH} deep within each other`, token)
    const value = isMapping ? this.mapping(token) : this.list(token)
    this.depth -= 1
    return value
  }

  private marksFor(value: object): Marks | undefined {
    if (this.options.marks === undefined || this.depth > this.options.markDepth) return undefined
    const marks: Marks = new Map()
    this.options.marks.set(value, marks)
    return marks
  }

  private list(opening: Token): unknown[] {
    const items: unknown[] = []
    const marks = this.marksFor(items)
    if (opening.kind === 'flow-sequence') this.flowList(items, marks)
    else this.blockList(items, marks, opening.kind === 'block-entry')
    return items
  }

  private blockList(items: unknown[], marks: Marks | undefined, isIndentless: boolean): void {
    const { scanner } = this
    if (!isIndentless) scanner.take()
    while (scanner.peek().kind === 'block-entry') {
      const dash = scanner.take()
      const { kind } = scanner.peek()
      const isEmpty =
        kind === 'block-entry' ||
        kind === 'block-end' ||
        (isIndentless && (kind === 'entry' || kind === 'key' || kind === 'value'))
      if (isEmpty) this.began = dash
      items.push(isEmpty ? null : this.node(true, false))
      if (marks !== undefined) marks.set(items.length - 1, near(this.began, dash))
    }
    if (!isIndentless) this.expect('block-end')
  }

  private flowList(items: unknown[], marks: Marks | undefined): void {
    const { scanner } = this
    scanner.take()
    while (scanner.peek().kind !== 'flow-sequence-end') {
      const first = scanner.peek()
      const isPair = first.kind === 'key' || first.kind === 'entry'
      items.push(isPair ? this.singlePair() : this.node(false, false))
      marks?.set(items.length - 1, near(first, first))
      if (scanner.peek().kind !== 'flow-sequence-end') this.expect('flow-entry')
    }
    scanner.take()
  }

  private singlePair(): object {
    const map = {}
    const builder = new MappingBuilder(map, undefined, this.options.isStrict)
    this.flowPair(builder, this.scanner.take(), LIST_ENDS)
    builder.finish()
    return map
  }

  private mapping(opening: Token): object {
    const map = {}
    const builder = new MappingBuilder(map, this.marksFor(map), this.options.isStrict)
    this.scanner.take()
    if (opening.kind === 'flow-mapping') this.flowPairs(builder)
    else this.blockPairs(builder)
    builder.finish()
    return map
  }

  private blockPairs(builder: MappingBuilder): void {
    const { scanner } = this
    for (;;) {
      const { kind } = scanner.peek()
      if (kind === 'entry') this.entry(builder, scanner.take(), BLOCK_ENDS, true)
      else if (kind === 'key') this.pair(builder, scanner.take(), BLOCK_ENDS, true)
      else break
    }
    this.expect('block-end')
  }

  private entry(builder: MappingBuilder, at: Token, ends: readonly TokenKind[], isBlock: boolean): void {
    const key = plainValue(at)
    const { kind } = this.scanner.peek()
    const isEmpty = ends.includes(kind) || (isBlock && kind === 'value')
    const value = isEmpty ? null : this.node(isBlock, isBlock)
    builder.set(writtenKey(key, at, this.options.isStrict), value, isEmpty ? at : this.markIn(at))
  }

  private markIn(at: Mark): Mark | undefined {
    return this.options.marks === undefined || this.depth > this.options.markDepth ? undefined : near(this.began, at)
  }

  private flowPairs(builder: MappingBuilder): void {
    const { scanner } = this
    while (scanner.peek().kind !== 'flow-mapping-end') {
      const first = scanner.peek()
      if (first.kind === 'key' || first.kind === 'entry') this.flowPair(builder, scanner.take(), MAPPING_ENDS)
      else this.put(builder, first, this.key(false, false), null, first)
      if (scanner.peek().kind !== 'flow-mapping-end') this.expect('flow-entry')
    }
    scanner.take()
  }

  private flowPair(builder: MappingBuilder, at: Token, ends: readonly TokenKind[]): void {
    if (at.kind === 'entry') this.entry(builder, at, ends, false)
    else this.pair(builder, at, ends, false)
  }

  private pair(builder: MappingBuilder, at: Token, ends: readonly TokenKind[], isBlock: boolean): void {
    const { scanner } = this
    const next = scanner.peek().kind
    const key = next === 'value' || ends.includes(next) ? null : this.key(isBlock, isBlock)
    const isValue = scanner.peek().kind === 'value'
    if (isValue) scanner.take()
    const after = scanner.peek().kind
    const isEmpty = !isValue || ends.includes(after) || (isBlock && after === 'value')
    const value = isEmpty ? null : this.node(isBlock, isBlock)
    this.put(builder, at, key, value, isEmpty ? at : this.markIn(at))
  }

  private key(isBlock: boolean, isIndentless: boolean): unknown {
    const token = this.scanner.peek()
    if (token.kind !== 'plain') return this.node(isBlock, isIndentless)
    if (token.text !== '<<' && token.text !== '=') return this.node(isBlock, isIndentless)
    this.scanner.take()
    return token.text === '=' ? '=' : MERGE
  }

  private put(builder: MappingBuilder, at: Token, key: unknown, value: unknown, mark: Mark | undefined): void {
    if (key === MERGE) {
      const maps = Array.isArray(value) ? value : [value]
      if (!maps.every(isMap)) throw new YamlFault('"<<" takes a mapping or a list of mappings', at)
      builder.merge(maps, (map) => this.options.marks?.get(map))
    } else builder.set(writtenKey(key, at, this.options.isStrict), value, mark)
  }

  private expect(kind: TokenKind): void {
    const token = this.scanner.take()
    if (token.kind !== kind) throw unexpected(token)
  }
}

const BLOCK_ENDS: readonly TokenKind[] = ['entry', 'key', 'block-end']
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
