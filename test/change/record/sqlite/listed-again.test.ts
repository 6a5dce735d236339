import { expect, onTestFinished, test, vi } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { STARTED } from '../one-of-each-event.ts'
import { flipBytes } from './cells.ts'
import { freshPath, openForTest, thrownBy } from './open-for-test.ts'

const AGAIN = { again: true }
const ON: EventBody = { type: 'StateEntered', path: '', state: 'on' }
const WORD: EventBody = { type: 'StopRequested', stopped: 'x1', reason: '' }

/** Records 1 to 3 are those of x1, 4 to 6 those of x2, and so on. */
async function filled(path: string, executions = 1): Promise<Store & Journal> {
  const store = await openForTest(path)
  for (let at = 1; at <= executions; at += 1) await store.append(`x${at}`, [STARTED, ON, ON])
  return store
}

/** The positions at which a store was asked for records, of each list. */
function watched(): { readonly all: number[]; readonly of: (store: Store) => Promise<readonly number[]> } {
  const asked: number[] = []
  const { all } = Connection.prototype
  const spy = vi.spyOn(Connection.prototype, 'all').mockImplementation(function (this: Connection, text, ...values) {
    if (text.includes('WHERE e.pos IN')) asked.push(...(JSON.parse(String(values[0])) as readonly number[]))
    return all.call(this, text, ...values)
  })
  onTestFinished(() => {
    spy.mockRestore()
  })
  return {
    all: asked,
    of: async (store) => {
      asked.length = 0
      await store.executions({ open: true, limit: 100, again: true })
      return asked.splice(0)
    },
  }
}

test('a list that is asked for again reads no record again', async () => {
  const store = await filled(freshPath(), 3)
  const asked = watched()
  expect(await asked.of(store)).toEqual([7, 9, 4, 6, 1, 3])
  const before = await store.executions(AGAIN)
  expect([await asked.of(store), await asked.of(store)]).toEqual([[], []])
  expect((await store.executions(AGAIN))[0]?.first).toBe(before[0]?.first)
})

test('an execution that has moved is read again, and no other', async () => {
  const store = await filled(freshPath(), 3)
  const asked = watched()
  await asked.of(store)
  const [moved] = await store.append('x2', [{ type: 'ExecutionResumed' }])
  expect(await asked.of(store)).toEqual([4, 10])
  expect((await store.executions(AGAIN))[1]?.last).toEqual(moved)
  await store.append(undefined, [WORD])
  expect(await asked.of(store)).toEqual([])
})

test('bytes that are changed past SQLite are found within a minute', async () => {
  const path = freshPath()
  const clock = new VirtualClock()
  await filled(path)
  const store = await openForTest(path, clock)
  const asked = watched()
  expect(await asked.of(store)).toEqual([1, 3])
  expect(flipBytes(path, '"workflow":"w')).toBeGreaterThan(0)
  await clock.advance(59_999)
  expect(await asked.of(store)).toEqual([])
  await clock.advance(1)
  expect(await thrownBy(() => store.executions(AGAIN))).toBeInstanceOf(BrokenChainError)
})

test('whoever asks once has nothing kept, and everything read', async () => {
  const store = await filled(freshPath(), 2)
  const asked = watched()
  await store.executions({ limit: 100 })
  expect(asked.all.splice(0)).toEqual([4, 6, 1, 3])
  expect(await asked.of(store)).toEqual([4, 6, 1, 3])
  await store.executions({ limit: 100 })
  expect(asked.all).toEqual([4, 6, 1, 3])
})
