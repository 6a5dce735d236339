import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { noSegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { readChainsFile } from '../../../../src/change/record/sqlite/read-chains.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { freshPath, KEY, openForTest, thrownBy } from './open-for-test.ts'

describe('opening a store', () => {
  test('is durable: WAL and a full sync', async () => {
    const path = freshPath()
    const synchronous: unknown[] = []
    const pragma = Database.prototype.pragma
    Database.prototype.pragma = function (this: Database.Database, source, options) {
      const given = pragma.call(this, source, options)
      if (source.startsWith('synchronous')) synchronous.push(source, pragma.call(this, 'synchronous', { simple: true }))
      return given
    }
    try {
      await openForTest(path)
    } finally {
      Database.prototype.pragma = pragma
    }
    // 2 is FULL (sqlite.org/pragma.html#pragma_synchronous).
    expect(synchronous).toEqual(['synchronous = FULL', 2])
    const database = new Database(path, { readonly: true })
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
  })

  test('says what to do where no file can be made', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'not a folder')
    expect(await thrownBy(() => openForTest(join(file, 'store.sqlite')))).toMatchObject({
      kind: 'store',
      message: expect.stringMatching(/cannot be made or read \((EEXIST|ENOTDIR)\)/),
    })
  })

  test('refuses a file that is not SQLite', async () => {
    const file = freshPath()
    writeFileSync(file, 'hostname leaf1\n'.repeat(500), { mode: 0o600 })
    expect(await thrownBy(() => openForTest(file))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('not a SQLite file'),
    })
  })
})

test('a page that no command reads is found by verifying the whole, not by opening', async () => {
  const path = freshPath()
  const store = await openForTest(path)
  await store.append('x1', [{ type: 'ExecutionResumed' }])
  await store.close()
  const database = new Database(path)
  const root = Number(
    database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'register_receiver'").pluck().get(),
  )
  const size = Number(database.pragma('page_size', { simple: true }))
  database.close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, (root - 1) * size, (root - 1) * size + 8)
  writeFileSync(path, bytes)
  const damaged = await openForTest(path)
  expect(await damaged.read('x1')).toHaveLength(1)
  const found = { kind: 'store', message: expect.stringContaining('damaged') }
  expect(await thrownBy(() => damaged.verifyChain())).toMatchObject(found)
  expect(await thrownBy(() => readChainsFile(path, new KeyRing(KEY), noSegmentFiles))).toMatchObject(found)
})
