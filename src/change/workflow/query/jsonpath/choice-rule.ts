import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import { QueryFault } from '../language/query-fault.ts'
import { OPERATORS, PATH_OPERATORS } from './choice-operator.ts'
import { selectOrFault } from './expression.ts'
import type { Roots } from './select.ts'

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
