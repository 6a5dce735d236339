import { runSeed, type SeedResult } from './run-seed.ts'
import type { Wanted } from './scenario.ts'

/** What came of many histories. */
export interface Tally {
  histories: number
  /** The seeds that broke an invariant. */
  readonly violations: { readonly seed: number; readonly invariant: string; readonly message: string }[]
  /** How often executions ended in each way. */
  readonly outcomes: Record<string, number>
  /** How often each kind of fault, and each moment of a kill, was met. */
  readonly met: Record<string, number>
  /** In how many histories each of {@link SHARES} was met. */
  readonly shares: Record<string, number>
  /** Milliseconds of the wall. */
  milliseconds: number
}

/** What a history may hold besides the change itself, and by what it is known. */
export const SHARES: Readonly<Record<string, readonly string[]>> = {
  redrive: ['redrive'],
  rollback: ['rollback'],
  'hand edits': ['hand edit beside', 'hand edit of the same line', 'hand edit in a request', 'hand removes the change'],
  'hand saves': ['hand save', 'hand save in a request'],
  quarantines: ['quarantine'],
  'wrong answers': ['wrong answer', 'wrong error', 'error line'],
}

/** Nothing has been lived through yet. */
export const noTally = (): Tally => ({
  histories: 0,
  violations: [],
  outcomes: {},
  met: {},
  shares: {},
  milliseconds: 0,
})

/** Which seeds, and how. */
export interface SeedRange {
  readonly from: number
  readonly count: number
  /** Every how many seeds; default 1. */
  readonly step?: number
  readonly checked?: boolean
  readonly wanted?: Wanted
}

/** Lives through the histories of many seeds, one after the other. */
export async function runSeeds({ from, count, step = 1, checked = true, wanted = {} }: SeedRange): Promise<Tally> {
  const tally = noTally()
  const start = performance.now()
  for (let index = 0; index < count; index += 1) {
    addSeed(tally, await runSeed(from + index * step, { checked, fixed: wanted }))
  }
  tally.milliseconds = performance.now() - start
  return tally
}

function addSeed(tally: Tally, { seed, violation, outcomes, met }: SeedResult): void {
  tally.histories += 1
  if (violation !== undefined) tally.violations.push({ seed, ...violation })
  for (const outcome of outcomes) count(tally.outcomes, outcome ?? 'not ended', 1)
  for (const [what, times] of met) count(tally.met, what, times)
  for (const [share, kinds] of Object.entries(SHARES)) {
    if (kinds.some((kind) => met.has(kind))) count(tally.shares, share, 1)
  }
}

/** Both together, as one. */
export function addTally(tally: Tally, other: Tally): void {
  tally.histories += other.histories
  tally.violations.push(...other.violations)
  for (const [outcome, times] of Object.entries(other.outcomes)) count(tally.outcomes, outcome, times)
  for (const [what, times] of Object.entries(other.met)) count(tally.met, what, times)
  for (const [share, times] of Object.entries(other.shares)) count(tally.shares, share, times)
  tally.milliseconds = Math.max(tally.milliseconds, other.milliseconds)
}

function count(counts: Record<string, number>, what: string, times: number): void {
  counts[what] = (counts[what] ?? 0) + times
}

/** What a history costs, in milliseconds of the wall, with the checker and without it. */
export interface Cost {
  readonly checked: number
  readonly unchecked: number
}

/** Lives through the same histories with the checker and without it, by turns, so that both meet the same machine. */
export async function costOfChecking({ from, count, wanted = {} }: SeedRange): Promise<Cost> {
  const spent = { checked: 0, unchecked: 0 }
  for (let index = 0; index < count; index += 1) {
    for (const way of ['checked', 'unchecked'] as const) {
      const start = performance.now()
      await runSeed(from + index, { fixed: wanted, checked: way === 'checked' })
      // What is compiled on the way is nobody's cost.
      if (index >= count / 5) spent[way] += performance.now() - start
    }
  }
  const measured = Math.max(1, count - Math.ceil(count / 5))
  return { checked: spent.checked / measured, unchecked: spent.unchecked / measured }
}
