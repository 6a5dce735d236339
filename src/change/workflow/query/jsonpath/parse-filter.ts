import type { Json } from '../../../../model/json.ts'
import type { PathCursor } from './cursor.ts'
import type { Filter, FilterOperator, JsonPath, Operand } from './path.ts'
import { readQuoted } from './quoted.ts'

const SYMBOL = /==|!=|<=|>=|<|>/y
const WORD = /(?:in|nin|subsetof|anyof|noneof|all|contains|size|empty)\b/iy

/** Reads a path that starts with `@` or `$` inside a filter. */
type ReadPath = (cursor: PathCursor) => JsonPath

/** Reads the condition of a filter: `&&` binds tighter than `||`. Throws QuerySyntaxError. */
export function readFilter(cursor: PathCursor, readPath: ReadPath): Filter {
  const readAnd = (): Filter => readChain(cursor, '&&', 'and', () => readUnary(cursor, readPath))
  return cursor.nested(() => readChain(cursor, '||', 'or', readAnd))
}

function readChain(cursor: PathCursor, token: string, kind: 'and' | 'or', readPart: () => Filter): Filter {
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
  const number = cursor.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (number !== undefined) return Number(number)
  const word = cursor.match(/(?:true|false|null)\b/y)
  if (word !== undefined) return WORDS[word] ?? null
  if (cursor.take('[')) return readItems(cursor, ']', () => cursor.nested(() => readLiteral(cursor)))
  if (cursor.take('{')) return Object.fromEntries(readItems(cursor, '}', () => cursor.nested(() => readMember(cursor))))
  return cursor.fail('expected a value')
}

function readMember(cursor: PathCursor): [string, Json] {
  const name = readQuoted(cursor)
  cursor.spaces()
  cursor.expect(':')
  cursor.spaces()
  return [name, readLiteral(cursor)]
}

function readItems<T>(cursor: PathCursor, close: string, readItem: () => T): T[] {
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
