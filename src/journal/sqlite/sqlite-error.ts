import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'

const HINTS: readonly (readonly [code: string, what: string, hint: string])[] = [
  ['SQLITE_FULL', 'the disk is full', 'Free some space and run the command again; nothing was half written.'],
  ['SQLITE_BUSY', 'another process holds it', 'Wait until the other eosflow is done, then run the command again.'],
  ['SQLITE_LOCKED', 'another process holds it', 'Wait until the other eosflow is done, then run the command again.'],
  [
    'SQLITE_READONLY',
    'it is read-only',
    'Give this user write permission on the folder of the store, or name another with --store.',
  ],
  [
    'SQLITE_PERM',
    'access is denied',
    'Give this user access to the folder of the store, or name another with --store.',
  ],
  [
    'SQLITE_CANTOPEN',
    'it cannot be opened',
    'Check that the folder of the store exists and that this user may write in it.',
  ],
  ['SQLITE_IOERR', 'the disk reports an error', 'Check the disk; the store must lie on a local one.'],
  [
    'SQLITE_CORRUPT',
    'its file is damaged',
    'Set it aside under another name, as evidence; then restore a backup (docs/copies.md) or begin a new store.',
  ],
  [
    'SQLITE_NOTADB',
    'it is not a SQLite file',
    'Name the store with --store. If this is it, it is damaged: set it aside under another name, and restore a backup (docs/copies.md).',
  ],
]

/** Runs `work` on the store at `path`; what SQLite throws becomes a `store` error that says what to do. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw storeError(path, thrown)
  }
}

/** Whether there is no room, or another process writes: what was to be written can be written another time. */
export function isPassing(thrown: unknown): boolean {
  const cause = thrown instanceof EosflowError ? thrown.cause : thrown
  return cause instanceof Database.SqliteError && HINDRANCES.some((one) => cause.code.startsWith(one))
}

const HINDRANCES = ['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']

function storeError(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown
  const known = HINTS.find(([code]) => thrown.code === code || thrown.code.startsWith(`${code}_`))
  if (known === undefined)
    return new EosflowError('store', `the store ${path} failed: ${thrown.message}`, { cause: thrown })
  // A lock is the one thing that goes by itself, and nothing was written.
  const retryable = known[0] === 'SQLITE_BUSY'
  const what = `the store ${path} cannot be used: ${known[1]}`
  return new EosflowError('store', what, { hint: known[2], retryable, cause: thrown })
}

/** Whether an error is of the file system or of another process: it says nothing of what is in a store. */
export function isHindrance(thrown: unknown): boolean {
  const cause = thrown instanceof EosflowError ? thrown.cause : thrown
  return cause instanceof Database.SqliteError && !CONTENT.some((one) => cause.code.startsWith(one))
}

const CONTENT = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR', 'SQLITE_MISMATCH', 'SQLITE_RANGE']
