import { remembering } from './bounded-cache.ts'
import { PathCursor, QuerySyntaxError } from './cursor.ts'
import { readFilter } from './parse-filter.ts'
import type { JsonPath, PathStep, Root } from './path.ts'
import { PATH_FUNCTIONS } from './path-function.ts'
import { readQuoted } from './quoted.ts'

/** The longest path, characters. */
const MAX_LENGTH = 4096
const CACHED = 2000

/** What ends a name after a dot: inside a filter also what a comparison is made of. */
const NAME = /(?:\\[\s\S]|[^\\.[\]()\s])+/y
const NAME_IN_FILTER = /(?:\\[\s\S]|[^\\.[\]()\s!=<>&|~,])+/y

/** The path that a text says. Parsed once: the last 2,000 are kept. Throws QuerySyntaxError. */
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
    ...(call === undefined ? {} : { call }),
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

/** A step, or the name of the function that ends the path. */
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

/** A backslash escapes a character of a name; `\uXXXX` is a code unit (states-language.net, "Reference Paths", examples). */
function readName(cursor: PathCursor, name: RegExp): string {
  const text = cursor.match(name) ?? cursor.fail('expected the name of a member')
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, unit: string | undefined, escaped: string) =>
    unit === undefined ? escaped : String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

function readCall(cursor: PathCursor, name: string): string {
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
  return { kind: 'slice', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function readInteger(cursor: PathCursor): number | undefined {
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
