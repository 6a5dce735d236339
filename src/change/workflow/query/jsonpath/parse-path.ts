import { definedMembers, isJsonObject, type Json } from '../../../../model/json.ts'

type PathFunction = (value: Json) => Json | undefined

const isNumber = (value: Json): value is number => typeof value === 'number'

function numbers(value: Json) {
  const found = Array.isArray(value) ? value.filter(isNumber) : []
  return found.length === 0 ? undefined : found
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const aggregate =
  (combine: (values: readonly number[]) => number): PathFunction =>
  (value) => {
    const found = numbers(value)
    return found === undefined ? undefined : combine(found)
  }

function deviation(values: readonly number[]) {
  const mean = sum(values) / values.length
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length)
}

function length(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.length
  return isJsonObject(value) ? Object.keys(value).length : undefined
}

export const PATH_FUNCTIONS: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  ['length', length],
  ['size', length],
  ['min', aggregate((values) => values.reduce((least, value) => Math.min(least, value)))],
  ['max', aggregate((values) => values.reduce((most, value) => Math.max(most, value)))],
  ['avg', aggregate((values) => sum(values) / values.length)],
  ['sum', aggregate(sum)],
  ['stddev', aggregate(deviation)],
  ['keys', (value) => (isJsonObject(value) ? Object.keys(value) : undefined)],
  ['first', (value) => (Array.isArray(value) ? (value[0] as Json | undefined) : undefined)],
  ['last', (value) => (Array.isArray(value) ? (value.at(-1) as Json | undefined) : undefined)],
])

export type Root =
  | { readonly of: 'input' }
  | { readonly of: 'context' }
  | { readonly of: 'variable'; readonly name: string }
  | { readonly of: 'current' }

export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  /** `['a','b']` in the middle of a path: each of them in turn. */
  | { readonly kind: 'members'; readonly names: readonly string[] }
  /** `['a','b']` at the end of a path: one object with those of them that are there (Jayway). */
  | { readonly kind: 'merge'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  /** `..`: the step, applied to the value itself and to everything inside it. */
  | { readonly kind: 'descend'; readonly step: PathStep }

export interface JsonPath {
  readonly text: string
  readonly root: Root
  readonly steps: readonly PathStep[]
  readonly call?: string
  /** Only such a path can miss: any other one selects an empty list. */
  readonly definite: boolean
}

export type FilterOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'nin'
  | 'subsetof'
  | 'anyof'
  | 'noneof'
  | 'all'
  | 'contains'
  | 'size'
  | 'empty'

export type Operand =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'literal'; readonly value: Json }

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'exists'; readonly path: JsonPath }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: FilterOperator; readonly right: Operand }

/** `position` counts from 0. */
export class QuerySyntaxError extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.name = 'QuerySyntaxError'
    this.position = position
  }
}

const MAX_DEPTH = 32

/** Every pattern given to it is sticky (`/…/y`). */
export class PathCursor {
  readonly text: string
  at = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  get next(): string {
    return this.text.charAt(this.at)
  }

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected '${token}'`)
  }

  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  spaces(): void {
    this.match(/\s*/y)
  }

  /** Reads something that may contain itself, 32 levels deep at most. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) this.fail('nested too deep')
    this.#depth += 1
    const value = read()
    this.#depth -= 1
    return value
  }

  /** Throws QuerySyntaxError about what comes next. */
  fail(message: string): never {
    const found = this.done ? 'the end' : `'${this.next}'`
    throw new QuerySyntaxError(`${message}, found ${found} at position ${this.at}`, this.at)
  }
}

const SYMBOL = /==|!=|<=|>=|<|>/y
const WORD = /(?:in|nin|subsetof|anyof|noneof|all|contains|size|empty)\b/iy

type ReadPath = (cursor: PathCursor) => JsonPath

// Throws QuerySyntaxError.
function readFilter(cursor: PathCursor, readPath: ReadPath): Filter {
  const readAnd = (): Filter => readChain(cursor, '&&', 'and', () => readUnary(cursor, readPath))
  return cursor.nested(() => readChain(cursor, '||', 'or', readAnd))
}

function readChain(cursor: PathCursor, token: string, kind: 'and' | 'or', readPart: () => Filter) {
  const parts = [readPart()]
  cursor.spaces()
  while (cursor.take(token)) {
    parts.push(readPart())
    cursor.spaces()
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind, parts }
}

function readUnary(cursor: PathCursor, readPath: ReadPath): Filter {
  cursor.spaces()
  if (cursor.take('!')) return { kind: 'not', part: cursor.nested(() => readUnary(cursor, readPath)) }
  if (!cursor.take('(')) return readRelation(cursor, readPath)
  const inner = readFilter(cursor, readPath)
  cursor.spaces()
  cursor.expect(')')
  return inner
}

function readRelation(cursor: PathCursor, readPath: ReadPath): Filter {
  const left = readOperand(cursor, readPath)
  cursor.spaces()
  if (cursor.take('=~')) cursor.fail('a filter has no regular expressions here')
  const operator = cursor.match(SYMBOL) ?? cursor.match(WORD)
  if (operator === undefined) {
    if (left.kind === 'path') return { kind: 'exists', path: left.path }
    return cursor.fail('expected a comparison')
  }
  cursor.spaces()
  return {
    kind: 'compare',
    left,
    operator: operator.toLowerCase() as FilterOperator,
    right: readOperand(cursor, readPath),
  }
}

function readOperand(cursor: PathCursor, readPath: ReadPath): Operand {
  if (cursor.next === '@' || cursor.next === '$') return { kind: 'path', path: readPath(cursor) }
  return { kind: 'literal', value: readLiteral(cursor) }
}

const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null }

function readLiteral(cursor: PathCursor): Json {
  if (cursor.next === "'" || cursor.next === '"') return readQuoted(cursor)
  const word = readWord(cursor)
  if (word !== undefined) return word
  if (cursor.take('[')) return readItems(cursor, ']', () => cursor.nested(() => readLiteral(cursor)))
  if (cursor.take('{')) return Object.fromEntries(readItems(cursor, '}', () => cursor.nested(() => readMember(cursor))))
  return cursor.fail('expected a value')
}

/** A number, a truth or null; undefined where none of them is next. */
export function readWord(cursor: PathCursor): Json | undefined {
  const number = cursor.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (number !== undefined) return Number(number)
  const word = cursor.match(/(?:true|false|null)\b/y)
  return word === undefined ? undefined : (WORDS[word] ?? null)
}

function readMember(cursor: PathCursor): [string, Json] {
  const name = readQuoted(cursor)
  cursor.spaces()
  cursor.expect(':')
  cursor.spaces()
  return [name, readLiteral(cursor)]
}

/** What is between commas, up to a sign that closes it. */
export function readItems<T>(cursor: PathCursor, close: string, readItem: () => T): T[] {
  const items: T[] = []
  cursor.spaces()
  if (cursor.take(close)) return items
  do {
    cursor.spaces()
    items.push(readItem())
    cursor.spaces()
  } while (cursor.take(','))
  cursor.expect(close)
  return items
}

// The longest path, characters.
const MAX_LENGTH = 4096
const CACHED = 2000

// What ends a name after a dot: inside a filter also what a comparison is made of.
const NAME = /(?:\\[\s\S]|[^\\.[\]()\s])+/y
const NAME_IN_FILTER = /(?:\\[\s\S]|[^\\.[\]()\s!=<>&|~,])+/y

/** Parsed once: the last 2,000 are kept. Throws QuerySyntaxError. */
export const parsePath: (text: string) => JsonPath = remembering(CACHED, (text) => {
  if (text.length > MAX_LENGTH) throw new QuerySyntaxError(`a path is longer than ${MAX_LENGTH} characters`, MAX_LENGTH)
  const cursor = new PathCursor(text)
  cursor.spaces()
  if (cursor.next !== '$') cursor.fail("a path starts with '$'")
  const path = readPath(cursor, NAME)
  cursor.spaces()
  if (!cursor.done) cursor.fail("expected '.' or '['")
  return { ...path, text }
})

function readPath(cursor: PathCursor, name: RegExp): JsonPath {
  const start = cursor.at
  const root = readRoot(cursor)
  const steps: PathStep[] = []
  let call: string | undefined
  while (call === undefined && (cursor.next === '.' || cursor.next === '[')) {
    const read = readStep(cursor, name)
    if (typeof read === 'string') call = read
    else steps.push(read)
  }
  const merged = steps.map((step, index) => (index === steps.length - 1 ? merging(step) : step))
  return {
    text: cursor.text.slice(start, cursor.at),
    root,
    steps: merged,
    ...definedMembers({ call }),
    definite: merged.every((step) => step.kind === 'member' || step.kind === 'index' || step.kind === 'merge'),
  }
}

const merging = (step: PathStep): PathStep => (step.kind === 'members' ? { kind: 'merge', names: step.names } : step)

function readRoot(cursor: PathCursor): Root {
  if (cursor.take('@')) return { of: 'current' }
  cursor.expect('$')
  if (cursor.take('$')) return { of: 'context' }
  const name = cursor.match(/[\p{ID_Start}_]\p{ID_Continue}*/uy)
  return name === undefined ? { of: 'input' } : { of: 'variable', name }
}

function readStep(cursor: PathCursor, name: RegExp): PathStep | string {
  if (cursor.take('..')) return readDescent(cursor, name)
  if (cursor.next === '[') return readBracket(cursor)
  cursor.expect('.')
  if (cursor.take('*')) return { kind: 'wildcard' }
  if (cursor.next === '[') return readBracket(cursor)
  const read = readName(cursor, name)
  return cursor.next === '(' ? readCall(cursor, read) : { kind: 'member', name: read }
}

function readDescent(cursor: PathCursor, name: RegExp): PathStep {
  if (cursor.next === '[') return { kind: 'descend', step: readBracket(cursor) }
  if (cursor.take('*')) return { kind: 'descend', step: { kind: 'wildcard' } }
  return { kind: 'descend', step: { kind: 'member', name: readName(cursor, name) } }
}

function readName(cursor: PathCursor, name: RegExp) {
  const text = cursor.match(name) ?? cursor.fail('expected the name of a member')
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, unit: string | undefined, escaped: string) =>
    unit === undefined ? escaped : String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

function readCall(cursor: PathCursor, name: string) {
  if (!PATH_FUNCTIONS.has(name)) cursor.fail(`there is no function '${name}'`)
  cursor.expect('(')
  cursor.spaces()
  cursor.expect(')')
  return name
}

function readBracket(cursor: PathCursor): PathStep {
  cursor.expect('[')
  cursor.spaces()
  const step = readSubscript(cursor)
  cursor.spaces()
  cursor.expect(']')
  return step
}

function readSubscript(cursor: PathCursor): PathStep {
  if (cursor.take('*')) return { kind: 'wildcard' }
  if (cursor.next === "'" || cursor.next === '"') return readNames(cursor)
  if (cursor.take('?')) return readCondition(cursor)
  return readNumbers(cursor)
}

function readNames(cursor: PathCursor): PathStep {
  const [first, ...rest] = readList(cursor, () => readQuoted(cursor))
  return rest.length === 0 ? { kind: 'member', name: first } : { kind: 'members', names: [first, ...rest] }
}

function readCondition(cursor: PathCursor): PathStep {
  cursor.spaces()
  cursor.expect('(')
  const filter = readFilter(cursor, (inner) => readPath(inner, NAME_IN_FILTER))
  cursor.spaces()
  cursor.expect(')')
  return { kind: 'filter', filter }
}

function readNumbers(cursor: PathCursor): PathStep {
  const from = readInteger(cursor)
  cursor.spaces()
  if (cursor.take(':')) return readSlice(cursor, from)
  if (from === undefined) return cursor.fail("expected a name in quotes, a number, '*' or '?'")
  if (!cursor.take(',')) return { kind: 'index', index: from }
  const rest = readList(cursor, () => readInteger(cursor) ?? cursor.fail('expected a number'))
  return { kind: 'indices', indices: [from, ...rest] }
}

function readSlice(cursor: PathCursor, from: number | undefined): PathStep {
  cursor.spaces()
  const to = readInteger(cursor)
  if (from === undefined && to === undefined) return cursor.fail('a slice has a start or an end')
  return { kind: 'slice', ...definedMembers({ from, to }) }
}

function readInteger(cursor: PathCursor) {
  const digits = cursor.match(/-?\d{1,10}/y)
  return digits === undefined ? undefined : Number(digits)
}

function readList<T>(cursor: PathCursor, readItem: () => T): [T, ...T[]] {
  cursor.spaces()
  const items: [T, ...T[]] = [readItem()]
  cursor.spaces()
  while (cursor.take(',')) {
    cursor.spaces()
    items.push(readItem())
    cursor.spaces()
  }
  return items
}

function readQuoted(cursor: PathCursor) {
  const quote = cursor.match(/['"]/y) ?? cursor.fail('expected a quoted text')
  const body = cursor.match(quote === "'" ? /(?:\\[\s\S]|[^'\\])*/y : /(?:\\[\s\S]|[^"\\])*/y) ?? ''
  if (!cursor.take(quote)) cursor.fail(`a text is not closed: expected ${quote}`)
  return body.replace(/\\([\s\S])/g, (whole, escaped: string) =>
    escaped === quote || escaped === '\\' ? escaped : whole,
  )
}

/** `make`, remembering its last `limit` values by their text. */
export function remembering<T>(limit: number, make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const old = known.get(text)
    if (old !== undefined) return old
    const made = make(text)
    const first = known.keys().next()
    if (known.size >= limit && first.done !== true) known.delete(first.value)
    known.set(text, made)
    return made
  }
}
