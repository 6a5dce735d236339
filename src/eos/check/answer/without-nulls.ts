import type { Json } from '../../../model/json.ts'

/** An answer without the members that are null: EOS leaves out what it does not know, or gives it as null (recorded both ways). */
export function withoutNulls(json: Json): Json {
  if (Array.isArray(json)) return json.map((one: Json) => withoutNulls(one))
  if (typeof json !== 'object' || json === null) return json
  const told = Object.entries(json).filter(([, member]) => member !== null)
  return Object.fromEntries(told.map(([key, member]) => [key, withoutNulls(member)]))
}
