import { expect, test } from 'vitest'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { freshPath, openForTest } from '../../../change/record/sqlite/open-for-test.ts'
import { extent } from '../../../extent.ts'
import { contend, judged, MOST } from './contenders.ts'

test('executions of three that share a file never have more under change than budgets allow, and all come to their turn', {
  tags: 'cut',
}, async () => {
  const path = freshPath()
  const store = await openForTest(path, systemClock)
  const stores = [store, await openForTest(path, systemClock), await openForTest(path, systemClock)]
  const starts = extent(6, 20)
  await Promise.all(stores.map((one, index) => contend(one, { seed: 40 + index, starts })))
  const { most, ended, waited, overtaken } = await judged(store)
  expect(ended).toBe(3 * starts)
  expect(most).toEqual(MOST)
  expect(waited).toBeGreaterThan(0)
  expect(overtaken).toBeLessThanOrEqual(4)
  await store.verifyChain()
})
