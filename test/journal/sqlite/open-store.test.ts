import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { cursorBehind } from '../../../src/journal/cursor.ts'
import { openStore } from '../../../src/journal/sqlite/open-store.ts'
import { readTrail } from '../../../src/journal/sqlite/read-trail.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { PLAN } from '../one-of-each-event.ts'
import { freshFolder, KEY, openForTest, thrownBy } from './open-for-test.ts'
import { STORE_OF_VERSION_1 } from './store-of-version-1.ts'

/** The version of a store, and the names of its tables, indexes and triggers. */
function layoutOf(path: string): readonly unknown[] {
  const database = new Database(path, { readonly: true })
  const names = database.prepare('SELECT name FROM sqlite_schema ORDER BY name').pluck().all()
  const version = database.pragma('user_version', { simple: true })
  database.close()
  return [version, ...names]
}

describe('opening a store', () => {
  const open = (path: string, installKey = KEY) => openStore({ path, installKey, clock: new VirtualClock() })

  test('makes a file that only its owner can read', () => {
    const path = join(freshFolder(), 'store.sqlite')
    await openForTest(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
  })

  test('is durable: WAL and a full sync', () => {
    const path = join(freshFolder(), 'store.sqlite')
    await openForTest(path)
    expect(new Database(path, { readonly: true }).pragma('journal_mode', { simple: true })).toBe('wal')
  })

  test.each([
    ['a newer version', 'PRAGMA user_version = 13', /store of version 13; this eosflow reads version 12/],
    ['another program', 'PRAGMA application_id = 1', /not a store of eosflow/],
    ['a lost name', 'DELETE FROM store', /lost the id of its store/],
  ])('refuses a store of %s by name', async (_name, change, message) => {
    const path = join(freshFolder(), 'store.sqlite')
    await open(path).close()
    const database = new Database(path)
    database.exec(change)
    database.close()
    expect(await thrownBy(() => open(path))).toMatchObject({ kind: 'store', message: expect.stringMatching(message) })
  })

  test('brings a store of version 1 up to date, and all that is in it still verifies and reads', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const old = new Database(path)
    old.exec(STORE_OF_VERSION_1)
    old.close()
    chmodSync(path, 0o600)
    expect(await thrownBy(() => open(path, 'another key of thirty-two characters'))).toMatchObject({ kind: 'store' })
    expect(layoutOf(path)).not.toContain('journal_message')

    const store = await openForTest(path)
    expect(await store.verifyChain()).toMatchObject({ seq: 4, latest: '2026-01-05T08:00:01.500Z' })
    expect((await store.read('x1')).map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'StateEntered'],
      [2, 'PlanMade'],
      [4, 'ApprovalUsed'],
    ])
    expect(await store.get('blob:131035809b1b863d2e8bdadbbbcd31f71ad806bc5950509e60c8f7bdb6ebc702')).toBe(
      'the plan: Zürich\n',
    )
    expect(await store.leaseOf('leaf1')).toBeUndefined()
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
    expect(await store.stopRequest('x1', cursorBehind({ seq: 4 }))).toMatchObject({ seq: 5 })
    expect(await thrownBy(() => store.append('x2', [{ type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }]))).toMatchObject(
      {
        kind: 'not-approved',
      },
    )
    const fresh = join(freshFolder(), 'store.sqlite')
    await openForTest(fresh)
    // What versions 7 and 8 kept of plans is left for a process of theirs that has the store open.
    expect(layoutOf(path).filter((name) => name !== 'plan_mention')).toEqual(layoutOf(fresh))
    expect((await openForTest(path).head()).seq).toBe(5)
  })

  test('refuses a store that was written under another key', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await open(path).close()
    const error = await thrownBy(() => open(path, 'another key of thirty-two characters'))
    expect(error).toMatchObject({ kind: 'store', message: expect.stringContaining('under another key') })
    expect(error).toMatchObject({ hint: expect.stringContaining('EOSFLOW_KEY') })
  })

  test('says what to do where no file can be made', async () => {
    const file = join(freshFolder(), 'file')
    writeFileSync(file, 'not a folder')
    const error = await thrownBy(() => open(join(file, 'store.sqlite')))
    expect(error).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(/cannot be made or read \((EEXIST|ENOTDIR)\)/),
    })
  })

  test('refuses a file that is not SQLite', async () => {
    const file = join(freshFolder(), 'store.sqlite')
    writeFileSync(file, 'hostname leaf1\n'.repeat(500), { mode: 0o600 })
    expect(await thrownBy(() => open(file))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('not a SQLite file'),
    })
  })
})

test('a page that no command reads is found by verifying the whole, not by opening', async () => {
  const path = join(freshFolder(), 'store.sqlite')
  const store = await openForTest(path)
  await store.append('x1', [{ type: 'ExecutionResumed' }])
  await store.close()
  const database = new Database(path)
  const root = Number(
    database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'journal_policy'").pluck().get(),
  )
  const size = Number(database.pragma('page_size', { simple: true }))
  database.close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, (root - 1) * size, (root - 1) * size + 8)
  writeFileSync(path, bytes)
  const damaged = await openForTest(path)
  expect(await damaged.read('x1')).toHaveLength(1)
  expect(await thrownBy(() => damaged.verifyChain())).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('damaged'),
  })
  expect(await thrownBy(() => readTrail(path, KEY, () => undefined))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('damaged'),
  })
})
