import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import { extent } from '../extent.ts'

describe('histories drawn from seeds', () => {
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
