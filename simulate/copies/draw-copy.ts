import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import type { Random } from '../../src/model/clock.ts'
import type { Disturbance, Planned, Scenario } from '../scenario.ts'
import { ACTS, WAYS } from './older-terms.ts'

/** In every sixteenth history somebody copies the store. */
export const hasCopy = (seed: number): boolean => seed % 16 === 13

/** The records behind which the copy is made, and other moments between which something is done or known. */
const COPIED_BEHIND = [
  'after StateEntered',
  'after TaskStarted',
  'after PlanMade',
  'after TaskSucceeded',
  'after ActIntended stage',
  'heard stage',
  'after ActFinished stage',
  'after ActFinished replay',
  'after ActIntended arm',
  'sent arm',
  'after ActFinished arm',
  'after VerdictGiven',
  'after ActIntended confirm',
  'after ActFinished confirm',
  'after ActIntended save',
  'after ActFinished save',
  'after UndoStarted',
  'after UndoFinished',
  'after ExecutionEnded',
] as const

/** Where nobody comes back to the record that was copied. */
const GONE_BEHIND = [
  'sent arm',
  'done arm',
  'after ActFinished arm',
  'after VerdictGiven',
  'done confirm',
  'sent save',
] as const

/** What befalls the record that is copied: what people and networks do. */
const FIRST: ReadonlySet<Disturbance> = new Set([
  'kill',
  'stop',
  'hand edit beside',
  'hand edit in a request',
  'outage',
])

const BEFORE = [
  'hand edit beside',
  'hand edit of the same line',
  'hand removes the change',
  'hand makes the change',
  'reboot',
] as const

const MEANWHILE = [
  'kill',
  'kill',
  'stop',
  'decision',
  'decision',
  'hand edit beside',
  'hand edit of the same line',
  'hand edit in a request',
  'hand removes the change',
  'hand makes the change',
  'reboot',
  'outage',
  'list lags',
  'wrong answer',
] as const

/** The moments of an older record that is gone on with. */
const MOMENTS = 120

/** The same history with a copy of its store. No request of the first record is so late that it arrives when the older one is gone on with. */
export function withCopy(drawn: Scenario): Partial<Scenario> {
  const random = new SeededRandom(drawn.seed ^ 0x6a09e667)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random.fraction() * all.length)] as T
  const planned = (what: Disturbance, behind?: string): Planned => ({
    moment: Math.floor(random.fraction() * MOMENTS),
    ...(behind === undefined ? {} : { behind }),
    what,
    which: Math.floor(random.fraction() * 12),
    draw: random.fraction(),
  })
  const several = (all: readonly Disturbance[], counts: readonly number[]): readonly Planned[] =>
    Array.from({ length: pick(counts) }, () => planned(pick(all))).sort((a, b) => a.moment - b.moment)
  const isByKind = random.fraction() < 0.6
  const copied = planned('copy of the store', isByKind ? pick(COPIED_BEHIND) : undefined)
  const first = drawn.disturbances.filter(({ what }) => FIRST.has(what))
  return {
    commits: 'alone',
    purpose: 'run',
    cuts: false,
    hasPast: false,
    weather: { ...drawn.weather, slow: 0, late: 0 },
    disturbances: [...first, copied, ...goneIn(random, copied)].sort((a, b) => a.moment - b.moment),
    copy: {
      way: pick(WAYS),
      act: pick(ACTS),
      pause: pick([1, 5, 60, 280, 310, 400, 1200]),
      before: several(BEFORE, [0, 0, 1, 2]),
      meanwhile: several(MEANWHILE, [0, 0, 1, 2, 3]),
      approving: pick(['at once', 'at once', 'later', 'rejected', 'never']),
    },
  }
}

/** Nobody comes back to the record: at once, later, or never mind, it is gone on with to its end. */
function goneIn(random: Random, copied: Planned): readonly Planned[] {
  const chance = random.fraction()
  const gone: Planned = { ...copied, what: 'gone for good', draw: random.fraction() }
  if (chance < 0.25) return [gone]
  if (chance > 0.6) return []
  const behind = GONE_BEHIND[Math.floor(random.fraction() * GONE_BEHIND.length)] ?? 'sent arm'
  return [{ ...gone, behind }]
}
