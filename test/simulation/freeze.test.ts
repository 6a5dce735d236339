// @module-tag long
import { describe, expect, test } from 'vitest'
import { scenarioOf } from '../../simulate/draw-scenario.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Fixed } from '../../simulate/scenario.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { ONE } from './calm-history.ts'

/** A calm change of one switch, whose rival has the same store. */
const IN_ONE_STORE: Fixed = { ...ONE, rivalStore: 'same' }

/** Somebody freezes at every `step`th moment of a history, each in a life of its own; gives how often each end was met. */
async function frozenEverywhere(history: Fixed, moments: number, step: number) {
  const ends: Record<string, number> = {}
  const all = Array.from({ length: Math.ceil(moments / step) }, (_, index) => 1 + index * step)
  for (const moment of everyNthOfLong(8, 'moments of a freeze', all)) {
    const disturbances = [{ what: 'freeze', moment, which: 0, draw: 0.5 } as const]
    const { violation, outcomes } = await runSeed(1, { fixed: { ...history, disturbances } })
    expect(violation, `frozen at moment ${moment}`).toBeUndefined()
    for (const outcome of outcomes) ends[outcome ?? 'open'] = (ends[outcome ?? 'open'] ?? 0) + 1
  }
  return ends
}

describe('somebody freezes at every moment: a change is refused before its first timed commit, or goes on to its end', () => {
  test('of one switch, and of two, with commits alone and together', { timeout: 120_000 }, async () => {
    for (const commits of ['alone', 'together'] as const) {
      const ends = await frozenEverywhere({ ...IN_ONE_STORE, commits }, 160, 4)
      expect(Object.keys(ends).toSorted()).toEqual(['refused', 'succeeded'])
      expect(Math.min(...Object.values(ends))).toBeGreaterThan(extentOfLong(1, 8))
    }
    const two: Fixed = {
      ...IN_ONE_STORE,
      switches: [
        { name: 'sw1', eos: '4.31.4M' },
        { name: 'sw2', eos: '4.32.2F' },
      ],
      atomic: 'wave',
    }
    const ends = await frozenEverywhere(two, 270, 9)
    expect(Object.keys(ends).toSorted()).toEqual(['refused', 'succeeded'])
    expect(ends.succeeded).toBeGreaterThan(extentOfLong(1, 10))
  })
})

test('every sixteenth seed freezes, and what it draws besides is what it drew before', () => {
  const seeds = Array.from({ length: 320 }, (_, index) => index + 1)
  const frozen = seeds.filter((seed) => scenarioOf(seed).disturbances.some(({ what }) => what === 'freeze'))
  expect(frozen).toEqual(seeds.filter((seed) => seed % 16 === 15))
})
