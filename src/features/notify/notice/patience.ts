const FIRST = 5_000
const LONGEST = 3_600_000

/** What a target has not taken for so long, in milliseconds, is given up. */
export const GIVES_UP_AFTER = 72 * 3_600_000

/** For how many milliseconds a target rests behind so many failures in a row: 5 s, twice as long each time, and at most an hour. */
export function restAfter(failures: number): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20))
}
