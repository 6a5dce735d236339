import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { count } from '../text/text.ts'

const LONGEST = 40

/** What a change is called: its parameters, because several changes have the same workflow. The first is given with its name, a text behind it alone, numbers and lists with their name: `vlan 140 PROD-CACHE`, `server 10.0.0.1`. */
export function changeTitle({ name, params }: { readonly name: string; readonly params: JsonObject }): string {
  const sorted = Object.entries(params).toSorted(
    ([a, one], [b, other]) => rankOf(one) - rankOf(other) || (a < b ? -1 : 1),
  )
  const first = sorted.find(([param, value]) => wordsOf(param, value).length > 0)
  const words = sorted.flatMap(([param, value]) =>
    typeof value === 'string' && param === first?.[0] ? [`${param} ${cut(value)}`] : wordsOf(param, value),
  )
  return words.length === 0 ? name : words.join(' ')
}

const KINDS: readonly string[] = ['number', 'string', 'boolean']

function rankOf(value: Json) {
  const rank = KINDS.indexOf(typeof value)
  return rank === -1 ? KINDS.length : rank
}

function wordsOf(param: string, value: Json) {
  if (value === null || value === false || value === '') return []
  if (value === true) return [param]
  if (typeof value === 'string') return [cut(value)]
  if (typeof value === 'number') return [`${param} ${value}`]
  if (!Array.isArray(value)) return [`${param} ${cut(JSON.stringify(value))}`]
  if (value.length === 0) return []
  if (value.every(isJsonObject)) return [`${param} ${count(value.length, 'row')}`]
  return [`${param} ${cut(value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(','))}`]
}

function cut(text: string) {
  const characters = [...text]
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`
}
