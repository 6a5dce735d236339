// @module-tag long
import { expect, test } from 'vitest'
import { ACTS, WAYS } from '../../simulate/copies/older-terms.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import { runSeeds } from '../../simulate/run-seeds.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { COPY_MUTANTS } from './copy-mutants.ts'
import { hunt } from './mutant-table.ts'

/** Many more are lived through by `npm run simulate -- --copies`. */
const HISTORIES = extentOfLong(12, 200)

test(`${HISTORIES} histories whose store is copied or restored: every end that is said is true`, {
  tags: 'turn',
}, async () => {
  const { histories, violations, met } = await runSeeds({ from: 1, count: HISTORIES, wanted: { copies: true } })
  expect(violations).toEqual([])
  expect(histories).toBe(HISTORIES)
  const wanted = [
    ...WAYS.map((way) => `a store that is ${way}`),
    ...ACTS.map((act) => `an older record: ${act}`),
    ...['untouched', 'reverted', 'unknown'].map((end) => `an older record says: ${end}`),
  ]
  expect(wanted.filter((what) => met[what] === undefined)).toEqual([])
})

test.each([
  ['a part of the change, confirmed by the other record, is called put back with lines of somebody else', 17],
  ['the same behind a restored backup, on a switch that has rebooted', 114],
  ['a switch whose failure is tolerated is untouched by the record alone, and runs the whole change', 213],
  ['a redrive behind a copy does not ask for the checkpoint of the other record', 1644],
  ['the checkpoint from before is saved over while somebody makes the whole change', 2000003],
  ['the whole change is there behind a timed commit that was refused, and is called put back', 3013331],
  ['startup-config holds the change that another record has saved, and the switch is called put back', 3001475],
])('[P18] what once broke an invariant breaks none: %s', async (_seen, seed) => {
  const { violation, met } = await runSeed(seed, { fixed: { copies: true } })
  expect([violation, met.get('copy of the store')]).toEqual([undefined, 1])
})

test('the checker changes nothing in what becomes of an older record', { tags: 'turn' }, async () => {
  for (const seed of [17, 40, 213]) {
    const fixed = { copies: true }
    const [seen, unseen] = [
      await runSeed(seed, { traced: true, fixed }),
      await runSeed(seed, { traced: true, fixed, checked: false }),
    ]
    expect(seen.trace.some((line) => line.includes('the older record is gone on with'))).toBe(true)
    expect(unseen.digest).toBe(seen.digest)
  }
})

test.each(everyNthOfLong(4, 'histories of mutants of copies without them', COPY_MUTANTS))(
  'what it is let loose on breaks nothing without it: $name',
  async ({ fixed = {} }) => {
    const { violation, trace } = await runSeed(1, { fixed: { transport: 'eapi', ...fixed }, traced: true })
    expect(violation).toBeUndefined()
    expect(trace.some((line) => line.includes('the older record is gone on with'))).toBe(true)
  },
)

test.each(everyNthOfLong(6, 'mutants of copies', COPY_MUTANTS))('the checker catches: $name', async (mutant) => {
  const { by } = await hunt(mutant, 20, 1)
  expect(Object.keys(by)).toHaveLength(1)
  expect(mutant.caughtBy).toEqual(expect.arrayContaining(Object.keys(by)))
})
