import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import type { Store } from '../../../src/journal/store.ts'
import { PLAN, STATEMENT } from '../one-of-each-event.ts'
import { freshFolder, openForTest, tamper, thrownBy } from './open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const APPROVED: EventBody = { type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }
const REJECTED: EventBody = {
  type: 'ApprovalDecided',
  statement: { ...STATEMENT, decision: 'reject', nonce: 'n2' },
  seal: 'hmac:2',
}
/** More records than are verified at every opening. */
const BETWEEN = 1_200

/** An approval, 1,200 records that name no plan, a rejection: 1,202 records, verified once up to the last. */
async function filled(path: string): Promise<Store> {
  const store = await openForTest(path)
  await store.append(undefined, [APPROVED])
  await store.append(
    'x1',
    Array.from({ length: BETWEEN }, () => RESUMED),
  )
  await store.append(undefined, [REJECTED])
  await store.close()
  await (await openForTest(path)).close()
  return await openForTest(path)
}

const verified = async (store: Store): Promise<readonly boolean[]> =>
  (await store.approvals(PLAN)).map((one) => one.verified)

/** What is kept of plans, as statements that put it back: what an earlier version leaves, or somebody who replays it. */
function kept(path: string, ...tables: readonly string[]): readonly string[] {
  const database = new Database(path)
  const written = (value: unknown): string =>
    value === null ? 'NULL' : value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : `'${value}'`
  const found = tables.flatMap((table) =>
    database
      .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`)
      .all()
      .map((row) => `REPLACE INTO ${table} VALUES (${Object.values(row).map(written).join(', ')})`),
  )
  database.close()
  return found
}

describe('the decisions about a plan that was first named long ago', () => {
  test('are judged by the records that name it, without a walk over what is between', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    expect(await verified(store)).toEqual([true, true])
    tamper(path, "UPDATE journal SET body = replace(body, 'alice', 'mallory') WHERE seq = 600")
    expect(await verified(store)).toEqual([true, true])
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 600 })
  })

  test.each([
    ['one is altered', `UPDATE journal SET body = replace(body, 'hmac:1', 'hmac:9') WHERE seq = 1`, [false, false]],
    ['one is taken away', 'DELETE FROM journal WHERE seq = 1', [false]],
    [
      'one is made about another plan',
      `UPDATE journal SET body = replace(body, '${PLAN}', 'sha256:mine') WHERE seq = 1`,
      [false],
    ],
    ['the record before one is another', 'UPDATE journal SET hash = zeroblob(32) WHERE seq = 1201', [false, false]],
    ['its entry is taken away', 'DELETE FROM plan_entry', [false, false]],
    ['its entry counts fewer', 'UPDATE plan_entry SET records = 1', [false, false]],
    [
      'how far entries are kept is altered',
      "UPDATE mark SET hash = zeroblob(2048) WHERE name = 'plan-entries'",
      [false, false],
    ],
  ])('do not count where %s', async (_name, change, expected) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    expect(await verified(store)).toEqual(expected)
  })

  test('do not count where a rejection is taken away and the entry from before it put back', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await openForTest(path)
    await store.append(undefined, [APPROVED])
    await store.append('x1', [RESUMED])
    const before = kept(path, 'plan_entry')
    await store.append(undefined, [REJECTED])
    await store.append(
      'x1',
      Array.from({ length: BETWEEN }, () => RESUMED),
    )
    await store.close()
    await (await openForTest(path)).close()
    tamper(path, 'DELETE FROM journal WHERE seq = 3', ...before)
    expect(await verified(await openForTest(path))).toEqual([false])
  })
})

test('plans that a process of an earlier version has named are counted, and those of a store of version 8', async () => {
  const path = join(freshFolder(), 'store.sqlite')
  const store = await openForTest(path)
  await store.append(undefined, [APPROVED])
  const before = kept(path, 'plan_entry', 'mark').filter((one) => !/'(head|verified|executions)'/.test(one))
  await store.append(undefined, [REJECTED])
  tamper(path, 'DELETE FROM plan_entry', ...before)
  await store.append('x1', [RESUMED])
  expect(await verified(store)).toEqual([true, true])
  await store.close()
  tamper(
    path,
    "DROP TABLE plan_entry; DROP INDEX journal_restoration; DROP INDEX journal_sealing; DROP INDEX journal_freeze; DROP INDEX journal_schedule; DROP INDEX schedule_decision; DELETE FROM mark WHERE name = 'plan-entries'; PRAGMA user_version = 8",
  )
  const upgraded = await openForTest(path)
  expect(await verified(upgraded)).toEqual([true, true])
  expect((await upgraded.verifyChain()).seq).toBe(3)
})

test('a chain with a gap is not counted anew where the mark of the entries is gone', async () => {
  const path = join(freshFolder(), 'store.sqlite')
  const store = await openForTest(path)
  for (const event of [APPROVED, REJECTED]) await store.append(undefined, [event])
  await store.append('x1', [RESUMED])
  tamper(path, "DELETE FROM journal WHERE seq = 2; DELETE FROM mark WHERE name = 'plan-entries'")
  expect(await thrownBy(() => store.append('x1', [RESUMED]))).toMatchObject({ kind: 'store', seq: 2 })
  expect(await verified(store)).toEqual([false])
})
