import Database from 'better-sqlite3'
import { EosflowError } from '../../../model/error.ts'

export type Value = string | number | bigint | Uint8Array | null

/** The values of a statement by their names, `@name` there: what it does not name is passed over. */
export type NamedValues = object

/** Whether what is before it is in a list: the value is the JSON of the list. */
export const AMONG = 'IN (SELECT value FROM json_each(?))'

export interface RowReader {
  all<Row>(text: string, ...values: readonly Value[]): readonly Row[]
  one<Row>(text: string, ...values: readonly Value[]): Row | undefined
}

/** Each statement is prepared once. What SQLite throws becomes a `store` error that says what to do. */
export class Connection implements RowReader {
  readonly database: Database.Database
  readonly path: string
  readonly #statements = new Map<string, Database.Statement<unknown[]>>()
  readonly #transaction: Database.Transaction<(work: () => unknown) => unknown>

  constructor(database: Database.Database, path: string) {
    this.database = database
    this.path = path
    this.#transaction = database.transaction((work) => work())
  }

  all<Row>(text: string, ...values: readonly Value[]): readonly Row[] {
    return guarded(this.path, () => this.#prepared(text).all(...values) as readonly Row[])
  }

  one<Row>(text: string, ...values: readonly Value[]): Row | undefined {
    return guarded(this.path, () => this.#prepared(text).get(...values) as Row | undefined)
  }

  *each<Row>(text: string, ...values: readonly Value[]): Iterable<Row> {
    try {
      yield* this.#prepared(text).iterate(...values) as Iterable<Row>
    } catch (thrown) {
      throw storeError(this.path, thrown)
    }
  }

  run(text: string, ...values: readonly (Value | NamedValues)[]): number {
    return guarded(this.path, () => this.#prepared(text).run(...values).changes)
  }

  moment<T>(read: () => T): T {
    if (this.database.inTransaction) return read()
    return guarded(this.path, () => this.#transaction.deferred(read) as T)
  }

  write<T>(work: () => T): T {
    return guarded(this.path, () => this.#transaction.immediate(work) as T)
  }

  get foreignWrites(): number {
    return this.one<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }

  #prepared(text: string): Database.Statement<unknown[]> {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const made = this.database.prepare<unknown[]>(text)
    this.#statements.set(text, made)
    return made
  }
}

/**
 * Views of a store, each of one moment, one after the other. A file has a second connection for them, so that appends go on beside a verification; a
 * store in memory has one connection, and whoever writes waits until no view is open.
 */
export class Views {
  readonly #connection: Connection
  readonly #second: (() => Connection) | undefined
  #reading: Connection | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isOpen = false
  #waiting: (() => void)[] = []

  /** `second` opens another connection to the same file; undefined: there is none. */
  constructor(connection: Connection, second?: () => Connection) {
    this.#connection = connection
    this.#second = second
  }

  view<T>(work: (asked: RowReader) => Promise<T>): Promise<T> {
    const given = this.#last.then(() =>
      this.#second === undefined ? this.#alone(work) : this.#beside(this.#second, work),
    )
    this.#last = given.catch(() => undefined)
    return given
  }

  whenFree(write: () => void): void {
    if (this.#isOpen) this.#waiting.push(write)
    else write()
  }

  free<T>(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.whenFree(() => {
        try {
          resolve(write())
        } catch (thrown) {
          reject(thrown)
        }
      })
    })
  }

  async close(): Promise<void> {
    await this.#last
    this.#reading?.close()
  }

  async #alone<T>(work: (asked: RowReader) => Promise<T>): Promise<T> {
    this.#isOpen = true
    try {
      return await work(this.#connection)
    } finally {
      this.#isOpen = false
      const waiting = this.#waiting
      this.#waiting = []
      for (const write of waiting) write()
    }
  }

  async #beside<T>(second: () => Connection, work: (asked: RowReader) => Promise<T>): Promise<T> {
    this.#reading ??= second()
    const reading = this.#reading
    reading.run('BEGIN')
    try {
      return await work(reading)
    } finally {
      reading.run('COMMIT')
    }
  }
}

const HINTS: readonly (readonly [code: string, what: string, hint: string])[] = [
  ['SQLITE_FULL', 'the disk is full', 'Free some space and run the command again; nothing was half written.'],
  ['SQLITE_BUSY', 'another process holds it', 'Wait until the other eosflow is done, then run the command again.'],
  ['SQLITE_LOCKED', 'another process holds it', 'Wait until the other eosflow is done, then run the command again.'],
  [
    'SQLITE_READONLY',
    'it is read-only',
    'Give this user write permission on the folder of the store, mount its disk for writing, or name another with --store.',
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
  ...['SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'].map(
    (code) =>
      [code, 'its disk has no room', 'Free some space and run the command again; nothing was half written.'] as const,
  ),
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

/** What SQLite itself has refused something with: the disk, a lock, the file. */
export function codeOf(thrown: unknown): string | undefined {
  const cause = thrown instanceof EosflowError ? thrown.cause : thrown
  return cause instanceof Database.SqliteError ? cause.code : undefined
}

export function isPassing(thrown: unknown): boolean {
  return HINDRANCES.some((one) => codeOf(thrown)?.startsWith(one))
}

const HINDRANCES = ['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']

function storeError(path: string, thrown: unknown) {
  if (!(thrown instanceof Database.SqliteError)) return thrown
  const known = HINTS.find(([code]) => thrown.code === code || thrown.code.startsWith(`${code}_`))
  if (known === undefined)
    return new EosflowError('store', `the store ${path} failed: ${thrown.message}`, { cause: thrown })
  // A lock is the one thing that goes by itself, and nothing was written.
  const retryable = known[0] === 'SQLITE_BUSY'
  const what = `the store ${path} cannot be used: ${known[1]}`
  return new EosflowError('store', what, { hint: known[2], retryable, cause: thrown })
}

export function isHindrance(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code !== undefined && !CONTENT.some((one) => code.startsWith(one))
}

const CONTENT = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR', 'SQLITE_MISMATCH', 'SQLITE_RANGE']
