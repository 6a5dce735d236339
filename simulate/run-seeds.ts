import { Witness } from './footprint.ts'
import { type Difference, differenceOf, RECORDED_SEEDS, type Recorded, readRecorded } from './recorded-digests.ts'
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
  /** How many histories were compared with what was recorded, and those that are not what they were. */
  compared: number
  readonly differences: Difference[]
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
  compared: 0,
  differences: [],
  milliseconds: 0,
})

/** Which seeds, and how. */
export interface SeedRange {
  readonly from: number
  readonly count: number
  /** Every how many seeds; default 1. */
  readonly step?: number
  readonly checked?: boolean
  /** Whether the recorded ones among them are compared with what was recorded; default false. */
  readonly compared?: boolean
  readonly wanted?: Wanted
}

/** Lives through the histories of many seeds, one after the other. */
export async function runSeeds(range: SeedRange): Promise<Tally> {
  const { from, count, step = 1, checked = true, compared = false, wanted = {} } = range
  const tally = noTally()
  const recorded = compared ? readRecorded() : undefined
  const start = performance.now()
  for (let index = 0; index < count; index += 1) {
    const seed = from + index * step
    if (recorded !== undefined && seed <= RECORDED_SEEDS) await compareSeed(tally, seed, recorded)
    else addSeed(tally, await runSeed(seed, { checked, fixed: wanted }))
  }
  tally.milliseconds = performance.now() - start
  return tally
}

/** Lives through a recorded history under the checker, which changes nothing in it, and compares it with what was recorded. */
async function compareSeed(tally: Tally, seed: number, recorded: Recorded): Promise<void> {
  const witness = new Witness()
  addSeed(tally, await runSeed(seed, { watch: witness.watch }))
  tally.compared += 1
  const difference = differenceOf(recorded, seed, witness.digests)
  if (difference !== undefined) tally.differences.push(difference)
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
  tally.compared += other.compared
  tally.differences.push(...other.differences)
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
