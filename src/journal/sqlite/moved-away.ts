import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { RowReader } from './connection.ts'
import { type MoveDestination, movedAwayIn } from './move-destination.ts'
import { reader } from './open-store.ts'

/** What closing a store has written behind what was copied of it: hashes and seals in hexadecimal. */
export interface ClosingRows {
  readonly record: {
    readonly n: number
    readonly pos: number
    readonly covers: string
    readonly prev: string
    readonly hash: string
    readonly body: string
    readonly seal: string
  }
  readonly checkpoint: {
    readonly id: number
    readonly seq: number
    readonly at: string
    readonly note: string
    readonly heads: string
    readonly seal: string
  }
}

/** A file that was the store. */
export interface ClosedStore extends MoveDestination, ClosingRows {
  /** The id of the store. */
  readonly origin: string
}

const LAST = "SELECT max(n) FROM register WHERE type = 'StoreMovedTo'"
const RECORD = `SELECT r.n, r.pos, r.covers, lower(hex(r.prev)) AS prev, lower(hex(r.hash)) AS hash, r.body, lower(hex(h.seal)) AS seal
  FROM register r JOIN register_head h ON h.n = r.n WHERE r.n = (${LAST})`
const CHECKPOINT = `SELECT c.id, c.seq, c.at, c.note, c.heads, lower(hex(h.seal)) AS seal FROM checkpoint c JOIN checkpoint_head h ON h.id = c.id`

/** The store at a path that was moved, with what closing it has written; undefined where it is one that is in use, or none is there. */
export function closedStoreAt(path: string): ClosedStore | undefined {
  return lookedAt(path, (asked) => {
    const away = movedAwayIn(asked)
    if (away === undefined) return undefined
    const { origin } = asked.one<{ origin: string }>('SELECT origin FROM store') ?? { origin: '' }
    const record = asked.one<ClosingRows['record']>(RECORD)
    const checkpoint = asked.one<ClosingRows['checkpoint']>(CHECKPOINT)
    if (record === undefined || checkpoint === undefined)
      throw new EosflowError('store', `the store ${path} was moved to ${away.to}, and lacks the record that says so`)
    return { ...away, origin, record, checkpoint }
  })
}

/** The id of the store at a path that is in use; undefined where that was moved, or none is there. */
export function idInUseAt(path: string): string | undefined {
  return lookedAt(path, (asked) =>
    movedAwayIn(asked) === undefined ? asked.one<{ origin: string }>('SELECT origin FROM store')?.origin : undefined,
  )
}

function lookedAt<T>(path: string, look: (asked: RowReader) => T | undefined): T | undefined {
  if (!existsSync(path)) return undefined
  try {
    const connection = reader(path)
    try {
      return connection.moment(() => look(connection))
    } finally {
      connection.close()
    }
  } catch (error) {
    // It is no store, or one of another layout: whoever opens it says so.
    if (error instanceof EosflowError && error.cause instanceof Database.SqliteError) return undefined
    throw error
  }
}
