import { expect, test } from 'vitest'
import { ONE_SITE } from '../../src/change/engine/sites.ts'
import { localDispatcher } from '../../src/project/app/dispatch/open-dispatcher.ts'
import type { Cause } from '../../src/project/app/dispatch/port/activation.ts'
import { dispatchTo } from '../../src/project/app/dispatch/worker-dispatch.ts'

/** The ids that workers of `dc1` get who come when all has been posted. */
async function comeFor(causes: readonly Cause[]) {
  const dispatcher = localDispatcher({ monotonic: () => 0 })
  const inventory = (): never => {
    throw new Error('the record says the site')
  }
  const dispatch = dispatchTo(dispatcher, { inventory }, (_, error) => {
    throw error
  })
  for (const cause of causes)
    await dispatch.post({ id: 'x', targets: ['leaf1'], sites: { ...ONE_SITE, own: 'dc1' } }, cause)
  const came: string[] = []
  await dispatcher.work(['dc1'], 9, async ({ id }) => void came.push(id))
  await new Promise((resolve) => setTimeout(resolve, 0))
  return came
}

test('at a site without a worker, one word waits for an execution that nobody drives, not one more in each term', async () => {
  const died = [1, 2, 3].map((again): Cause => ({ why: 'owner-died', token: 4, again }))
  expect(await comeFor([...died, { why: 'left', period: 1 }, { why: 'left', period: 2 }])).toEqual(['x@t4.1'])
})

test('what somebody has written is posted beside one that waits: whoever has taken that may have read the record before', async () => {
  expect(await comeFor([{ why: 'left', period: 1 }, { why: 'woken', wake: 5 }, { why: 'begun' }])).toEqual([
    'x@s1',
    'x@w5',
    'x@0',
  ])
})
