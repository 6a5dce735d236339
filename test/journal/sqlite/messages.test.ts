import { describe, expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import { cursorBehind } from '../../../src/journal/cursor.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Store } from '../../../src/journal/store.ts'
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

/** Thirteen records: the two executions x1 and x2, and what others have sent to them. */
async function filled(path: string): Promise<Store & Journal> {
  const store = await openForTest(path)
  const place = { path: '', state: 'Ask' } as const
  await store.append('x1', [{ type: 'TaskSubmitted', ...place, token: 't1' }])
  await store.append('x2', [{ type: 'TaskSubmitted', ...place, token: 't2' }])
  await store.append(undefined, [answered('t1', 'first')])
  await store.append(undefined, [answered('t2', 'other')])
  await store.append('x1', [{ type: 'ExecutionResumed' }])
  await store.append(undefined, [{ type: 'SignalSent', token: 't1', answer: { signal: 'heartbeat' } }])
  await store.append(undefined, [stopped('x1', 'too late'), stopped('x2', 'wrong switch')])
  await store.append(undefined, [answered('t1', 'second'), answered('t3', 'of nobody')])
  await store.append(undefined, [stopped('x1', 'still')])
  // An execution may bear the name of a token, and the other way round.
  await store.append(undefined, [stopped('t1', 'a name twice')])
  await store.append(undefined, [answered('x2', 'a name twice')])
  return store
}

test('a request to rest of which the record was altered is not believed', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await store.append(undefined, [{ type: 'SuspendRequested', suspended: 'x1', reason: 'once' }])
  tamper(path, `UPDATE register SET body = replace(body, 'once', 'then') WHERE pos = 1`)
  expect(await thrownBy(() => store.suspendRequest('x1', cursorBehind(undefined)))).toMatchObject({ seq: 1 })
})

describe('messages that were tampered with', () => {
  const FORGED = `INSERT INTO register(n, pos, type, receiver, covers, prev, hash, body)
    SELECT n + 1, 14, type, 't1', '[]', hash, zeroblob(32), replace(body, '"x2"', '"t1"') FROM register WHERE pos = 13`
  test.each<[string, string, number]>([
    ['an answer', `UPDATE register SET body = replace(body, '"first"', '"fifth"') WHERE pos = 3`, 3],
    ['a token', `UPDATE register SET body = replace(body, '"t2"', '"t1"'), receiver = 't1' WHERE pos = 4`, 4],
    ['an answer that is found by another token', `UPDATE register SET body = '{}' WHERE pos = 9`, 9],
    ['a forged answer at the end', FORGED, 14],
  ])('are not believed: %s', async (_name, change, seq) => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, change)
    const error = await thrownBy(() => store.signals(['t1'], cursorBehind(undefined)))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ seq })
  })

  test.each<[string, string, string, number]>([
    ['a reason', `UPDATE register SET body = replace(body, 'still', 'never') WHERE pos = 11`, 'x1', 11],
    [
      'an execution',
      `UPDATE register SET body = replace(body, '"stopped":"x2"', '"stopped":"x9"'), receiver = 'x9' WHERE pos = 8`,
      'x9',
      8,
    ],
  ])('are not believed: %s of a stop request', async (_name, change, execution, seq) => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, change)
    const error = await thrownBy(() => store.stopRequest(execution, cursorBehind(undefined)))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ seq })
  })

  test.each<[string, string, number]>([
    ['one that is given to another receiver', `UPDATE register SET receiver = 't9' WHERE pos = 3`, 3],
  ])('are found by whoever verifies: %s', async (_name, change, seq) => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, change)
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq })
  })

  test('where none is found the end of their chain still has to be there, and nothing is put behind it', async () => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, 'DELETE FROM register WHERE pos = 13')
    for (const ask of [
      () => store.signals(['t9'], cursorBehind(undefined)),
      () => store.stopRequest('x9', cursorBehind(undefined)),
      () => store.append(undefined, [stopped('x1', 'now')]),
      () => openForTest(path),
    ])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 13 })
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store' })
  })
})
