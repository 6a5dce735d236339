import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Digests, digestsOf, PARTS, type Part } from './footprint.ts'

/** What the first histories did when that was recorded last: docs/simulation.md#the-recorded-histories. */
export interface Recorded {
  readonly version: 1
  /** Why it was recorded anew. */
  readonly reason: string
  /** The digests of each part by seed, from seed 1 on, separated by blanks: so many seeds a line. */
  readonly digests: Readonly<Record<Part, readonly string[]>>
}

/** So many histories are recorded. */
export const RECORDED_SEEDS = 1000

/** The histories of so many seeds are one line of the file. */
const SEEDS_PER_LINE = 20

const FILE = fileURLToPath(new URL('./recorded-digests.json', import.meta.url))

/** A history that is not what it was. */
export interface Difference {
  readonly seed: number
  readonly parts: readonly Part[]
}

/** The recorded digests of a seed. Throws a RangeError when it is not among the recorded ones. */
function recordedOf(recorded: Recorded, seed: number): Digests {
  const [line, place] = [Math.floor((seed - 1) / SEEDS_PER_LINE), (seed - 1) % SEEDS_PER_LINE]
  const of = (part: Part): string => {
    const found = recorded.digests[part][line]?.split(' ')[place]
    if (found === undefined) throw new RangeError(`seed ${seed} is not recorded`)
    return found
  }
  return { requests: of('requests'), ends: of('ends'), records: of('records') }
}

/** Reads what was recorded last. Throws a RangeError for another version of the file. */
export function readRecorded(): Recorded {
  const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Recorded
  if (recorded.version !== 1) throw new RangeError(`${FILE} has version ${recorded.version}, and this reads version 1`)
  return recorded
}

/** What of a recorded history is not what it was; undefined where all of it is. */
export function differenceOf(recorded: Recorded, seed: number, is: Digests): Difference | undefined {
  const was = recordedOf(recorded, seed)
  const parts = PARTS.filter((part) => was[part] !== is[part])
  return parts.length === 0 ? undefined : { seed, parts }
}

/** Simulates histories again and gives those that are not what was recorded. */
export async function differences(from: number, count: number): Promise<readonly Difference[]> {
  const recorded = readRecorded()
  const found: Difference[] = []
  for (let seed = from; seed < from + count; seed += 1) {
    const difference = differenceOf(recorded, seed, await digestsOf(seed))
    if (difference !== undefined) found.push(difference)
  }
  return found
}

/** Simulates the histories and records what they do now, with the reason why that is not what it was. */
export async function record(reason: string): Promise<void> {
  const digests: Record<Part, string[]> = { requests: [], ends: [], records: [] }
  for (let from = 1; from <= RECORDED_SEEDS; from += SEEDS_PER_LINE) {
    const line: Digests[] = []
    for (let seed = from; seed < from + SEEDS_PER_LINE; seed += 1) line.push(await digestsOf(seed))
    for (const part of PARTS) digests[part].push(line.map((one) => one[part]).join(' '))
  }
  const recorded: Recorded = { version: 1, reason, digests }
  writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`)
}
