import type { Json } from '../../../../model/json.ts'
import { isJsonObject } from '../../../../model/json.ts'
import { isExpression, stepInto } from '../language/expression.ts'
import type { ExpressionScope } from '../language/language.ts'
import { evaluateExpression } from './evaluate.ts'

/**
 * A template with the values of its expressions, one after the other in the order in which they stand. What holds no
 * expression is given back as it is. Rejects with QueryFault.
 */
export async function fill(template: Json, location: string, sight: ExpressionScope): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, location, sight)
  if (isConstant(template)) return template
  if (Array.isArray(template)) {
    const members: Json[] = []
    for (const [index, member] of template.entries()) members.push(await fill(member, stepInto(location, index), sight))
    return members
  }
  const members: [string, Json][] = []
  for (const [key, member] of Object.entries(template as object) as [string, Json][]) {
    members.push([key, await fill(member, stepInto(location, key), sight)])
  }
  return Object.fromEntries(members)
}

const constants = new WeakMap<object, boolean>()

/** Whether a template holds no expression; the templates of a machine do not change. */
function isConstant(template: Json): boolean {
  if (typeof template !== 'object' || template === null) return !isExpression(template)
  const known = constants.get(template)
  if (known !== undefined) return known
  const members: readonly Json[] = isJsonObject(template) ? Object.values(template) : template
  const found = members.every(isConstant)
  constants.set(template, found)
  return found
}
