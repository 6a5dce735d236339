import type { Json } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Path } from '../../source/located.ts'
import { isIntrinsic } from '../query/jsonpath/expression.ts'
import { parsePath } from '../query/jsonpath/parse-path.ts'
import { intrinsicProblems, pathProblems, type QueryProblem, templateProblems } from '../query/jsonpath/problems.ts'
import type { QueryLanguageName } from './dialect.ts'
import type { Part, Reading } from './part.ts'

const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u
const LONGEST_VARIABLE = 80

/** Whether a string is a JSONata expression: `{%` and `%}` are its first and last characters (states-language.net, "JSONata"). */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}')
}

/** Reports what is wrong with the expressions or paths in a template, at any depth. */
export function checkTemplate(part: Part, key: string, language: QueryLanguageName): void {
  const value = part.raw(key)
  if (value === undefined) return
  if (language === 'JSONata') checkExpressions(part.reading, value, [...part.path, key])
  else report(part, key, templateProblems(value))
}

/** Reports what is wrong with the names and the values of an `Assign`. */
export function checkAssign(part: Part, language: QueryLanguageName): void {
  const assign = part.object('Assign')
  if (assign === undefined) return
  for (const key of assign.keys) {
    const name = language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key
    if (name === 'states') assign.failWhole(`Variable name 'states' is reserved`)
    else if (!VARIABLE.test(name) || name.length > LONGEST_VARIABLE) {
      assign.failWhole(`Variable name '${name}' is not a Unicode identifier of at most ${LONGEST_VARIABLE} characters`)
    }
  }
  checkTemplate(part, 'Assign', language)
}

/** Reports a member that is not a JSONPath. */
export function checkPath(part: Part, key: string): void {
  const path = part.text(key)
  if (path !== undefined) report(part, key, pathProblems(path))
}

/** Reports a ResultPath that does not name exactly one place in the input. */
export function checkResultPath(part: Part, key: string): void {
  const path = part.text(key)
  if (path !== undefined) report(part, key, pathProblems(path, 'reference'))
}

/**
 * Reports a member that does not name exactly one value of the input or of a variable; `ItemsPath` may also name one of
 * the context object (observed at AWS).
 */
export function checkReferencePath(part: Part, key: string): void {
  const text = part.text(key)
  if (text === undefined) return
  const [problem] = pathProblems(text)
  const path = problem === undefined ? parsePath(text) : undefined
  const isFromContext = path?.root.of === 'context' && key !== 'ItemsPath'
  if (path?.definite === true && !isFromContext) return
  part.fail(key, `Value is not a Reference Path: ${problem?.message ?? text}`)
}

/** Reports a member that is neither a path nor a call of an intrinsic function. */
export function checkPathOrCall(part: Part, key: string): void {
  const text = part.text(key)
  if (text !== undefined) report(part, key, isIntrinsic(text) ? intrinsicProblems(text) : pathProblems(text))
}

/** Reports problems that a query language has with a member. */
export function report(part: Part, key: string, problems: readonly QueryProblem[]): void {
  for (const { way, message } of problems) part.reading.fail([...part.path, key, ...way], message)
}

function checkExpressions(reading: Reading, value: Json, path: Path): void {
  if (isExpression(value)) return
  for (const [step, member] of membersOf(value)) checkExpressions(reading, member, [...path, step])
}

function membersOf(value: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((member: Json, index) => [index, member] as const)
  return isJsonObject(value) ? Object.entries(value) : []
}
