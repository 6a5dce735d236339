// @module-tag long
import { describe, expect, test } from 'vitest'
import { CALM_MACHINES } from '../../simulate/many/machines.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { hunt } from './mutant-table.ts'
import { SITE_MUTANTS, sitesCalm } from './site-mutants.ts'

/** Every fourth history of many machines is one of two sites. */
const seeds = (count: number) => Array.from({ length: count }, (_, index) => 2 + 4 * index)

test('histories of two sites break no invariant, and meet what befalls such', {
  tags: 'night',
  timeout: 300_000,
}, async () => {
  const met = new Set<string>()
  const ends = new Set<string | undefined>()
  for (const seed of seeds(extentOfLong(6, 30))) {
    const { violation, outcomes, met: found } = await runSeed(seed, { fixed: { many: true } })
    expect([seed, violation]).toEqual([seed, undefined])
    for (const what of found.keys()) met.add(what)
    for (const outcome of outcomes) ends.add(outcome)
  }
  for (const what of ['two sites', 'release of confirm', 'sites put back']) expect([...met]).toContain(what)
  expect([...ends]).toEqual(expect.arrayContaining(['succeeded', 'rolled-back', 'cancelled']))
})

test('nothing befalls it: the change is made at both sites', async () => {
  const { violation, outcomes } = await runSeed(1, { fixed: sitesCalm([]) })
  expect([violation, outcomes]).toEqual([undefined, ['succeeded', 'succeeded', 'succeeded']])
})

test.each(
  everyNthOfLong(3, 'what befalls the records of two sites again and again', [
    ['answer of a commit lost', 0.15],
    ['commit lost', 0.15],
    ['commit late', 0.08],
  ] as const),
)(
  '%s, again and again: no part stays with a whole that does not know of it, and none is left behind',
  { tags: 'night' },
  async (fate, share) => {
    for (const seed of seeds(extentOfLong(1, 8))) {
      const fixed = sitesCalm([], { appends: { ...CALM_MACHINES.appends, [fate]: share } })
      const { violation, outcomes } = await runSeed(seed, { fixed })
      expect([seed, violation, outcomes.includes(undefined)]).toEqual([seed, undefined, false])
    }
  },
)

describe('mutants of the barriers', () => {
  test.each(everyNthOfLong(6, 'mutants of the barriers', SITE_MUTANTS))(
    'the checker catches: $name',
    { tags: 'night', timeout: 180_000 },
    async (mutant) => {
      const { by } = await hunt(mutant, 40, 1)
      expect(Object.keys(by)).toHaveLength(1)
      expect(mutant.caughtBy).toEqual(expect.arrayContaining(Object.keys(by)))
    },
  )
})
