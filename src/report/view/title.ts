import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { cutText } from './spoken.ts'

/** A title has at most so many characters, and one value in it so many. */
const LONGEST = 90
const LONGEST_VALUE = 30

/** What a change is called: its workflow and what it was given, `add-vlan: vlan 140, name PROD-CACHE`. */
export function titleOf(workflow: string, params: JsonObject): string {
  const said = Object.entries(params).map(([name, value]) => `${name} ${valueWords(value)}`)
  return cutText(said.length === 0 ? workflow : `${workflow}: ${said.join(', ')}`, LONGEST)
}

function valueWords(value: Json): string {
  if (Array.isArray(value)) return cutText((value as readonly Json[]).map(valueWords).join(' '), LONGEST_VALUE)
  return cutText(isJsonObject(value) ? JSON.stringify(value) : String(value), LONGEST_VALUE)
}
