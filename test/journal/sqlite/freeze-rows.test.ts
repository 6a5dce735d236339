import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { prepareStatements } from '../../../src/journal/sqlite/statements.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshFolder, openForTest, tamper, thrownBy } from './open-for-test.ts'

const NOW = '2026-01-05T08:00:00.000Z'
const until = (hour: string, reason = 'INC-1'): EventBody => ({
  type: 'FreezeSet',
  principal: ALICE,
  reason,
  until: `2026-01-05T${hour}:00:00.000Z`,
})
const ended = (freeze: number): EventBody => ({ type: 'FreezeEnded', principal: ALICE, freeze, reason: 'solved' })

describe('the records of freezes', () => {
  test('are found by their index, however many others there are', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await (await openForTest(path)).append(undefined, [until('09'), ended(1)])
    const database = new Database(path, { readonly: true })
    onTestFinished(() => {
      database.close()
    })
    const { freezesUntil, freezeEnds } = prepareStatements(database)
    const stepsOf = (source: string, word: string | number): readonly string[] =>
      database
        .prepare<[string | number], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
        .all(word)
        .map(({ detail }) => detail)
        .filter((detail) => detail.includes('journal'))
    expect(stepsOf(freezesUntil.source, NOW)).toEqual(['SEARCH journal USING INDEX journal_freeze (<expr>>?)'])
    expect(stepsOf(freezeEnds.source, 1)).toEqual(['SEARCH journal USING INDEX journal_freeze (<expr>=?)'])
  })

  test.each<[string, string, number]>([
    ['an end that was brought forward', `UPDATE journal SET body = replace(body, 'T09', 'T07') WHERE seq = 1`, 0],
    ['an end that was put off', `UPDATE journal SET body = replace(body, 'T07', 'T23') WHERE seq = 2`, 2],
    [
      'an end that somebody has written for another',
      `UPDATE journal SET body = replace(body, '"freeze":2', '"freeze":1') WHERE seq = 3`,
      3,
    ],
    ['a cut end of the chain', 'DELETE FROM journal WHERE seq = 4', 4],
  ])('are not believed where the file was altered: %s', async (_name, change, seq) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await openForTest(path)
    await store.append(undefined, [until('09'), until('07'), ended(2), until('10')])
    expect((await store.freezes(NOW)).map((one) => one.seq)).toEqual([1, 4])
    tamper(path, change)
    if (seq === 0) {
      // Nothing of it is read any more: the walk of the chain finds it.
      expect((await store.freezes(NOW)).map((one) => one.seq)).toEqual([4])
      expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 1 })
      return
    }
    expect(await thrownBy(() => store.freezes(NOW))).toMatchObject({ kind: 'store', seq })
  })

  test('are found in a store of version 10 as soon as it is opened', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const old = await openForTest(path)
    await old.append(undefined, [until('09')])
    await old.close()
    tamper(
      path,
      'DROP INDEX journal_freeze; DROP INDEX journal_schedule; DROP INDEX schedule_decision; PRAGMA user_version = 10',
    )
    const store = await openForTest(path)
    expect(await store.freezes(NOW)).toMatchObject([{ seq: 1, reason: 'INC-1' }])
    expect((await store.verifyChain()).seq).toBe(1)
  })

  test('set by another process are heeded by the next start, and so is the end', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const [mine, other] = [await openForTest(path), await openForTest(path)]
    await other.append(undefined, [until('09')])
    const begin = (): Promise<unknown> => mine.append('x1', [{ type: 'ExecutionRedriven' }])
    expect(await thrownBy(begin)).toMatchObject({ kind: 'window-closed' })
    await other.append(undefined, [ended(1)])
    expect(await begin()).toMatchObject([{ seq: 3 }])
  })
})
