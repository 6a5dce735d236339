import type { Json } from '../../../../model/json.ts'
import { isJsonObject } from '../../../../model/json.ts'

const OPENING = '{%'
const CLOSING = '%}'

/** Whether a value is a JSONata expression: `{%` and `%}` are its first and last characters (states-language.net, "JSONata"). */
export function isExpression(value: Json): value is string {
  return (
    typeof value === 'string' &&
    value.length >= OPENING.length + CLOSING.length &&
    value.startsWith(OPENING) &&
    value.endsWith(CLOSING)
  )
}

export function textOf(expression: string): { readonly text: string; readonly offset: number } {
  const inner = expression.slice(OPENING.length, -CLOSING.length)
  return { text: inner.trim(), offset: OPENING.length + inner.length - inner.trimStart().length }
}

/** A step into a template, as the location of a field in a message has it: `/key` or `[0]`. */
export function stepInto(location: string, step: string | number): string {
  return typeof step === 'number' ? `${location}[${step}]` : `${location}/${step}`
}

/** Keys are never expressions. */
export function eachExpression(
  template: Json,
  visit: (expression: string, path: readonly (string | number)[]) => void,
  path: readonly (string | number)[] = [],
): void {
  if (isExpression(template)) visit(template, path)
  else if (Array.isArray(template)) {
    for (const [index, member] of template.entries()) eachExpression(member, visit, [...path, index])
  } else if (isJsonObject(template)) {
    for (const [key, member] of Object.entries(template)) eachExpression(member, visit, [...path, key])
  }
}
