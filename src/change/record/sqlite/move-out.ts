import { existsSync } from 'node:fs'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { ChainsTrail } from '../chains/read-trail.ts'
import type { SegmentFiles } from '../chains/retired-segments.ts'
import type { EventBody } from '../event/event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import type { Connection, RowReader, Value } from './connection.ts'
import { MOVED, type MoveDestination, movedAwayIn, reader } from './database-file.ts'
import { readWhole, type WholeRow } from './kept-rows.ts'
import { withMoment } from './read-chains.ts'
import { type AloneRecord, appendAlone, withSoleStore } from './rotate-key.ts'

export interface StoredTable {
  readonly name: string
  readonly key: string
  readonly columns: readonly string[]
  /** How many rows are read at once: a text may be a configuration. */
  readonly batch: number
}

const BATCH = 1_000
const TEXTS = 50

const LINKED = ['covers', 'prev', 'hash', 'body']
const SEALED = ['n', 'hash', 'seal', 'uncovered']

export const STORED_TABLES: readonly StoredTable[] = [
  table('event', 'pos', ['pos', 'execution', 'n', ...LINKED]),
  table('register', 'n', ['n', 'pos', 'mirror', 'execution', ...LINKED]),
  table('execution', 'id', ['id', 'first', 'last', ...SEALED, 'is_open', 'has_acted', 'token', 'retired']),
  table('register_head', 'n', [...SEALED, 'clock_since']),
  table('used', 'key', ['key', 'execution']),
  table('task_token', 'token', ['token', 'execution']),
  table('lease', 'device', ['device', 'execution', 'token', 'until', 'quarantine']),
  table('blob', 'ref', ['ref', 'bytes', 'put'], TEXTS),
  table('checkpoint', 'id', ['id', 'seq', 'at', 'note', 'heads']),
  table('checkpoint_head', 'id', ['id', 'seal']),
  table('note', 'name', ['name', 'kind', 'body']),
  table('note_head', 'kind', ['kind', 'body'], TEXTS),
  table('delivery', 'receiver', ['receiver', 'position', 'at', 'fault']),
]

function table(name: string, key: string, columns: StoredTable['columns'], batch = BATCH): StoredTable {
  return { name, key, columns, batch }
}

export type StoredColumns = Readonly<Record<string, Value>>

export interface MovingStore {
  readonly origin: string
  readonly check: string
  readonly whole: WholeRow
  readonly trail: ChainsTrail
  rows(table: StoredTable): Iterable<readonly StoredColumns[]>
}

/** Throws `refused` while an execution is open, `store`, and BrokenChainError where the sealed row is gone. */
export function movingOut<T>(
  path: string,
  keys: KeyRing,
  files: SegmentFiles,
  work: (store: MovingStore) => Promise<T>,
): Promise<T> {
  return withMoment(path, keys, files, async (connection, trail) => {
    const open = connection.all<{ id: string }>('SELECT id FROM execution WHERE is_open = 1 ORDER BY place')
    if (open.length > 0) throw openExecution(open.map(({ id }) => id))
    const said = connection.one<{ origin: string; check: string }>('SELECT origin, key_check AS "check" FROM store')
    const whole = readWhole(connection)
    if (said === undefined || whole === undefined)
      throw new BrokenChainError({ seq: 0, reason: 'the sealed head of the register is gone' })
    return work({ ...said, whole, trail, rows: (table) => storedRows(connection, table) })
  })
}

/** The rows of a table of a store in a file, in order, so many at once. */
export function* storedRows(
  connection: Connection,
  { name, key, columns, batch }: StoredTable,
): Generator<readonly StoredColumns[]> {
  const named = columns.join(', ')
  let rows = connection.all<StoredColumns>(`SELECT ${named} FROM ${name} ORDER BY ${key} LIMIT ${batch}`)
  while (rows.length > 0) {
    yield rows
    const last = rows.at(-1)?.[key] ?? null
    rows = connection.all<StoredColumns>(
      `SELECT ${named} FROM ${name} WHERE ${key} > ? ORDER BY ${key} LIMIT ${batch}`,
      last,
    )
  }
}

export interface ClosingRecord extends AloneRecord {
  readonly event: EventBody & { readonly type: 'StoreMovedTo' }
}

/** Throws `busy` where somebody has it open, or has written since `copied`, its sealed row. */
export function closeMoved(
  path: string,
  installKey: InstallKeys,
  copied: WholeRow,
  { event, ...record }: ClosingRecord,
): Promise<void> {
  const then = 'Move when nothing runs: eosflow executions names what does.'
  return withSoleStore(path, { installKey, then }, async (store) => {
    const { connection } = store
    if (readWhole(connection)?.seal !== copied.seal)
      throw new EosflowError('busy', 'somebody has written to the store while it was copied', {
        hint: 'Move it again: what was copied is copied anew.',
        retryable: true,
      })
    await appendAlone(store, event, record)
    connection.run(`PRAGMA user_version = ${MOVED}`)
  })
}

export function openExecution(ids: readonly string[]): EosflowError {
  return new EosflowError('refused', `open: ${ids.join(', ')}; a store is moved when every execution has ended`, {
    hint: `eosflow resume ${ids[0]}, or eosflow stop ${ids[0]}`,
  })
}

export interface ClosingRows {
  readonly record: Readonly<Record<'covers' | 'prev' | 'hash', string>> & Readonly<Record<'n' | 'pos', number>>
  readonly checkpoint: object
}

export interface ClosedStore extends MoveDestination, ClosingRows {
  readonly origin: string
}

const LAST = "SELECT max(n) FROM register WHERE type = 'StoreMovedTo'"
const RECORD = `SELECT r.n, r.pos, r.covers, lower(hex(r.prev)) AS prev, lower(hex(r.hash)) AS hash, r.body, lower(hex(h.seal)) AS seal
  FROM register r JOIN register_head h ON h.n = r.n WHERE r.n = (${LAST})`
const CHECKPOINT = `SELECT c.id, c.seq, c.at, c.note, c.heads, lower(hex(h.seal)) AS seal FROM checkpoint c JOIN checkpoint_head h ON h.id = c.id`

/** The store at a path that was moved, with what closing it has written; undefined where it is one that is in use, or none is there. */
export function closedStoreAt(path: string): ClosedStore | undefined {
  const found = lookedAt(path, (asked) => {
    const [record, checkpoint] = [
      asked.one<ClosingRows['record']>(RECORD),
      asked.one<ClosingRows['checkpoint']>(CHECKPOINT),
    ]
    return { away: movedAwayIn(asked), origin: originIn(asked) ?? '', record, checkpoint }
  })
  if (found?.away === undefined) return undefined
  const { away, origin, record, checkpoint } = found
  if (record === undefined || checkpoint === undefined)
    throw new EosflowError('store', `the store ${path} was moved to ${away.to}, and lacks the record that says so`)
  return { ...away, origin, record, checkpoint }
}

/** The id of the store at a path that is in use; undefined where that was moved, or none is there. */
export function idInUseAt(path: string): string | undefined {
  return lookedAt(path, (asked) => (movedAwayIn(asked) === undefined ? originIn(asked) : undefined))
}

function originIn(asked: RowReader) {
  return asked.one<{ origin: string }>('SELECT origin FROM store')?.origin
}

function lookedAt<T>(path: string, look: (asked: RowReader) => T) {
  if (!existsSync(path)) return undefined
  try {
    const connection = reader(path, { moved: true })
    try {
      return connection.moment(() => look(connection))
    } finally {
      connection.close()
    }
  } catch (error) {
    // It is no store, or one of another layout: whoever opens it says so.
    if (error instanceof EosflowError && error.kind === 'store') return undefined
    throw error
  }
}
