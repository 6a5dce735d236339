import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { guarded } from '../../../../src/change/record/sqlite/connection.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { freshPath, thrownBy } from './open-for-test.ts'

function database(path: string, options: Database.Options = {}) {
  const opened = new Database(path, options)
  onTestFinished(() => {
    opened.close()
  })
  return opened
}

function table(path: string) {
  database(path).exec('CREATE TABLE t(x TEXT) STRICT')
}

/** What really makes SQLite fail, and what a person is told. */
const FAILURES: Record<string, { fail: (path: string) => unknown; says: string; hint: string }> = {
  'a full disk': {
    fail: (path) => {
      table(path)
      const full = database(path)
      full.pragma('max_page_count = 2')
      full.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000))
    },
    says: 'the disk is full',
    hint: 'Free some space',
  },
  'a lock': {
    fail: (path) => {
      table(path)
      database(path).exec('BEGIN IMMEDIATE')
      database(path, { timeout: 1 }).exec('BEGIN IMMEDIATE')
    },
    says: 'another process holds it',
    hint: 'Wait until',
  },
  'a read-only store': {
    fail: (path) => {
      table(path)
      database(path, { readonly: true }).exec('INSERT INTO t VALUES (1)')
    },
    says: 'it is read-only',
    hint: 'write permission',
  },
  'a file of something else': {
    fail: (path) => {
      writeFileSync(path, 'hostname leaf1\n'.repeat(500))
      database(path).pragma('user_version')
    },
    says: 'it is not a SQLite file',
    hint: '--store',
  },
  'a damaged file': {
    fail: (path) => {
      table(path)
      const pages = readFileSync(path)
      writeFileSync(path, pages.fill(0xff, 4096))
      database(path).exec('SELECT * FROM t')
    },
    says: 'its file is damaged',
    hint: 'then restore a backup (docs/copies.md) or begin a new store',
  },
  'a folder in its place': {
    fail: (path) => database(join(path, '..')),
    says: 'it cannot be opened',
    hint: 'Check that the folder',
  },
}

describe('guarded', () => {
  test.each(Object.entries(FAILURES))('[F25] says what to do about %s', async (_name, { fail, says, hint }) => {
    const path = freshPath()
    const error = await thrownBy(() => guarded(path, () => fail(path)))
    expect(error).toMatchObject({
      kind: 'store',
      message: `the store ${path} cannot be used: ${says}`,
      hint: expect.stringContaining(hint),
    })
  })

  test('says of a lock alone that the same may be tried again', async () => {
    const told: [string, unknown][] = []
    for (const [name, { fail }] of Object.entries(FAILURES)) {
      const path = freshPath()
      const error = await thrownBy(() => guarded(path, () => fail(path)))
      if (error instanceof EosflowError && error.retryable) told.push([name, error.kind])
    }
    expect(told).toEqual([['a lock', 'store']])
  })

  test('hands on whatever is not SQLite', async () => {
    const own = new EosflowError('busy', 'x')
    expect(await thrownBy(() => guarded('p', () => Promise.reject(own)))).toBe(own)
    expect(
      await thrownBy(() =>
        guarded('p', () => {
          throw own
        }),
      ),
    ).toBe(own)
  })
})
