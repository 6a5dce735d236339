import { expect, onTestFinished, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import { Questions } from '../../../src/journal/postgres/database.ts'
import { postgresRecordRows } from '../../../src/journal/postgres/record-rows.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { ALTERED_ENDS } from '../altered-ends.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { STARTED } from '../started-event.ts'

const servers = serverForTests(['fsync = off'])
const AGAIN = { again: true }
const ON: EventBody = { type: 'StateEntered', path: '', state: 'on' }

/** A database in which the records 1 to 3 are those of x1, and another process that has it open. */
async function filled() {
  const address = await freshDatabase(servers.server)
  const [other, store] = [await openedAt(address), await openedAt(address)]
  await other.append('x1', [STARTED, ON, ON])
  return { address, other, store }
}

test('what another process has written is in the next list, and only what is new is parsed', async () => {
  const { other, store } = await filled()
  const [before] = await store.executions(AGAIN)
  const [moved] = await other.append('x1', [{ type: 'ExecutionResumed' }])
  const [after] = await store.executions(AGAIN)
  expect(after?.last).toEqual(moved)
  expect(after?.first === before?.first).toBe(true)
  await other.append('x2', [STARTED])
  expect((await store.executions({ open: true, ...AGAIN })).map(({ id }) => id)).toEqual(['x2', 'x1'])
})

test('a first or a last record that was altered between two lists is found by the second', async () => {
  let looked = 0
  for (const [what, change] of Object.entries(ALTERED_ENDS)) {
    const { address, store } = await filled()
    expect([await store.executions(AGAIN), await store.executions(AGAIN)].map(({ length }) => length)).toEqual([1, 1])
    await asSuperuser(address, `SET session_replication_role = replica; ${change}`)
    expect([what, await thrownBy(() => store.executions(AGAIN))]).toEqual([what, expect.any(BrokenChainError)])
    looked += 1
  }
  expect(looked).toBe(10)
})

test('a row that somebody writes to has another mark, also where it says the same, and no other row has', async () => {
  const { address, other } = await filled()
  const questions = new Questions(address, { name: 'test' })
  onTestFinished(() => questions.close())
  const rows = postgresRecordRows(questions, systemClock)
  const marks = async () => (await rows.marksAt?.([1, 2, 3, 4]))?.toSorted((one, two) => one.pos - two.pos)
  const before = await marks()
  expect((await rows.at([2])).map(({ pos, mark }) => ({ pos, mark }))).toEqual([before?.[1]])
  await asSuperuser(address, 'SET session_replication_role = replica; UPDATE event SET body = body WHERE pos = 2')
  await other.append('x1', [{ type: 'ExecutionResumed' }])
  const after = await marks()
  expect(after?.map(({ pos, mark }) => [pos, before?.some((one) => one.mark === mark)])).toEqual([
    [1, true],
    [2, false],
    [3, true],
    [4, false],
  ])
})
