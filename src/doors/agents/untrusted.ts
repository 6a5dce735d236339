import { z } from 'zod'

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
