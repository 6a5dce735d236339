import { isJsonObject, type Json } from '../../model/json.ts'

/** The schema with its keys at the root, where simple readers look for them, instead of behind a reference to itself. */
export function flatSchema(schema: Json): Json {
  if (!isJsonObject(schema) || !isJsonObject(schema.$defs)) return schema
  const { $ref, $defs, ...head } = schema
  const name = String($ref).slice('#/$defs/'.length)
  const { [name]: root, ...others } = $defs
  if (!isJsonObject(root)) return schema
  return { ...head, ...root, ...(Object.keys(others).length === 0 ? {} : { $defs: others }) }
}
