import type { Random } from '../model/random.ts'

/** The first pause between two looks at something that is not good yet, in milliseconds. */
const FIRST = 500
/** By how much of itself a pause is shortened at most, so that what comes and goes in step with the looks is met all the same. */
const JITTER = 0.2

/**
 * Milliseconds until the next look. At what is not good yet one looks soon and then ever less often, up to every `every`
 * seconds; `looks` are those in a row that were not good, 0 where the last one was.
 */
export function pauseAfter(looks: number, every: number, random: Random): number {
  const most = every * 1000
  const pause = looks === 0 ? most : Math.min(most, FIRST * 2 ** Math.min(looks - 1, 20))
  return Math.max(1, Math.round(pause * (1 - JITTER * random.fraction())))
}
