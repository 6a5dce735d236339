import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openStore, type SqliteStore } from '../../../../src/change/record/sqlite/open-store.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import type { InstallKeys } from '../../../../src/model/install-keys.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { ALICE } from '../one-of-each-event.ts'

/** The install key of these tests. */
export const KEY = '0123456789abcdef'.repeat(4)

/** Where a store can be made. It is gone when the test is over. */
export const freshPath = () => join(temporaryFolder(), 'store.sqlite')

/** A store, and its journal as Alice writes it. */
export function asAlice<S extends Pick<Store, 'as' | 'read'>>(store: S): S & Journal {
  return Object.assign(store, { append: store.as(ALICE).append })
}

/** A store in a file or in memory; `clock` begins at 2026-01-05T08:00:00Z. */
export async function openForTest(
  path: string,
  clock: Clock = new VirtualClock(),
  installKey: string | InstallKeys = KEY,
): Promise<SqliteStore & Journal> {
  const store = asAlice(await openStore({ path, installKey, clock }))
  onTestFinished(() => store.close())
  return store
}

/** Changes the file as somebody does who has SQLite and no key: triggers dropped first. */
export function tamper(path: string, ...statements: readonly string[]) {
  const database = new Database(path)
  database.function('sha256', (text) => createHash('sha256').update(String(text)).digest())
  const triggers = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck()
  for (const trigger of triggers.all()) database.exec(`DROP TRIGGER ${trigger}`)
  for (const statement of statements) database.exec(statement)
  database.close()
}

/** What `act` rejects or throws with. */
export async function thrownBy(act: () => unknown) {
  try {
    await act()
  } catch (thrown) {
    return thrown
  }
  throw new Error('nothing was thrown')
}
