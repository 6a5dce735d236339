import { natural } from '../../model/natural-order.ts'
import { clockParts, switches } from '../text/text.ts'

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
