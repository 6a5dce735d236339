import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { BrokenChainError } from '../chain.ts'
import type { ChainsTrail } from '../chains/read-trail.ts'
import type { SegmentFiles } from '../chains/retired-segments.ts'
import type { StoredTable } from '../chains/stored-tables.ts'
import type { EventBody } from '../event.ts'
import { KeyRing } from '../key-ring.ts'
import { type AloneRecord, appendAlone } from './append-alone.ts'
import { Connection, type Value } from './connection.ts'
import { requireOurs } from './open-store.ts'
import { withMoment } from './read-file.ts'
import { MOVED } from './schema.ts'
import { openAlone } from './sole-store.ts'
import { guarded } from './sqlite-error.ts'
import { readWhole, type WholeRow } from './whole.ts'

/** A row as it is kept, by its columns. */
export type StoredColumns = Readonly<Record<string, Value>>

/** A store in a file as it is at one moment. */
export interface MovingStore {
  /** Its id. */
  readonly origin: string
  /** The check of the key that it is under. */
  readonly check: string
  /** The sealed row over all of it: where it is another one, somebody has written. */
  readonly whole: WholeRow
  /** Everything on record in it, every chain walked. */
  readonly trail: ChainsTrail
  /** The rows of a table, in order, so many at once. */
  rows(table: StoredTable): Iterable<readonly StoredColumns[]>
}

/**
 * Shows one moment of a store to whoever moves it: what is verified there is what is copied. Others go on reading and writing meanwhile. Throws
 * `refused` while an execution is open, `store`, and BrokenChainError where the sealed row is gone.
 */
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
    return work({ ...said, whole, trail, rows: (table) => rowsOf(connection, table) })
  })
}

function* rowsOf(
  connection: Connection,
  { name, key, columns, batch }: StoredTable,
): Generator<readonly StoredColumns[]> {
  const named = Object.keys(columns).join(', ')
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

/** What a store is closed with: its last record, and who writes it. */
export interface ClosingRecord extends AloneRecord {
  readonly event: EventBody & { readonly type: 'StoreMovedTo' }
}

/**
 * Puts on record, as the last record of a store, that it was moved, and signs a checkpoint over that, in one transaction that nobody else has the
 * store open for. From then on nothing writes to it. Throws `busy` where somebody has it open, or has written since `copied`, its sealed row.
 */
export async function closeMoved(
  path: string,
  installKey: InstallKeys,
  copied: WholeRow,
  { event, ...record }: ClosingRecord,
): Promise<void> {
  const alone = guarded(path, () => openAlone(path, 'Move when nothing runs: eosflow executions names what does.'))
  const connection = new Connection(alone, path)
  try {
    requireOurs(alone, path)
    connection.run('BEGIN EXCLUSIVE')
    if (readWhole(connection)?.seal !== copied.seal)
      throw new EosflowError('busy', 'somebody has written to the store while it was copied', {
        hint: 'Move it again: what was copied is copied anew.',
        retryable: true,
      })
    const ring = new KeyRing(installKey)
    const said = connection.one<{ origin: string; check: string }>('SELECT origin, key_check AS "check" FROM store')
    ring.require(path, said?.check ?? '')
    await appendAlone({ connection, origin: said?.origin ?? '', ring }, event, record)
    guarded(path, () => alone.pragma(`user_version = ${MOVED}`))
    connection.run('COMMIT')
  } finally {
    // What is not committed is not written.
    connection.close()
  }
}

/** What a move is refused with while executions are open. */
export function openExecution(ids: readonly string[]): EosflowError {
  return new EosflowError('refused', `open: ${ids.join(', ')}; a store is moved when every execution has ended`, {
    hint: `eosflow resume ${ids[0]}, or eosflow stop ${ids[0]}`,
  })
}
