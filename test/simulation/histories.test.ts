import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import { runSeeds } from '../../simulate/run-seeds.ts'
import { APPROVALS, DISTURBANCES, FATES } from '../../simulate/scenario.ts'
import { extent } from '../extent.ts'

/** The first of those that `npm run simulate` lives through in the gate, each recorded one twice: then and now. */
const HISTORIES = extent(20, 120)

/** Every end that an execution has. */
const ENDS = ['succeeded', 'rolled-back', 'refused', 'cancelled', 'planned', 'unknown']

describe('histories drawn from seeds', () => {
  test(`[G69] [G76] [G114] ${HISTORIES} of them break no invariant, and meet every kind of fault`, {
    tags: 'night',
    timeout: 300_000,
  }, async () => {
    const { histories, violations, met, outcomes } = await runSeeds({ from: 1, count: HISTORIES })
    expect(violations).toEqual([])
    expect(histories).toBe(HISTORIES)
    const wanted = [
      ...DISTURBANCES,
      ...FATES.map((fate) => `request ${fate}`),
      ...APPROVALS.map((one) => `approval ${one}`),
    ]
    expect(wanted.filter((what) => met[what] === undefined).length).toBeLessThanOrEqual(extent(wanted.length / 2, 0))
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(extent(['succeeded', 'rolled-back', 'refused'], ENDS)))
  })

  test.each([
    ['eapi', 'alone'],
    ['ssh', 'alone'],
    ['eapi', 'together'],
  ] as const)('[G114] the same seed is the same history over %s, with commits %s', async (transport, commits) => {
    const seeds = extent(2, 4)
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
  })

  test('the checker changes nothing: with it and without it a history is the same', { tags: 'night' }, async () => {
    for (let seed = 2000; seed < 2006; seed += 1) {
      const [seen, unseen] = [
        await runSeed(seed, { traced: true }),
        await runSeed(seed, { traced: true, checked: false }),
      ]
      expect(unseen.digest).toBe(seen.digest)
    }
  })
})
