import type { Json } from '../../../../model/json.ts'

// How much of a value a message shows, characters.
const MAX_SHOWN = 8192

export function shownJson(value: Json): string {
  const text = JSON.stringify(value)
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`
}
