import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'

/**
 * Opens a store for this process alone: until it is closed every other process waits, and then says that it is held. Only who has it alone
 * can leave the write-ahead log (sqlite.org/wal.html), and in exclusive locking mode no lock is given up in between
 * (sqlite.org/pragma.html#pragma_locking_mode). Throws `busy` where another process has it open. `then` is the hint of that.
 */
export function openAlone(path: string, then: string): Database.Database {
  const database = new Database(path, { timeout: 0, fileMustExist: true })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw held(path, then)
    // The journal of a transaction is deleted when it is over: that, too, is to be on the disk.
    database.pragma('synchronous = EXTRA')
    database.pragma('trusted_schema = OFF')
    return database
  } catch (thrown) {
    database.close()
    const isBusy = thrown instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(thrown.code)
    throw isBusy ? held(path, then, thrown) : thrown
  }
}

function held(path: string, hint: string, cause?: unknown): EosflowError {
  return new EosflowError('busy', `another process has the store ${path} open`, { hint, cause })
}
