import type { Json } from '../../../../model/json.ts'
import { instantOf } from './timestamp.ts'

/** A value of another type is never an error. */
export interface ChoiceOperator {
  readonly wants: string
  accepts(operand: Json): boolean
  holds(variable: Json, operand: Json): boolean
}

interface Kind<T> {
  readonly wants: string
  // The value as this kind; undefined when it is not of it.
  read(value: Json): T | undefined
}

const STRING: Kind<string> = { wants: 'a string', read: (value) => (typeof value === 'string' ? value : undefined) }
const NUMERIC: Kind<number> = { wants: 'a number', read: (value) => (typeof value === 'number' ? value : undefined) }
const BOOLEAN: Kind<boolean> = { wants: 'a boolean', read: (value) => (typeof value === 'boolean' ? value : undefined) }
const TIMESTAMP: Kind<bigint> = {
  wants: 'an RFC 3339 timestamp',
  read: (value) => (typeof value === 'string' ? instantOf(value) : undefined),
}

function comparing<T>(kind: Kind<T>, compare: (left: T, right: T) => boolean): ChoiceOperator {
  return {
    wants: kind.wants,
    accepts: (operand) => kind.read(operand) !== undefined,
    holds: (variable, operand) => {
      const [left, right] = [kind.read(variable), kind.read(operand)]
      return left !== undefined && right !== undefined && compare(left, right)
    },
  }
}

function orders<T extends string | number | bigint>(prefix: string, kind: Kind<T>): [string, ChoiceOperator][] {
  return [
    [`${prefix}Equals`, comparing(kind, (left, right) => left === right)],
    [`${prefix}LessThan`, comparing(kind, (left, right) => left < right)],
    [`${prefix}GreaterThan`, comparing(kind, (left, right) => left > right)],
    [`${prefix}LessThanEquals`, comparing(kind, (left, right) => left <= right)],
    [`${prefix}GreaterThanEquals`, comparing(kind, (left, right) => left >= right)],
  ]
}

// `IsX: false` holds for everything that is not X.
const testing = (test: (value: Json) => boolean): ChoiceOperator => ({
  wants: BOOLEAN.wants,
  accepts: (operand) => typeof operand === 'boolean',
  holds: (variable, operand) => test(variable) === operand,
})

const comparable: readonly (readonly [string, ChoiceOperator])[] = [
  ...orders('String', STRING),
  ...orders('Numeric', NUMERIC),
  ...orders('Timestamp', TIMESTAMP),
  ['BooleanEquals', comparing(BOOLEAN, (left, right) => left === right)],
]

/** Strings are ordered by UTF-16 units. */
export const OPERATORS: ReadonlyMap<string, ChoiceOperator> = new Map<string, ChoiceOperator>([
  ...comparable,
  ['StringMatches', comparing(STRING, matchesPattern)],
  ['IsNull', testing((value) => value === null)],
  ['IsNumeric', testing((value) => typeof value === 'number')],
  ['IsString', testing((value) => typeof value === 'string')],
  ['IsBoolean', testing((value) => typeof value === 'boolean')],
  ['IsTimestamp', testing((value) => TIMESTAMP.read(value) !== undefined)],
])

/** The operators whose operand is where a path points: `StringEqualsPath`. */
export const PATH_OPERATORS: ReadonlyMap<string, ChoiceOperator> = new Map(
  comparable.map(([name, operator]) => [`${name}Path`, operator]),
)

/** Whether a text matches a StringMatches pattern: `*` stands for any characters, `\*` for an asterisk and `\\` for a backslash (states-language.net, "Choice State"). */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...others] = literalsOf(pattern)
  if (others.length === 0) return text === first
  const last = others.pop() ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const literal of others) {
    const found = text.indexOf(literal, at)
    if (found === -1) return false
    at = found + literal.length
  }
  return at <= text.length - last.length
}

function literalsOf(pattern: string) {
  const literals = ['']
  for (const [token] of pattern.matchAll(/\\[*\\]|[\s\S]/g)) {
    if (token === '*') literals.push('')
    else literals.push(`${literals.pop() ?? ''}${token.at(-1) ?? ''}`)
  }
  return literals
}
