import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { Connection, guarded } from './connection.ts'
import { requireLayout } from './schema.ts'

// How long a connection waits for another one that writes, in milliseconds.
const BUSY_MILLISECONDS = 5_000
const RETRY_MILLISECONDS = 20

// SQLite's own 1,000 do not.
const LOG_PAGES = 800

// KiB of pages that a connection keeps which only reads. better-sqlite3 would keep 16 MB.
const CACHE = 4_000

/** Opens the database of a store for writing; one that is empty, or not there, is made by `make`. Throws `store`. */
export function writer(path: string, make: (database: Database.Database) => void): Connection {
  makePrivateFile(path)
  return opened(path, { timeout: BUSY_MILLISECONDS }, (database) => {
    writeAhead(database)
    database.pragma('synchronous = FULL')
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    const isEmpty = () => database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
    const create = database.transaction(() => {
      if (isEmpty()) make(database)
    })
    if (isEmpty()) create.immediate()
  })
}

/**
 * A connection to the file of a store, by which SQLite itself refuses every write (sqlite.org/c3ref/open.html, SQLITE_OPEN_READONLY). Throws `store`: see
 * {@link requireLayout}.
 */
export function reader(path: string, { moved = false } = {}): Connection {
  const how = { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS }
  return opened(
    path,
    how,
    (database) => {
      database.pragma('query_only = ON')
      database.pragma(`cache_size = -${CACHE}`)
    },
    moved,
  )
}

/** Throws `busy` where another process has it open, and `store`. `hint` is that of `busy`. */
export function openAlone(path: string, hint: string): Connection {
  const held = (cause?: unknown) =>
    new EosflowError('busy', `another process has the store ${path} open`, { hint, cause })
  return opened(path, { timeout: 0, fileMustExist: true }, (database) => {
    try {
      database.pragma('locking_mode = EXCLUSIVE')
      if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw held()
    } catch (thrown) {
      throw isBusy(thrown) ? held(thrown) : thrown
    }
    // The journal of a transaction is deleted when it is over: that, too, is to be on the disk.
    database.pragma('synchronous = EXTRA')
  })
}

function opened(
  path: string,
  options: Database.Options,
  prepare: (database: Database.Database) => void,
  moved = false,
) {
  return guarded(path, () => {
    const database = new Database(path, options)
    try {
      prepare(database)
      database.pragma('trusted_schema = OFF')
      const connection = new Connection(database, path)
      requireLayout(connection, moved)
      return connection
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}

function isBusy(thrown: unknown) {
  return thrown instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(thrown.code)
}

function writeAhead(database: Database.Database) {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += RETRY_MILLISECONDS) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (thrown) {
      if (!isBusy(thrown) || waited >= BUSY_MILLISECONDS) throw thrown
      Atomics.wait(pause, 0, 0, RETRY_MILLISECONDS)
    }
  }
}

function makePrivateFile(path: string) {
  if (path === ':memory:') return
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_CREAT | constants.O_RDONLY, 0o600)
    try {
      requirePrivate(path, fstatSync(file).mode)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    const code = codeOf(cause)
    throw new EosflowError('store', `the store ${path} cannot be made or read (${code})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  }
}

// Throws `store`.
function requirePrivate(path: string, mode: number) {
  if ((mode & 0o077) !== 0) throw openToOthers(path, mode, '600')
  const folder = dirname(path)
  const { mode: around } = statSync(folder)
  const isSticky = (around & 0o1000) !== 0
  if ((around & 0o022) !== 0 && !isSticky) throw openToOthers(folder, around, 'go-w')
}

function openToOthers(path: string, mode: number, mend: string) {
  return new EosflowError('store', `${path} is open to others (mode ${(mode & 0o777).toString(8)})`, {
    hint: `If nobody else has written there: chmod ${mend} ${path}`,
  })
}

// What is beside the file of a store: what SQLite keeps there, and what was acknowledged last.
const BESIDE = ['-wal', '-shm', '-journal', '-head', '-lost'] as const

/** What was there keeps its content under the name `aside`. Throws `busy` when another process has the store at the place open. */
export function replaceStore(path: string, by: string, aside: string): void {
  const isThere = existsSync(path)
  if (isThere) gather(path)
  // Where the store at the place is none that SQLite can read, its log goes with it: behind another file it would be written into that.
  for (const suffix of BESIDE) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  if (isThere) linkSync(path, aside)
  renameSync(by, path)
}

function gather(path: string) {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    database.pragma('journal_mode = DELETE')
  } catch (thrown) {
    if (!isBusy(thrown)) return
    throw new EosflowError('busy', `another process has the store ${path} open`, {
      hint: 'Stop what runs (eosflow executions names it), and restore then.',
      cause: thrown,
    })
  } finally {
    database?.close()
  }
}
