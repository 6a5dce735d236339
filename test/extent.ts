import { FIXED } from './seed.ts'

/**
 * Whether a test looks at all there is, where `npm test` looks at a cut. `npm run test:long` does so in the tests that are tagged `cut`, and
 * `npm run soak -- night all` in every file that imports this one, so that none is forgotten there.
 */
export const isWhole = process.env.TEST_WHOLE !== undefined

/** Whether it looks at what `npm run test:long` has no time for either: `npm run soak -- night all`. */
const isAll = process.env.TEST_WHOLE === 'all'

/** How much a test looks at: the first in `npm test`, the second where it looks at all there is. */
export const extent = <T>(cut: T, whole: T): T => (isWhole ? whole : cut)

/** How much a test looks at in `npm run test:long` at most, and in `npm run soak -- night all`. */
export const extentOfLong = <T>(long: T, all: T): T => (isAll ? all : long)

/** Where in a list each cut begins: another place for each commit, chosen by `seed.ts` and printed. */
export const SEED = Number(process.env.TEST_SEED ?? FIXED)

/** Every how manieth of a list a test that is tagged `cut` looks at, where `npm run test:long` has no time for all of it either. */
export interface Portions {
  readonly test: number
  readonly long: number
}

/**
 * Every nth of a list in `npm test`, and otherwise all of it; with two numbers a part of it in `npm run test:long` too. Says in one line how many of what
 * these are.
 */
export function everyNth<T>(n: number | Portions, what: string, list: readonly T[]): readonly T[] {
  const { test, long } = typeof n === 'number' ? { test: n, long: 1 } : n
  if (isAll || (isWhole && long === 1)) return list
  return cutOf(isWhole ? long : test, what, list)
}

/** Every nth of a list in `npm run test:long`, all of it in `npm run soak -- night all`: what takes minutes by itself. */
export function everyNthOfLong<T>(n: number, what: string, list: readonly T[]): readonly T[] {
  return everyNth({ test: n, long: n }, what, list)
}

function cutOf<T>(n: number, what: string, list: readonly T[]) {
  if (list.length === 0) return list
  const cut = cutBy(SEED, n, list)
  process.stdout.write(`${what}: ${cut.length} of ${list.length}, every ${n}. (seed ${SEED})\n`)
  return cut
}

/** A row whose title has an id is looked at with each commit. */
const hasId = (row: unknown) => /^\[\w+\] /.test(String(Array.isArray(row) ? row[0] : row))

/**
 * Every nth of a list, from the place on that a seed chooses. So many of them with each seed: what is short of one at the end is taken from the
 * beginning.
 */
export function cutBy<T>(seed: number, n: number, list: readonly T[]): readonly T[] {
  const first = seed % Math.min(n, list.length)
  const wanted = new Set(
    Array.from({ length: Math.ceil(list.length / n) }, (_, step) => (first + step * n) % list.length),
  )
  return list.filter((row, index) => wanted.has(index) || hasId(row))
}

/** A test that is tagged `turn` has its turn with each so manieth commit: the configurations of the gate say 6, by hand and by night it always has. */
const TURNS = Number(process.env.TEST_TURNS ?? 1)

/** Whether a test that takes turns is looked at with a seed. */
export function hasTurn(name: string, seed = SEED, turns = TURNS) {
  const place = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  return (place + seed) % turns === 0
}
