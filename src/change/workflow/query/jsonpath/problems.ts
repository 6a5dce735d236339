import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { OPERATORS, PATH_OPERATORS } from './choice-operator.ts'
import { INTRINSICS, isIntrinsic } from './expression.ts'
import { type IntrinsicCall, parseIntrinsic } from './intrinsic-call.ts'
import { DYNAMIC } from './language.ts'
import { parsePath, QuerySyntaxError } from './parse-path.ts'
import { parseReferencePath } from './reference-path.ts'

export interface QueryProblem {
  /** The way from what was judged to the fault: keys and indices, empty for itself. */
  readonly way: readonly (string | number)[]
  readonly message: string
}

export type PathKind = 'path' | 'reference'

const problem = (message: string, way: QueryProblem['way'] = []): QueryProblem => ({ way, message })

export function pathProblems(path: string, kind: PathKind = 'path'): readonly QueryProblem[] {
  const why = refusal(() => (kind === 'path' ? parsePath(path) : parseReferencePath(path)))
  if (why === undefined) return []
  return [problem(`${kind === 'path' ? 'Value must be a valid JSONPath' : 'Value is not a Reference Path'}: ${why}`)]
}

export function intrinsicProblems(text: string): readonly QueryProblem[] {
  const why = refusal(() => requireKnown(parseIntrinsic(text)))
  return why === undefined ? [] : [problem(`Value must be a valid intrinsic function call: ${why}`)]
}

function requireKnown(call: IntrinsicCall) {
  const intrinsic = INTRINSICS.get(call.name)
  if (intrinsic === undefined) throw new QuerySyntaxError(`there is no function States.${call.name}`, 0)
  const { length } = call.arguments
  if (length < intrinsic.least || length > intrinsic.most) {
    throw new QuerySyntaxError(`States.${call.name} does not take ${length} arguments`, 0)
  }
  for (const argument of call.arguments) if (argument.kind === 'call') requireKnown(argument.call)
}

function refusal(parse: () => unknown) {
  try {
    parse()
    return undefined
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error.message
    throw error
  }
}

/** What is wrong with a payload template: a `.$` member without an expression, or with a namesake that has no `.$`. */
export function templateProblems(template: Json): readonly QueryProblem[] {
  if (Array.isArray(template)) return template.flatMap((item: Json, index) => below(index, templateProblems(item)))
  if (!isJsonObject(template)) return []
  return Object.entries(template).flatMap(([key, value]) =>
    below(key, key.endsWith(DYNAMIC) ? memberProblems(template, key, value) : templateProblems(value)),
  )
}

const below = (step: string | number, problems: readonly QueryProblem[]): readonly QueryProblem[] =>
  problems.map(({ way, message }) => problem(message, [step, ...way]))

function memberProblems(template: JsonObject, key: string, value: Json): readonly QueryProblem[] {
  const name = key.slice(0, -DYNAMIC.length)
  const twice = Object.hasOwn(template, name) ? [problem(`The fields '${key}' and '${name}' are the same`)] : []
  const fits =
    typeof value === 'string' && (isIntrinsic(value) ? intrinsicProblems(value) : pathProblems(value)).length === 0
  if (fits) return twice
  return [
    ...twice,
    problem(`The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`),
  ]
}

const COMBINATIONS = ['And', 'Or', 'Not'] as const
const OUTER: readonly string[] = ['Next', 'Assign', 'Comment']

/** What is wrong with a rule of a Choice: `nested` for the rules inside And, Or and Not, which have no Next. */
export function ruleProblems(rule: JsonObject, nested = false): readonly QueryProblem[] {
  const besides = nested ? ['Comment'] : OUTER
  const keys = Object.keys(rule).filter((key) => !besides.includes(key))
  const combination = COMBINATIONS.find((name) => keys.includes(name))
  if (combination === undefined) return comparisonProblems(rule, keys)
  const others = keys
    .filter((key) => key !== combination)
    .map((key) => problem(`Field '${key}' is not supported`, [key]))
  return [...others, ...below(combination, combinationProblems(combination, rule[combination] ?? null))]
}

function combinationProblems(name: (typeof COMBINATIONS)[number], value: Json) {
  if (name === 'Not') return isJsonObject(value) ? ruleProblems(value, true) : [problem('Not takes a rule')]
  if (!Array.isArray(value) || value.length === 0) return [problem(`${name} takes a list of rules that is not empty`)]
  return value.flatMap((inner: Json, index) =>
    below(index, isJsonObject(inner) ? ruleProblems(inner, true) : [problem('A rule is an object')]),
  )
}

function comparisonProblems(rule: JsonObject, keys: readonly string[]): readonly QueryProblem[] {
  const operators = keys.filter((key) => key !== 'Variable')
  const one = operators.length === 1 ? [] : [problem('A rule has exactly one comparison operator')]
  return [
    ...one,
    ...below('Variable', variableProblems(rule.Variable)),
    ...operators.flatMap((key) => operandProblems(key, rule[key] ?? null)),
  ]
}

function variableProblems(variable: Json | undefined) {
  return typeof variable === 'string' ? pathProblems(variable) : [problem('A rule has a Variable, which is a path')]
}

function operandProblems(name: string, operand: Json): readonly QueryProblem[] {
  if (PATH_OPERATORS.has(name)) {
    return below(name, typeof operand === 'string' ? pathProblems(operand) : [problem(`${name} takes a path`)])
  }
  if (name === 'IsPresent') return typeof operand === 'boolean' ? [] : [problem('IsPresent takes a boolean', [name])]
  const operator = OPERATORS.get(name)
  if (operator === undefined) return [problem(`Field '${name}' is not supported`, [name])]
  return operator.accepts(operand) ? [] : [problem(`${name} takes ${operator.wants}`, [name])]
}
