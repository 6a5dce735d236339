import type { Json } from '../../../model/json.ts'
import { namesOf, parse, refusedIn, unknownFunctions, variablesIn } from '../../../text/query/names.ts'

/** Whether a text is an expression: `{%` and `%}` are its first and last characters. */
export function isExpression(value: Json): value is string {
  return typeof value === 'string' && value.length >= 4 && value.startsWith('{%') && value.endsWith('%}')
}

export function expressionFaults(
  template: Json,
  path: readonly (string | number)[] = [],
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  if (isExpression(template)) {
    const message = faultIn(template.slice(2, -2))
    return message === undefined ? [] : [{ path, message }]
  }
  if (typeof template !== 'object' || template === null) return []
  return Object.entries(template).flatMap(([key, value]) =>
    expressionFaults(value as Json, [...path, Array.isArray(template) ? Number(key) : key]),
  )
}

function faultIn(text: string) {
  const parsed = parse(text)
  if (!parsed.ok) return parsed.message
  const names = namesOf(parsed.root)
  const [refused] = refusedIn(parsed.root, names)
  const [unknown] = unknownFunctions(names)
  const other = variablesIn(names).find(({ name: one }) => one !== 'event')
  const [rootless] = names.rootless
  if (refused !== undefined) return refused.message
  if (unknown !== undefined) return unknown.message
  if (other !== undefined) return `There is no variable $${other.name}: only $event.`
  return rootless === undefined ? undefined : `Reference to '${rootless.name}': an expression here begins at $event.`
}
