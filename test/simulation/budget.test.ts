import { expect, test } from 'vitest'
import type { Alterations } from '../../simulate/controller.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { UNDISTURBED } from './calm-history.ts'

const SEEDS = Array.from({ length: 160 }, (_, index) => index + 1)

/** A mutant: no process takes shares of budgets. */
const UNCOUNTED: Alterations = {
  ports: ({ budgets: _, ...ports }) => ports,
}

test('[F41] two executions of a store never have more under change than a budget allows, whatever befalls them', {
  tags: 'long',
}, async () => {
  const met = new Map<string, number>()
  for (const seed of everyNthOfLong(40, 'histories with a budget', SEEDS)) {
    const { violation, outcomes } = await runSeed(seed, { fixed: { budgets: true } })
    expect(violation, `seed ${seed}`).toBeUndefined()
    for (const outcome of outcomes) met.set(outcome ?? 'open', (met.get(outcome ?? 'open') ?? 0) + 1)
  }
  // Two of the forty cuts meet no success.
  expect(met.get('succeeded') ?? 0).toBeGreaterThanOrEqual(extentOfLong(0, 1))
  expect([...met.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(extentOfLong(4, 160))
})

test('where shares are not taken it is seen', { tags: 'night' }, async () => {
  const calm = { ...UNDISTURBED, budgets: true }
  const { disturbances: _, ...drawn } = calm
  const seen: string[] = []
  for (const seed of SEEDS.slice(0, 12)) {
    const { violation } = await runSeed(seed, { fixed: drawn, alterations: UNCOUNTED })
    if (violation === undefined) continue
    seen.push(violation.invariant)
    break
  }
  expect(new Set(seen)).toEqual(new Set(['I54']))
})
