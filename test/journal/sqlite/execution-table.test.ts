import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Store } from '../../../src/journal/store.ts'
import { freshFolder, openForTest, tamper, thrownBy } from './open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const REDRIVEN: EventBody = { type: 'ExecutionRedriven' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const PLANNED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1' }
const PUSHED: EventBody = { ...PLANNED, session: 'eosflow-2', checkpoint: 'eosflow-2' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

/** Eight records: x1 has 1, 4 and 8, x2 has 2 and 3, x3 has 5 and 7; 6 is nobody's. x2 has ended. */
async function filled(path: string): Promise<Store & Journal> {
  const store = await openForTest(path)
  await store.append('x1', [RESUMED])
  await store.append('x2', [RESUMED, ENDED])
  await store.append('x1', [PLANNED])
  await store.append('x3', [RESUMED])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
  await store.append('x3', [PUSHED])
  await store.append('x1', [ASKED])
  return store
}

/** The entries and how far they are kept, as statements that put them back: what an earlier version leaves, or who replays them. */
function kept(path: string): readonly string[] {
  const database = new Database(path)
  const rows = (table: string): readonly Record<string, unknown>[] =>
    database.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all()
  const written = (value: unknown): string => {
    if (value === null) return 'NULL'
    return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : `'${value}'`
  }
  const insert = (table: string): string[] =>
    rows(table).map((row) => `REPLACE INTO ${table} VALUES (${Object.values(row).map(written).join(', ')})`)
  const statements = [
    'DELETE FROM execution',
    ...insert('execution'),
    ...insert('mark').filter((one) => !/'(head|verified)'/.test(one)),
  ]
  database.close()
  return statements
}

describe('the open executions', () => {
  test('are those that have not ended, newest first, each with whether it has touched a switch', async () => {
    const store = await filled(':memory:')
    expect(await store.openExecutions()).toEqual([
      { id: 'x3', hasActed: true },
      { id: 'x1', hasActed: false },
    ])
    await store.append('x3', [ENDED])
    await store.append('x3', [ASKED])
    expect(await store.openExecutions()).toEqual([{ id: 'x1', hasActed: false }])
    await store.append('x3', [REDRIVEN])
    await store.append('x1', [ENDED])
    expect(await store.openExecutions()).toEqual([{ id: 'x3', hasActed: true }])
  })

  test('of an append that was refused are as they were', async () => {
    const store = await filled(':memory:')
    expect(await thrownBy(() => store.append('x1', [ENDED], 4))).toMatchObject({ kind: 'busy' })
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x3', 'x1'])
    expect(await store.read('x1')).toHaveLength(3)
  })

  test('are the same for another process, and at the next opening', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const [one, other] = [await filled(path), await openForTest(path)]
    await other.append('x4', [RESUMED])
    await one.append('x1', [ENDED])
    for (const store of [one, other, await openForTest(path)])
      expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x4', 'x3'])
  })

  test('and a page of the list are found by index', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await (await filled(path)).close()
    const database = new Database(path, { readonly: true })
    const plan = (sql: string): string =>
      database
        .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => detail)
        .join('; ')
    expect(plan('SELECT * FROM execution WHERE open = 1 ORDER BY first DESC')).toBe(
      'SCAN execution USING INDEX execution_open',
    )
    expect(plan('SELECT * FROM execution WHERE first < 9 ORDER BY first DESC LIMIT 2')).toBe(
      'SEARCH execution USING INDEX execution_first (first<?)',
    )
    database.close()
  })
})

test('executions come in pages, newest first', async () => {
  const store = await filled(':memory:')
  const idsOf = async (page?: Parameters<Store['executions']>[0]) => (await store.executions(page)).map(({ id }) => id)
  expect(await idsOf()).toEqual(['x3', 'x2', 'x1'])
  expect(await idsOf({ limit: 2 })).toEqual(['x3', 'x2'])
  expect(await idsOf({ limit: 2, before: 'x2' })).toEqual(['x1'])
  expect(await idsOf({ before: 'x1' })).toEqual([])
  expect(await idsOf({ before: 'x9' })).toEqual([])
})

describe('entries of executions that were tampered with', () => {
  test.each<[string, string]>([
    ['an open one taken away', "DELETE FROM execution WHERE id = 'x3'"],
    ['an open one said to have ended', "UPDATE execution SET open = 0 WHERE id = 'x3'"],
    ['one that has ended said to be open', "UPDATE execution SET open = 1 WHERE id = 'x2'"],
    ['one said to have touched nothing', "UPDATE execution SET acted = 0 WHERE id = 'x3'"],
    [
      'one with the seal of another',
      "UPDATE execution SET seal = (SELECT seal FROM execution WHERE id = 'x1') WHERE id = 'x3'",
    ],
    ['the sum of the seals', "UPDATE mark SET hash = zeroblob(32) WHERE name = 'executions'"],
  ])('are not believed: %s', async (_name, change) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    expect(await thrownBy(() => store.openExecutions())).toBeInstanceOf(BrokenChainError)
    expect(await thrownBy(() => store.executions({ open: true }))).toBeInstanceOf(BrokenChainError)
    expect(await thrownBy(() => store.verifyChain())).toBeInstanceOf(BrokenChainError)
  })

  test('are not believed: an older entry of one execution', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    const old = kept(path).filter((statement) => statement.includes("'x3'"))
    expect(old).toHaveLength(1)
    await store.append('x3', [ENDED])
    tamper(path, ...old)
    for (const ask of [() => store.openExecutions(), () => store.read('x3'), () => store.append('x3', [RESUMED])])
      expect(await thrownBy(ask)).toBeInstanceOf(BrokenChainError)
  })

  test('do not hide an execution that has ended', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, "DELETE FROM execution WHERE id = 'x2'")
    const says = expect.stringContaining('the entry of execution x2, which begins there, was altered')
    for (const ask of [() => store.read('x2'), () => store.resolveExecution('x2'), () => store.verifyChain()])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 2, message: says })
  })
})

describe('records of an execution that were tampered with by somebody who knows how they are hashed', () => {
  /** Record 3 with another outcome and the hash that belongs to it; record 4 follows it, and its own hash no longer fits. */
  const FORGED = `UPDATE journal SET body = replace(body, 'succeeded', 'cancelled') WHERE seq = 3;
    UPDATE journal SET hash = forged(seq, prev, body) WHERE seq = 3;
    UPDATE journal SET prev = (SELECT hash FROM journal WHERE seq = 3) WHERE seq = 4;`

  test('are found by reading that execution, and by no other reading but of the whole', async () => {
    const { chainHash } = await import('../../../src/journal/chain.ts')
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    const database = new Database(path)
    database.function('forged', (seq, prev, body) =>
      Buffer.from(chainHash(Number(seq), prev as Uint8Array, String(body))),
    )
    database.exec('DROP TRIGGER journal_keeps; DROP TRIGGER journal_stands;')
    database.exec(FORGED)
    database.close()
    expect(await thrownBy(() => store.read('x2'))).toMatchObject({ kind: 'store', seq: 4 })
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 4 })
    expect(await store.read('x3')).toHaveLength(2)
  })

  test('are found where they were taken away from the end', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, 'DELETE FROM journal WHERE seq = 7')
    expect(await thrownBy(() => store.read('x3'))).toMatchObject({ kind: 'store', seq: 7 })
  })
})

describe('records that somebody has written who keeps no entries', () => {
  test('are counted before they are asked for, by a store that is open and at the next opening', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    const before = kept(path)
    for (const ask of [
      async () => await store.openExecutions(),
      async () => await (await openForTest(path)).openExecutions(),
      async () => {
        await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
        return store.openExecutions()
      },
    ]) {
      await store.append('x4', [RESUMED])
      await store.append('x3', [RESUMED])
      tamper(path, ...before)
      expect((await ask()).map(({ id }) => id)).toEqual(['x4', 'x3', 'x1'])
      expect((await store.verifyChain()).seq).toBeGreaterThan(8)
      expect((await store.read('x3')).length).toBeGreaterThan(2)
    }
  })

  test('are believed only where the chain behind the last entry holds', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    const before = kept(path)
    await store.append('x3', [ENDED])
    await store.append('x1', [RESUMED])
    tamper(path, ...before, 'UPDATE journal SET body = replace(body, \'"x3"\', \'"x1"\') WHERE seq = 9')
    for (const ask of [() => store.openExecutions(), () => store.read('x1'), () => store.append('x1', [RESUMED])])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 9 })
  })

  test('are all those of a store of version 6', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await (await filled(path)).close()
    tamper(
      path,
      "DROP TABLE execution; DROP TABLE plan_entry; DELETE FROM mark WHERE name IN ('executions', 'plan-entries')",
      'DROP INDEX journal_suspension; DROP INDEX journal_restoration; DROP INDEX journal_sealing; DROP INDEX journal_freeze; DROP INDEX journal_schedule; DROP INDEX schedule_decision; ALTER TABLE lease DROP COLUMN quarantine; PRAGMA user_version = 6',
    )
    const store = await openForTest(path)
    expect(await store.openExecutions()).toEqual([
      { id: 'x3', hasActed: true },
      { id: 'x1', hasActed: false },
    ])
    expect((await store.read('x1')).map(({ seq }) => seq)).toEqual([1, 4, 8])
    await store.append('x1', [RESUMED], 8)
    expect((await store.verifyChain()).seq).toBe(9)
  })
})
