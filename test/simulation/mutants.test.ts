import { describe, expect, test } from 'vitest'
import { hunt } from './mutant-table.ts'
import { MUTANTS } from './mutants.ts'

describe('mutants of the protocol', () => {
  test('there are enough of them, each under a name of its own, and they take out many rows of the fault model', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20)
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
    expect(new Set(MUTANTS.flatMap(({ rows }) => rows)).size).toBeGreaterThanOrEqual(20)
  })

  test.each(MUTANTS)('the checker catches: $name', { timeout: 120_000 }, async (mutant) => {
    const { by } = await hunt(mutant, 600, 1)
    expect(Object.keys(by)).toHaveLength(1)
    expect(mutant.caughtBy).toEqual(expect.arrayContaining(Object.keys(by)))
  })
})
