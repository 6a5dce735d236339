import { expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { Questions } from '../../../../src/change/record/postgres/database.ts'
import { postgresRecordRows } from '../../../../src/change/record/postgres/record-rows.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { STARTED } from '../one-of-each-event.ts'

const servers = serverForTests()
const ON: EventBody = { type: 'StateEntered', path: '', state: 'on' }

test('a row that somebody writes to has another mark, also where it says the same, and no other row has', async () => {
  const address = await freshDatabase(servers.server)
  const other = await openedAt(address)
  await other.append('x1', [STARTED, ON, ON])
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
