import type { Json } from '../../../../model/json.ts'
import {
  type JsonPath,
  PathCursor,
  parsePath,
  QuerySyntaxError,
  readItems,
  readWord,
  remembering,
} from './parse-path.ts'

/** A quoted text keeps its escapes, because `States.Format` reads them itself. */
export type IntrinsicArgument =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'quoted'; readonly raw: string }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'call'; readonly call: IntrinsicCall }

export interface IntrinsicCall {
  readonly text: string
  readonly name: string
  readonly arguments: readonly IntrinsicArgument[]
}

const MAX_DEPTH = 10
const MAX_LENGTH = 10_000
const CACHED = 1000

/** Parsed once: the last 1,000 are kept. Throws QuerySyntaxError. */
export const parseIntrinsic: (text: string) => IntrinsicCall = remembering(CACHED, (text) => {
  if (text.length > MAX_LENGTH) throw new QuerySyntaxError(`a call is longer than ${MAX_LENGTH} characters`, MAX_LENGTH)
  const cursor = new PathCursor(text)
  cursor.spaces()
  const call = readCall(cursor, 1)
  cursor.spaces()
  if (!cursor.done) cursor.fail('expected the end of the call')
  return call
})

function readCall(cursor: PathCursor, depth: number): IntrinsicCall {
  const start = cursor.at
  if (depth > MAX_DEPTH) cursor.fail(`calls are nested deeper than ${MAX_DEPTH}`)
  cursor.expect('States.')
  const name = cursor.match(/[A-Za-z0-9]+/y) ?? cursor.fail('expected the name of a function')
  cursor.spaces()
  cursor.expect('(')
  const read = readItems(cursor, ')', () => readArgument(cursor, depth))
  return { text: cursor.text.slice(start, cursor.at), name, arguments: read }
}

function readArgument(cursor: PathCursor, depth: number): IntrinsicArgument {
  if (cursor.next === '$') return { kind: 'path', path: parsePath(readPathText(cursor)) }
  if (cursor.next === 'S') return { kind: 'call', call: readCall(cursor, depth + 1) }
  if (cursor.next === "'") {
    const quoted = cursor.match(/'(?:\\[\s\S]|[^'\\])*'/y) ?? cursor.fail("a text is not closed: expected '")
    return { kind: 'quoted', raw: quoted.slice(1, -1) }
  }
  const value = readWord(cursor)
  return value === undefined ? cursor.fail('expected an argument') : { kind: 'value', value }
}

function readPathText(cursor: PathCursor) {
  const start = cursor.at
  for (let open = 0; !cursor.done; ) {
    if (open > 0 && cursor.match(/'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"/y) !== undefined) continue
    if (open === 0 && (cursor.next === ',' || cursor.next === ')')) break
    if (cursor.next === '[' || cursor.next === '(') open++
    else if (cursor.next === ']' || cursor.next === ')') open--
    cursor.match(/\\?[\s\S]/y)
  }
  return cursor.text.slice(start, cursor.at).trim()
}
