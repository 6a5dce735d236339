import Database from 'better-sqlite3'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'

const ATTEMPTS_EVERY = 50

/** Does work that only one process, and only one part of it, may do at a time: a lock on an empty SQLite file, which the operating system frees when its process ends, however it ends. Throws `busy` when it is not free within `milliseconds`, and `store` when it cannot be locked at all. */
export async function withFileLock<T>(
  file: string,
  { clock, milliseconds }: { readonly clock: Clock; readonly milliseconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const until = clock.monotonic() + milliseconds
  let lock = lockOf(file)
  while (lock === undefined) {
    if (clock.monotonic() >= until) {
      throw new EosflowError('busy', `${file} is locked by another process`, { retryable: true, hint: 'Try again.' })
    }
    await clock.sleep(ATTEMPTS_EVERY)
    lock = lockOf(file)
  }
  try {
    return await work()
  } finally {
    lock.close()
  }
}

function lockOf(file: string) {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { timeout: 0 })
    database.exec('BEGIN IMMEDIATE')
    return database
  } catch (cause) {
    database?.close()
    if (!(cause instanceof Database.SqliteError)) throw cause
    if (cause.code.startsWith('SQLITE_BUSY')) return undefined
    throw new EosflowError('store', `${file} cannot be locked (${cause.code})`, {
      hint: 'Check the folder, its rights and its disk. The file is an empty lock: where nothing runs it may be deleted.',
      cause,
    })
  }
}
