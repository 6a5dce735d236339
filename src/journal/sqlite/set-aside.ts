import { existsSync, linkSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'

/** What SQLite keeps beside a file. */
const BESIDE = ['-wal', '-shm', '-journal'] as const

/**
 * Puts a store that nobody has open at a place, by one rename: until then what was there is there, and then the new one is. What was there
 * keeps its content under the name `aside`. Throws `busy` when another process has the store at the place open.
 */
export function replaceStore(path: string, by: string, aside: string): void {
  const isThere = existsSync(path)
  if (isThere) gather(path)
  // Where the store at the place is none that SQLite can read, its log goes with it: behind another file it would be written into that.
  for (const suffix of BESIDE) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  if (isThere) linkSync(path, aside)
  renameSync(by, path)
}

/** Writes all of a store into its one file. Only who has it alone can leave the write-ahead log (sqlite.org/wal.html). */
function gather(path: string): void {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    database.pragma('journal_mode = DELETE')
  } catch (thrown) {
    const isBusy = thrown instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(thrown.code)
    if (!isBusy) return
    throw new EosflowError('busy', `another process has the store ${path} open`, {
      hint: 'Stop what runs (eosflow executions names it), and restore then.',
      cause: thrown,
    })
  } finally {
    database?.close()
  }
}
