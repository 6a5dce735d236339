// @module-tag long
import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Fixed, Planned } from '../../simulate/scenario.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { ONE, TWO } from './calm-history.ts'

const suspended = (moment: number): Planned => ({ what: 'suspend', moment, which: 0, draw: 0.3 })

/** What else befalls a history, and how it ends then. */
interface Besides {
  readonly outcome: string
  readonly at?: (moment: number) => readonly Planned[]
}

/** Suspends the controller at every `step`th moment of a history, in the gate at every eighth of these, each in a life of its own; gives at how many of them it has rested. */
async function suspendedEverywhere(
  history: Fixed,
  moments: number,
  step = 1,
  { outcome, at = () => [] }: Besides = { outcome: 'succeeded' },
) {
  let rests = 0
  const all = Array.from({ length: Math.ceil(moments / step) }, (_, index) => 1 + index * step)
  for (const moment of everyNthOfLong(8, 'moments of a suspension', all)) {
    const fixed = { ...history, disturbances: [suspended(moment), ...at(moment)] }
    const { violation, outcomes, trace } = await runSeed(1, { traced: true, fixed })
    expect(violation, `suspended at moment ${moment}`).toBeUndefined()
    expect(outcomes, `suspended at moment ${moment}`).toEqual([outcome])
    rests += trace.filter((line) => line.endsWith('rests: running')).length
  }
  return rests
}

describe('an execution is suspended at every moment: it rests with nothing live, nothing is undone, and a resume brings it to its end', () => {
  test('a change of one switch', { timeout: 120_000 }, async () => {
    expect(await suspendedEverywhere(ONE, 165)).toBeGreaterThanOrEqual(extentOfLong(9, 70))
  })

  test('a change of two switches, wave by wave: it rests between the waves', {
    tags: 'turn',
    timeout: 120_000,
  }, async () => {
    expect(await suspendedEverywhere({ ...TWO, atomic: 'wave' }, 270, 3)).toBeGreaterThanOrEqual(extentOfLong(8, 65))
  })

  test('the same over SSH, and each switch by itself', { tags: 'turn', timeout: 120_000 }, async () => {
    expect(await suspendedEverywhere({ ...TWO, transport: 'ssh', atomic: 'wave' }, 300, 25)).toBeGreaterThanOrEqual(
      extentOfLong(1, 8),
    )
    expect(await suspendedEverywhere({ ...TWO, waves: [2], atomic: 'device' }, 270, 15)).toBeGreaterThanOrEqual(
      extentOfLong(1, 8),
    )
  })

  test('one that is put back goes on to its end, and one that is stopped behind the request is put back', {
    tags: 'turn',
    timeout: 120_000,
  }, async () => {
    const putBack: Fixed = { ...ONE, cuts: true, keepsConnections: false }
    expect(await suspendedEverywhere(putBack, 200, 9, { outcome: 'rolled-back' })).toBeGreaterThanOrEqual(
      extentOfLong(1, 8),
    )
    const stop = (moment: number): Planned => ({ ...suspended(moment + 3), what: 'stop' })
    const stopped: Besides = { outcome: 'cancelled', at: (moment) => [stop(moment)] }
    await suspendedEverywhere({ ...TWO, atomic: 'wave' }, 200, 15, stopped)
  })

  test('a change of two switches that are confirmed together', {
    tags: 'turn',
    timeout: 120_000,
  }, async () => {
    expect(await suspendedEverywhere(TWO, 270, 5)).toBeGreaterThanOrEqual(extentOfLong(2, 19))
  })
})
