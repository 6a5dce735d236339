import type { ChangeTerms } from '../../model/change-terms.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { natural } from '../../model/natural-order.ts'
import { clockParts, count, present, short, switches } from '../text/text.ts'

/** Seconds as a sentence says them: `13 s`, `9 min 15 s`, `1 h 5 min`. Never negative; what is below a second is `0 s`. */
export function spokenTime(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds))
  const [h, m, s] = clockParts(all)
  if (h > 0) return m === 0 ? `${h} h` : `${h} h ${m} min`
  if (m > 0) return s === 0 ? `${m} min` : `${m} min ${s} s`
  return `${s} s`
}

const NAMED = 4

/** Names as a sentence says them: `leaf1`, `leaf1 and leaf2`, `leaf1, leaf2, leaf3 and 9 more`; more than `most` are counted. */
export function spokenNames(names: readonly string[], most = NAMED): string {
  const [first = '', ...others] = names
  if (others.length === 0) return first
  if (names.length > most) return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

const COUNTED = 4

/**
 * Switches as a sentence says them: by name while they are few, in the order in which people count; from four on their number. `among`: how
 * many they are part of.
 */
export function spokenSwitches(names: readonly string[], among?: number): string {
  if (names.length < COUNTED) return spokenNames(inPeoplesOrder(names))
  return among === undefined ? switches(names.length) : `${names.length} of ${switches(among)}`
}

/** Names in the order in which people count: `leaf2` before `leaf10`. */
export function inPeoplesOrder(names: readonly string[]): readonly string[] {
  return names.toSorted(natural)
}

/** The form of a verb for so many: `is` or `are`, `has` or `have`. */
export function verb(n: number, one: string, many: string): string {
  return n === 1 ? one : many
}

/** A text cut to a number of characters, the cut shown. */
export function cutText(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** A text that begins with a capital letter. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

export function windowWords({ notBefore, notAfter }: Pick<ChangeTerms, 'notBefore' | 'notAfter'>): readonly string[] {
  if (notBefore !== undefined && notAfter !== undefined) return [`from ${notBefore} to ${notAfter}`]
  if (notBefore !== undefined) return [`not before ${notBefore}`]
  return notAfter === undefined ? [] : [`over by ${notAfter}`]
}

/** `it`: what is spoken of. */
export function windowSentence(
  it: string,
  { notBefore, notAfter }: Pick<ChangeTerms, 'notBefore' | 'notAfter'>,
): readonly string[] {
  if (notBefore !== undefined && notAfter !== undefined)
    return [`${it} changes switches from ${notBefore} to ${notAfter} only`]
  if (notBefore !== undefined) return [`${it} changes no switch before ${notBefore}`]
  return notAfter === undefined ? [] : [`${it} changes no switch after ${notAfter}`]
}

export function changeFileWords(change: ChangeTerms | undefined): readonly string[] {
  if (change === undefined) return []
  const { file, digest, ticket, after = [] } = change
  return present(
    `Change file ${file} (${short(digest)})${ticket === undefined ? '' : `, ticket ${ticket}`}`,
    windowSentence('It', change),
    after.length > 0 &&
      `It begins when ${after.length === 1 ? 'this has' : `these ${count(after.length, 'change')} have`} succeeded: ${after.map((one) => `${one.file} (${short(one.digest)})`).join(', ')}`,
  )
}

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
