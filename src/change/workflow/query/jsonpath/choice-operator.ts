import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { QueryFault } from '../language/language.ts'
import { selectOrFault } from './expression.ts'
import type { Roots } from './select.ts'
import { instantOf } from './timestamp.ts'

/** A value of another type than the operator's never does; a path that is not there is States.Runtime, except for IsPresent. Throws QueryFault. */
export function ruleHolds(rule: JsonObject, roots: Roots): boolean {
  if (rule.And !== undefined) return rulesOf(rule.And).every((inner) => ruleHolds(inner, roots))
  if (rule.Or !== undefined) return rulesOf(rule.Or).some((inner) => ruleHolds(inner, roots))
  if (isJsonObject(rule.Not)) return !ruleHolds(rule.Not, roots)
  return comparisonHolds(rule, roots)
}

const rulesOf = (rules: Json) => (Array.isArray(rules) ? rules.filter(isJsonObject) : [])

function comparisonHolds(rule: JsonObject, roots: Roots) {
  const variable = String(rule.Variable)
  if (rule.IsPresent !== undefined) return 'value' in selectOrFault(variable, roots) === rule.IsPresent
  for (const [name, operand] of Object.entries(rule)) {
    const literal = OPERATORS.get(name)
    if (literal !== undefined) return literal.holds(valueAt(variable, roots), operand)
    const byPath = PATH_OPERATORS.get(name)
    if (byPath !== undefined) return byPath.holds(valueAt(variable, roots), valueAt(String(operand), roots))
  }
  throw new QueryFault('States.Runtime', 'A choice rule has no comparison operator.')
}

function valueAt(path: string, roots: Roots) {
  const found = selectOrFault(path, roots)
  if ('value' in found) return found.value
  const cause = `Invalid path '${path}': The choice state's condition path references an invalid value.`
  throw new QueryFault('States.Runtime', cause)
}

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
