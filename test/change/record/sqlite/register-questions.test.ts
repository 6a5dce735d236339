import { expect, test } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const answered = (token: string, output: string): EventBody => ({
  type: 'SignalSent',
  token,
  answer: { signal: 'success', output },
})
const stopped = (execution: string, reason: string): EventBody => ({
  type: 'StopRequested',
  stopped: execution,
  reason,
})
const frozen = (hour: string): EventBody => ({
  type: 'FreezeSet',
  principal: ALICE,
  reason: 'INC-1',
  until: `2026-01-05T${hour}:00:00.000Z`,
})
const fired = (schedule: string): EventBody => ({
  type: 'ScheduleFired',
  schedule,
  instant: '2026-01-05T09:00:00.000Z',
  does: 'drift',
})

/** Records 1 and 2 answer tokens, 3 to 5 stop or suspend executions, 6 to 9 freeze and end a freeze, 10 and 11 are of schedules. */
const RECORDS: readonly EventBody[] = [
  answered('t1', 'first'),
  answered('t2', 'other'),
  stopped('x1', 'too late'),
  stopped('x2', 'wrong switch'),
  { type: 'SuspendRequested', suspended: 'x1', reason: 'once' },
  frozen('09'),
  frozen('07'),
  { type: 'FreezeEnded', principal: ALICE, freeze: 7, reason: 'solved' },
  frozen('10'),
  fired('a'),
  fired('b'),
]

const start = cursorBehind(undefined)
const NOW = '2026-01-05T08:00:00.000Z'
const signals = (store: Store) => store.signals(['t1'], start)
const stop = (execution: string) => (store: Store) => store.stopRequest(execution, start)
const suspend = (store: Store) => store.suspendRequest('x1', start)
const freezes = (store: Store) => store.freezes(NOW)
const schedules = (store: Store) => store.schedules()
const begin = (store: Store & Journal) => store.append('x9', [{ type: 'ExecutionRedriven' }])
const edit = (pos: number, from: string, to: string, more = '') =>
  `UPDATE register SET body = replace(body, '${from}', '${to}')${more} WHERE pos = ${pos}`
const FORGED = `INSERT INTO register(n, pos, type, receiver, covers, prev, hash, body)
  SELECT 12, 12, type, 't1', '[]', (SELECT hash FROM register WHERE n = 11), zeroblob(32), replace(body, '"t2"', '"t1"') FROM register WHERE pos = 2`

test.each<[string, string, number, ...((store: Store & Journal) => Promise<unknown>)[]]>([
  ['an answer', edit(1, '"first"', '"fifth"'), 1, signals],
  ['a token', edit(2, '"t2"', '"t1"', ", receiver = 't1'"), 2, signals],
  ['a forged answer at the end', FORGED, 12, signals],
  ['the reason of a word to stop', edit(3, 'too late', 'too soon'), 3, stop('x1')],
  ['the execution of a word to stop', edit(4, '"stopped":"x2"', '"stopped":"x7"', ", receiver = 'x7'"), 4, stop('x7')],
  ['a word to rest', edit(5, 'once', 'then'), 5, suspend],
  ['the end of a freeze, brought forward', edit(6, 'T09', 'T07'), 6, freezes, begin],
  ['the end of a freeze, put off', edit(7, 'T07', 'T23'), 7, freezes, begin],
  ['the end of a freeze, written for another', edit(8, '"freeze":7', '"freeze":6'), 8, freezes, begin],
  ['the instant of a schedule', edit(10, 'T09', 'T10'), 10, schedules],
  ['the name of a schedule', edit(10, '"a"', '"c"'), 10, schedules],
])('%s that was altered is not believed by what asks for it', async (_name, change, seq, ...questions) => {
  const path = freshPath()
  const store = await openForTest(path)
  await store.append(undefined, RECORDS)
  expect((await freezes(store)).map((one) => one.seq)).toEqual([6, 9])
  expect([await signals(store), await schedules(store)].map(({ length }) => length)).toEqual([1, 2])
  tamper(path, change)
  for (const ask of questions) {
    const error = await thrownBy(() => ask(store))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ seq })
  }
  expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
})

test('a receiver that another record is given is found by a verification', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await store.append(undefined, RECORDS)
  tamper(path, "UPDATE register SET receiver = 't9' WHERE pos = 1")
  expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 1 })
})

test('where the end was cut off, nothing that asks for any of it is answered, and nothing is put after it', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await store.append(undefined, RECORDS)
  tamper(path, 'DELETE FROM register WHERE pos = 11')
  for (const ask of [
    () => store.signals(['t9'], start),
    () => stop('x9')(store),
    () => freezes(store),
    () => schedules(store),
    () => begin(store),
    () => store.append(undefined, [stopped('x1', 'now')]),
    () => openForTest(path),
  ])
    expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 11 })
  expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
})
