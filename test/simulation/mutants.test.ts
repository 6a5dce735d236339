// @module-tag long
import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import { everyNthOfLong } from '../extent.ts'
import { LATER_MUTANTS } from './later-mutants.ts'
import { hunt } from './mutant-table.ts'
import { MUTANTS } from './mutants.ts'

describe('mutants of the protocol', () => {
  test('there are enough of them, each under its own name, and they take out many rows of the fault model', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
    expect(LATER_MUTANTS.length).toBeGreaterThanOrEqual(15)
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
    expect(new Set(MUTANTS.flatMap(({ rows }) => rows)).size).toBeGreaterThanOrEqual(20)
  })

  test.each(everyNthOfLong(8, 'histories of mutants without them', LATER_MUTANTS))(
    'what it is let loose on breaks nothing without it: $name',
    async ({ fixed = {} }) => {
      const { violation, outcomes } = await runSeed(1, { fixed: { transport: 'eapi', commits: 'alone', ...fixed } })
      expect(violation).toBeUndefined()
      expect(outcomes).not.toContain(undefined)
    },
  )

  test.each(everyNthOfLong(24, 'mutants of the protocol', MUTANTS))(
    'the checker catches: $name',
    { timeout: 120_000 },
    async (mutant) => {
      const { by } = await hunt(mutant, 600, 1)
      expect(Object.keys(by)).toHaveLength(1)
      expect(mutant.caughtBy).toEqual(expect.arrayContaining(Object.keys(by)))
    },
  )
})
