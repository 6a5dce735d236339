import { expect, test } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { askedTogether } from '../../../../src/change/record/sqlite/record-rows.ts'
import { freshPath, openForTest, thrownBy } from './open-for-test.ts'

const rests = (suspended: string): EventBody => ({ type: 'SuspendRequested', suspended, reason: '' })

test('what is asked in one turn is one question, and each has its own answer', async () => {
  const asked: (readonly number[])[] = []
  const double = askedTogether(async (items: readonly number[]) => {
    asked.push(items)
    return items.map((item) => 2 * item)
  })
  expect(await Promise.all([double(1), double(2), double(1)])).toEqual([2, 4, 2])
  expect(await double(5)).toBe(10)
  expect(asked).toEqual([[1, 2, 1], [5]])
})

test('each hears why a question has failed, and the next one is asked anew', async () => {
  let isDown = true
  const same = askedTogether(async (items: readonly number[]) => {
    if (isDown) throw new Error('down')
    return items
  })
  const all = await Promise.allSettled([same(1), same(2)])
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isDown = false
  expect(await same(3)).toBe(3)
})

test('the words to several executions are each their own, of their own type and behind their own place', async () => {
  const store = await openForTest(freshPath())
  await store.append(undefined, [rests('x1'), rests('x2'), { type: 'StopRequested', stopped: 'x2', reason: '' }])
  const [again] = await store.append(undefined, [rests('x1')])
  const behind = cursorBehind(undefined)
  const found = await Promise.all([
    store.suspendRequest('x3', behind),
    store.suspendRequest('x1', behind),
    store.stopRequest('x1', behind),
    store.suspendRequest('x2', cursorBehind({ seq: 2 })),
    store.suspendRequest('x2', cursorBehind({ seq: 1 })),
    store.stopRequest('x2', behind),
    store.suspendRequest('x1', cursorBehind(again)),
  ])
  expect(found.map((word) => word?.seq)).toEqual([undefined, 4, undefined, undefined, 2, 3, undefined])
  await store.close()
  expect(await thrownBy(() => store.suspendRequest('x1', behind))).toBeInstanceOf(Error)
})
