import type { Json } from '../../../../model/json.ts'
import { CALLABLE } from '../../../../text/query/function-names.ts'
import {
  firstMentions,
  type Mention,
  type Names,
  namesOf,
  parse,
  refusedIn,
  unknownFunctions,
  variablesIn,
} from '../../../../text/query/names.ts'
import { suggest } from '../../../../text/source/suggest.ts'
import { eachExpression, textOf } from '../language/inventory-names.ts'

export interface ReadableNames {
  /** The members of `$states` beside `input` and `context`: `result` after the work of a state, `errorOutput` in a catcher. */
  readonly members: readonly ('result' | 'errorOutput')[]
  readonly variables?: ReadonlySet<string>
}

export interface ExpressionProblem {
  readonly code: 'syntax' | 'reference' | 'refused' | 'function' | 'variable'
  readonly message: string
  readonly position: number
  readonly hint?: string
}

export interface TemplateProblem extends ExpressionProblem {
  readonly path: readonly (string | number)[]
}

/** What is wrong with an expression, `{% … %}`. `reference` messages are worded as AWS words them. */
export function expressionProblems(expression: string, sees: ReadableNames): readonly ExpressionProblem[] {
  const { text, offset } = textOf(expression)
  const parsed = parse(text)
  if (!parsed.ok) return [{ code: 'syntax', message: parsed.message, position: offset + parsed.position }]
  const names = namesOf(parsed.root)
  const found: readonly ExpressionProblem[] = [
    ...rootless(names),
    ...members(names, sees),
    ...refusedIn(parsed.root, names).map((one) => ({ code: 'refused' as const, ...one })),
    ...unknownFunctions(names, sees.variables).map(({ name: _, ...one }) => ({ code: 'function' as const, ...one })),
    ...unknownVariables(names, sees),
  ]
  return found.map((problem) => ({ ...problem, position: offset + Math.max(0, problem.position) }))
}

export function templateProblems(template: Json, sees: ReadableNames): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = []
  eachExpression(template, (expression, path) => {
    for (const problem of expressionProblems(expression, sees)) problems.push({ ...problem, path })
  })
  return problems
}

/** The variables that an expression reads and does not bind itself, without `$states` and the functions. */
export function freeVariables(expression: string): readonly Mention[] {
  const { text, offset } = textOf(expression)
  const parsed = parse(text)
  if (!parsed.ok) return []
  return variablesOf(namesOf(parsed.root)).map(({ name, position }) => ({ name, position: offset + position }))
}

export function variablesRead(template: Json): ReadonlySet<string> {
  const names = new Set<string>()
  eachExpression(template, (expression) => {
    for (const { name } of freeVariables(expression)) names.add(name)
  })
  return names
}

function rootless({ rootless: mentions }: Names): readonly ExpressionProblem[] {
  return firstMentions(mentions).map(({ name, position }) => {
    const where = name === '$$' ? '' : ' at the top level'
    const message = `Reference to '${name}'${where} is not supported.`
    return { code: 'reference', message, position, hint: hintFor(name) }
  })
}

function hintFor(name: string) {
  if (name.startsWith('$')) return 'an expression has no root document: write $states.input'
  return CALLABLE.includes(name)
    ? `functions begin with a $: $${name}`
    : `write $states.input.${name}, or $${name} for a variable`
}

function members({ members: mentions }: Names, sees: ReadableNames): readonly ExpressionProblem[] {
  const known: readonly string[] = ['input', 'context', ...sees.members]
  return firstMentions(mentions.filter(({ of }) => of === 'states'))
    .filter(({ name }) => !known.includes(name))
    .map(({ name, position }) => {
      const message = `Field '$states.${name}' does not exist.`
      return { code: 'reference', message, position, hint: memberHint(name, known) }
    })
}

function memberHint(name: string, known: readonly string[]) {
  if (name === 'result') return 'only what follows the work of a Task, Parallel or Map has a result'
  if (name === 'errorOutput') return 'only Output and Assign of a catcher have an errorOutput'
  const near = suggest(name, known)
  return near === undefined ? `known here: ${known.join(', ')}` : `did you mean $states.${near}?`
}

function unknownVariables(names: Names, { variables }: ReadableNames): readonly ExpressionProblem[] {
  if (variables === undefined) return []
  const called = new Set(names.called.map(({ name }) => name))
  return variablesOf(names)
    .filter(({ name }) => !variables.has(name) && !called.has(name))
    .map(({ name, position }) => {
      const near = suggest(name, [...variables, 'states'])
      const problem = { code: 'variable', message: `Variable '${name}' is possibly not defined.`, position } as const
      return near === undefined ? problem : { ...problem, hint: `did you mean $${near}?` }
    })
}

function variablesOf(names: Names) {
  return variablesIn(names).filter(({ name }) => name !== 'states')
}
