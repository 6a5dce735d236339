import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { prepareStatements } from '../../../src/journal/sqlite/statements.ts'
import { freshFolder, openForTest, tamper, thrownBy } from './open-for-test.ts'

const INSTANT = '2026-01-05T09:00:00.000Z'
const fired = (schedule: string): EventBody => ({ type: 'ScheduleFired', schedule, instant: INSTANT, does: 'drift' })

describe('the records of schedules', () => {
  test('are found by their index, however many others there are', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await (await openForTest(path)).append(undefined, [fired('a'), fired('b')])
    const database = new Database(path, { readonly: true })
    onTestFinished(() => {
      database.close()
    })
    const { scheduleNames, scheduleChanges, scheduleNewest, scheduleFired, scheduleInstant } =
      prepareStatements(database)
    const stepsOf = (source: string, ...words: (string | number)[]): readonly string[] =>
      database
        .prepare<(string | number)[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
        .all(...words)
        .map(({ detail }) => detail)
        .filter((detail) => detail.includes('journal') || detail.includes('TEMP'))
    const all = [
      ...stepsOf(scheduleNames.source),
      ...stepsOf(scheduleChanges.source, 'a'),
      ...stepsOf(scheduleNewest.source, 'a', 100),
      ...stepsOf(scheduleFired.source, 'a'),
      ...stepsOf(scheduleInstant.source, 'a', INSTANT),
    ]
    expect(all).toHaveLength(6)
    const byIndex = /^SEARCH .*USING (?:COVERING )?INDEX (?:journal_schedule|schedule_decision)/
    expect(all.filter((step) => !byIndex.test(step))).toEqual([])
    expect(scheduleNames.all()).toEqual(['a', 'b'])
  })

  test.each([
    ['an instant that was put off', `UPDATE journal SET body = replace(body, 'T09', 'T10') WHERE seq = 1`, 1],
    ['another schedule', `UPDATE journal SET body = replace(body, '"a"', '"c"') WHERE seq = 1`, 1],
    ['a cut end of the chain', 'DELETE FROM journal WHERE seq = 2', 2],
  ])('are not believed where the file was altered: %s', async (_name, change, seq) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await openForTest(path)
    await store.append(undefined, [fired('a'), fired('b')])
    expect(await store.schedules()).toHaveLength(2)
    tamper(path, change)
    expect(await thrownBy(() => store.schedules())).toMatchObject({ kind: 'store', seq })
  })

  test('are one for each instant in a store of version 11 as soon as it is opened', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const old = await openForTest(path)
    await old.append(undefined, [fired('a')])
    await old.close()
    tamper(path, 'DROP INDEX journal_schedule; DROP INDEX schedule_decision; PRAGMA user_version = 11')
    const store = await openForTest(path)
    expect(await store.schedules()).toMatchObject([{ seq: 1, schedule: 'a' }])
    await expect(store.append(undefined, [fired('a')])).rejects.toMatchObject({
      kind: 'busy',
      message: 'another process has decided about this instant of the schedule',
    })
    expect((await store.verifyChain()).seq).toBe(1)
  })
})
