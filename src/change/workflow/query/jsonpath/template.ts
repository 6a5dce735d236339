import { isJsonObject, type Json } from '../../../../model/json.ts'
import { QueryFault } from '../language/query-fault.ts'
import { type ExpressionRoots, evaluate } from './expression.ts'

/** What ends the key of a member whose value is an expression. */
export const DYNAMIC = '.$'

/**
 * A payload template, filled: each member whose key ends in `.$` loses that ending and gets the value of its
 * expression, at any depth; everything else is literal (states-language.net, "Payload Template"). Throws QueryFault.
 */
export function fillTemplate(template: Json, against: ExpressionRoots): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, against))
  if (!isJsonObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => filled(key, value, against)))
}

function filled(key: string, value: Json, against: ExpressionRoots): readonly [string, Json] {
  if (!key.endsWith(DYNAMIC)) return [key, fillTemplate(value, against)]
  if (typeof value !== 'string') {
    throw new QueryFault('States.Runtime', `The value of the field '${key}' is not a JSONPath or an intrinsic function`)
  }
  return [key.slice(0, -DYNAMIC.length), evaluate(value, key, against)]
}
