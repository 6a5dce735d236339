import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import { cursorBehind } from '../../../src/journal/cursor.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import { prepareStatements } from '../../../src/journal/sqlite/statements.ts'
import type { Store } from '../../../src/journal/store.ts'
import { freshFolder, openForTest, tamper, thrownBy } from './open-for-test.ts'

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
async function filled(path: string): Promise<Store> {
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

describe('signals', () => {
  test('are all answers to the tokens asked for, late ones and second ones too, in order', async () => {
    const store = await filled(':memory:')
    expect((await store.signals(['t1'], cursorBehind(undefined))).map(({ seq }) => seq)).toEqual([3, 6, 9])
    expect((await store.signals(['t2', 't1'], cursorBehind(undefined))).map(({ seq }) => seq)).toEqual([3, 4, 6, 9])
    expect(await store.signals(['t1'], cursorBehind({ seq: 3 }))).toMatchObject([
      { seq: 6, token: 't1', answer: { signal: 'heartbeat' } },
      { seq: 9, token: 't1', answer: { signal: 'success', output: 'second' } },
    ])
  })

  test('are none behind the last, of unknown tokens, and of none', async () => {
    const store = await filled(':memory:')
    expect(await store.signals(['t1'], cursorBehind({ seq: 9 }))).toEqual([])
    expect(await store.signals(['x1', 't9', '"t1"'], cursorBehind(undefined))).toEqual([])
    expect(await store.signals([], cursorBehind(undefined))).toEqual([])
  })

  test('of another process are seen at once', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const [mine, other] = [await filled(path), await openForTest(path)]
    expect(await mine.signals(['t4'], cursorBehind(undefined))).toEqual([])
    await other.append(undefined, [answered('t4', 'from outside')])
    expect(await mine.signals(['t4'], cursorBehind({ seq: 13 }))).toMatchObject([
      { seq: 14, answer: { output: 'from outside' } },
    ])
  })
})

describe('a stop request', () => {
  test('is the newest one for the execution behind the position', async () => {
    const store = await filled(':memory:')
    expect(await store.stopRequest('x1', cursorBehind(undefined))).toMatchObject({ seq: 11, reason: 'still' })
    expect(await store.stopRequest('x1', cursorBehind({ seq: 10 }))).toMatchObject({ seq: 11 })
    expect(await store.stopRequest('x1', cursorBehind({ seq: 11 }))).toBeUndefined()
    expect(await store.stopRequest('x2', cursorBehind(undefined))).toMatchObject({ seq: 8, reason: 'wrong switch' })
    expect(await store.stopRequest('t2', cursorBehind(undefined))).toBeUndefined()
    expect(await store.stopRequest('t1', cursorBehind(undefined))).toMatchObject({ seq: 12 })
  })
})

describe('a request to rest', () => {
  test('is the newest one for the execution behind the position, and no word to stop', async () => {
    const store = await openForTest(':memory:')
    const asks = (suspended: string, reason: string) => ({ type: 'SuspendRequested', suspended, reason }) as const
    await store.append(undefined, [asks('x1', 'once'), asks('x2', 'no'), asks('x1', 'twice')])
    expect(await store.suspendRequest('x1', cursorBehind(undefined))).toMatchObject({ seq: 3, reason: 'twice' })
    expect(await store.suspendRequest('x1', cursorBehind({ seq: 2 }))).toMatchObject({ seq: 3 })
    expect(await store.suspendRequest('x1', cursorBehind({ seq: 3 }))).toBeUndefined()
    expect(await store.suspendRequest('x2', cursorBehind(undefined))).toMatchObject({ seq: 2, reason: 'no' })
    expect(await store.suspendRequest('x3', cursorBehind(undefined))).toBeUndefined()
    expect(await store.stopRequest('x1', cursorBehind(undefined))).toBeUndefined()
  })

  test('of which a record was altered is not believed', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await openForTest(path)
    await store.append(undefined, [{ type: 'SuspendRequested', suspended: 'x1', reason: 'once' }])
    tamper(path, `UPDATE journal SET body = replace(body, 'once', 'then') WHERE seq = 1`)
    expect(await thrownBy(() => store.suspendRequest('x1', cursorBehind(undefined)))).toMatchObject({ seq: 1 })
  })
})

describe('messages that were tampered with', () => {
  const FORGED = `INSERT INTO journal(seq, body, prev, hash)
    SELECT 14, '{"actor":"a","answer":{"output":1,"signal":"success"},"at":"2026-01-05T08:00:00.000Z","seq":14,"token":"t1","type":"SignalSent","v":1}',
      hash, zeroblob(32) FROM journal WHERE seq = 13`
  test.each<[string, string, number]>([
    ['an answer', `UPDATE journal SET body = replace(body, '"first"', '"fifth"') WHERE seq = 3`, 3],
    ['a token', `UPDATE journal SET body = replace(body, '"t2"', '"t1"') WHERE seq = 4`, 4],
    ['a record behind them', `UPDATE journal SET body = replace(body, 'wrong', 'right') WHERE seq = 8`, 8],
    ['a forged answer at the end', FORGED, 14],
    ['a cut end', 'DELETE FROM journal WHERE seq = 13', 13],
  ])('are not believed: %s', async (_name, change, seq) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    const error = await thrownBy(() => store.signals(['t1'], cursorBehind(undefined)))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ seq })
  })

  test.each<[string, string, string, number]>([
    ['a reason', `UPDATE journal SET body = replace(body, 'still', 'never') WHERE seq = 11`, 'x1', 11],
    [
      'an execution',
      `UPDATE journal SET body = replace(body, '"stopped":"x2"', '"stopped":"x9"') WHERE seq = 8`,
      'x9',
      8,
    ],
    ['a record behind it', `UPDATE journal SET body = replace(body, 'second', 'fourth') WHERE seq = 9`, 'x2', 9],
  ])('are not believed: %s of a stop request', async (_name, change, execution, seq) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    const error = await thrownBy(() => store.stopRequest(execution, cursorBehind(undefined)))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ seq })
  })

  test('where none is found the end of the chain still has to be there', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, 'DELETE FROM journal WHERE seq = 13')
    expect(await thrownBy(() => store.signals(['t9'], cursorBehind(undefined)))).toMatchObject({ seq: 13 })
    expect(await thrownBy(() => store.stopRequest('x9', cursorBehind(undefined)))).toMatchObject({ seq: 13 })
  })
})

test('messages are found by their index', async () => {
  const path = join(freshFolder(), 'store.sqlite')
  await filled(path)
  const database = new Database(path, { readonly: true })
  onTestFinished(() => {
    database.close()
  })
  const { signals, lastStop } = prepareStatements(database)
  for (const [{ source }, word] of [
    [signals, '["t1"]'],
    [lastStop, 'x1'],
  ] as const) {
    const plan = database.prepare<[string, number], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`).all(word, 0)
    const steps = plan.map(({ detail }) => detail).filter((detail) => detail.includes('journal'))
    expect(steps).toHaveLength(1)
    expect(steps[0]).toMatch(/SEARCH journal USING INDEX journal_message \(<expr>=\? AND rowid>\?\)/)
  }
})
