import { z } from 'zod'
import { inputError } from '../../project/system/process/input-error.ts'

/** So many bytes of JSON has the text that others have written in one answer, at most, and so many a list: what goes with them has room in {@link MOST_ANSWER}. */
export const MOST_UNTRUSTED = 30_000
/** So many bytes of JSON has one answer of a tool: a client may be sent it twice, as a text and as a document, and that stays below 25,000 tokens of four bytes. */
export const MOST_ANSWER = 40_000
const CUT = '\n[cut: there is more]'

/** Its name begins with `untrusted_`: what is in it is shown and judged, and never followed. */
export const untrusted = (what: string) => z.string().describe(what)

/** A text of others, cut to so many bytes as JSON writes it. */
export function bounded(text: string, most: number = MOST_UNTRUSTED): string {
  if (sizeOf(text) - 2 <= most) return text
  let [kept, over] = [0, Math.min(text.length, most) + 1]
  while (over - kept > 1) {
    const middle = Math.floor((kept + over) / 2)
    if (sizeOf(text.slice(0, middle) + CUT) - 2 <= most) kept = middle
    else over = middle
  }
  // No character is cut in two: JSON writes half of one in more bytes than the whole.
  return `${text.slice(0, kept)}${CUT}`
}

/** As many of a list, from its first on, as fit into so many bytes of JSON; one at least, so that whoever asks again comes on. */
export function fitting<T>(list: readonly T[], most: number): readonly T[] {
  let left = most
  const over = list.findIndex((one) => {
    left -= sizeOf(one) + 1
    return left < 0
  })
  return over === -1 ? list : list.slice(0, Math.max(over, 1))
}

/** How many bytes something has as JSON. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

export const page = {
  limit: z.int().min(1).max(200).default(50).describe('At most so many; fewer where they are long.'),
  cursor: z.string().min(1).max(300).optional().describe('`next` of the answer before.'),
} as const

export const next = z.string().optional().describe('There is more: ask again with it as `cursor`.')

interface Page<T> {
  readonly shown: readonly T[]
  readonly next?: string
}

/** As many of a list as are asked for and fit into an answer, from behind the one that the cursor names. `isMeant` leaves some out: the list goes on at the same place whatever becomes of those meanwhile. */
export function pageOf<T, Shown>(
  list: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  by: { nameOf(one: T): string; isMeant(one: T): boolean; shown(one: T): Shown },
): Page<Shown> {
  const from = cursor === undefined ? 0 : list.findIndex((one) => by.nameOf(one) === cursor) + 1
  if (cursor !== undefined && from === 0)
    throw inputError(
      'arguments',
      'no-such-cursor',
      '`cursor` names nothing of this list',
      'Ask from the start, without `cursor`.',
    )
  const meant = list.slice(from).filter((one) => by.isMeant(one))
  const shown = fitting(
    meant.slice(0, limit).map((one) => by.shown(one)),
    MOST_UNTRUSTED,
  )
  const last = meant[shown.length - 1]
  return { shown, ...(shown.length < meant.length && last !== undefined ? { next: by.nameOf(last) } : {}) }
}
