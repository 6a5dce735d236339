import type { Json } from '../../../model/json.ts'
import {
  type ExpressionProblem,
  templateProblems as expressionsProblems,
  type ReadableNames,
} from '../query/jsonata/problems.ts'
import { isIntrinsic } from '../query/jsonpath/expression.ts'
import { intrinsicProblems, pathProblems, type QueryProblem, templateProblems } from '../query/jsonpath/language.ts'
import { parsePath } from '../query/jsonpath/parse-path.ts'
import type { DefinitionPart, FaultCode, QueryLanguageName } from './part.ts'

const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u
const LONGEST_VARIABLE = 80

/** Whether a string is a JSONata expression: `{%` and `%}` are its first and last characters (states-language.net, "JSONata"). */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}')
}

export type Members = ReadableNames['members']

const REFUSED_BY_AWS: readonly ExpressionProblem['code'][] = ['syntax', 'reference']

export function checkTemplate(
  part: DefinitionPart,
  key: string,
  language: QueryLanguageName,
  members: Members = [],
): void {
  const value = part.raw(key)
  if (value === undefined) return
  if (language === 'JSONPath') {
    report(part, key, templateProblems(value))
    return
  }
  const { reading } = part
  for (const { code, message, path, hint } of expressionsProblems(value, { members })) {
    if (!reading.dialect.extensions && !REFUSED_BY_AWS.includes(code)) continue
    reading.fail([...part.path, key, ...path], message, EXPRESSION_CODES[code], hint)
  }
}

const EXPRESSION_CODES = {
  syntax: 'invalid-jsonata-expression',
  reference: 'unsupported-jsonata-expression',
  refused: 'unsupported-jsonata-expression',
  function: 'unsupported-jsonata-expression',
  variable: 'unsupported-jsonata-expression',
} as const satisfies Record<ExpressionProblem['code'], FaultCode>

/** Reports what is wrong with the names and the values of an `Assign`. */
export function checkAssign(part: DefinitionPart, language: QueryLanguageName, members: Members = []): void {
  const assign = part.object('Assign')
  if (assign === undefined) return
  for (const key of assign.keys) {
    const name = language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key
    if (name === 'states') assign.failWhole(`Variable name 'states' is reserved`)
    else if (!VARIABLE.test(name) || name.length > LONGEST_VARIABLE) {
      assign.failWhole(`Variable name '${name}' is not a Unicode identifier of at most ${LONGEST_VARIABLE} characters`)
    }
  }
  checkTemplate(part, 'Assign', language, members)
}

export function checkPath(part: DefinitionPart, key: string): void {
  const path = part.text(key)
  if (path !== undefined) report(part, key, pathProblems(path))
}

export function checkResultPath(part: DefinitionPart, key: string): void {
  const path = part.text(key)
  if (path !== undefined) report(part, key, pathProblems(path, 'reference'))
}

/**
 * Reports a member that does not name exactly one value of the input or of a variable; `ItemsPath` may also name one of
 * the context object (observed at AWS).
 */
export function checkReferencePath(part: DefinitionPart, key: string): void {
  const text = part.text(key)
  if (text === undefined) return
  const [problem] = pathProblems(text)
  const path = problem === undefined ? parsePath(text) : undefined
  const isFromContext = path?.root.of === 'context' && key !== 'ItemsPath'
  if (path?.definite === true && !isFromContext) return
  part.fail(key, `Value is not a Reference Path: ${problem?.message ?? text}`)
}

export function checkPathOrCall(part: DefinitionPart, key: string): void {
  const text = part.text(key)
  if (text !== undefined) report(part, key, isIntrinsic(text) ? intrinsicProblems(text) : pathProblems(text))
}

export function report(part: DefinitionPart, key: string, problems: readonly QueryProblem[]): void {
  for (const { way, message } of problems) part.reading.fail([...part.path, key, ...way], message)
}
