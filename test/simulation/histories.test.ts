import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import { runSeeds } from '../../simulate/run-seeds.ts'
import { APPROVALS, DISTURBANCES, FATES } from '../../simulate/scenario.ts'
import { everyNthOfLong, extent } from '../extent.ts'

/** The ends of executions that one controller drives. */
const ENDS = ['succeeded', 'rolled-back', 'refused', 'cancelled', 'planned', 'unknown']

describe('histories drawn from seeds', () => {
  test('120 of them break no invariant, meet every kind of fault, and end in every way', {
    tags: 'night',
    timeout: 300_000,
  }, async () => {
    const { histories, violations, met, outcomes } = await runSeeds({ from: 1, count: 120 })
    expect([histories, violations]).toEqual([120, []])
    const wanted = [
      ...DISTURBANCES,
      ...FATES.map((fate) => `request ${fate}`),
      ...APPROVALS.map((one) => `approval ${one}`),
    ]
    expect(wanted).toHaveLength(48)
    expect(wanted.filter((what) => met[what] === undefined)).toEqual([])
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(ENDS))
  })

  const ways = [
    ['eapi', 'alone'],
    ['ssh', 'alone'],
    ['eapi', 'together'],
  ] as const
  test.each(everyNthOfLong(3, 'ways of a history', ways))(
    '[G114] the same seed is the same history over %s, with commits %s',
    async (transport, commits) => {
      const seeds = extent(1, 4)
      const digests = new Set<string>()
      for (let seed = 1000; seed < 1000 + seeds; seed += 1) {
        const [first, second] = [await once(seed), await once(seed)]
        expect(first.trace.length).toBeGreaterThan(10)
        expect(second.trace).toEqual(first.trace)
        expect(second.digest).toBe(first.digest)
        digests.add(first.digest)
      }
      expect(digests.size).toBe(seeds)

      function once(seed: number) {
        return runSeed(seed, { traced: true, fixed: { transport, commits } })
      }
    },
  )

  test('the checker changes nothing: with it and without it a history is the same', {
    tags: ['long', 'turn'],
  }, async () => {
    for (let seed = 2000; seed < 2006; seed += 1) {
      const [seen, unseen] = [
        await runSeed(seed, { traced: true }),
        await runSeed(seed, { traced: true, checked: false }),
      ]
      expect(unseen.digest).toBe(seen.digest)
    }
  })
})
