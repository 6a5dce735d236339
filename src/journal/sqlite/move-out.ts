import { existsSync } from 'node:fs'
import Database, { type Database as Connection } from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import type { StoredCheckpoint } from '../audit/audit-trail.ts'
import { BrokenChainError, type ChainPoint, type ChainRow, genesis, sameBytes } from '../chain.ts'
import { KeyRing } from '../key-ring.ts'
import type { Lease } from '../lease.ts'
import { type AloneRecord, appendAlone } from './append-alone.ts'
import { ExecutionTable } from './execution-table.ts'
import { MarkTable } from './mark-table.ts'
import { MOVED_VERSION, type MoveDestination, movedAwayError, movedAwayIn } from './move-destination.ts'
import type { Segments } from './segments.ts'
import { segmentsIn, segmentsOf } from './segments-of.ts'
import { openAlone } from './sole-store.ts'
import { guarded } from './sqlite-error.ts'
import { prepareStatements } from './statements.ts'
import { originOf } from './store-origin.ts'
import { VerifiedChain } from './verified-chain.ts'

/** A text as the store has it, encrypted. */
export interface StoredText {
  readonly ref: string
  readonly bytes: Uint8Array
}

/** What of a store is moved, as of one moment: each as it is stored. */
export interface MovedContent {
  readonly origin: string
  /** The newest record. */
  readonly head: ChainPoint
  records(): Iterable<ChainRow>
  texts(): Iterable<StoredText>
  checkpoints(): Iterable<StoredCheckpoint>
  leases(): Iterable<Lease>
  /** How far sinks and files are: the number of the newest record that each has. */
  deliveries(): Iterable<{ readonly receiver: string; readonly position: number; readonly at: string }>
}

/** Shows one moment of a store to whoever moves it, with what is in its segments. Throws `store`, also where a segment is missing. */
export async function movingOut<T>(path: string, work: (store: MovedContent) => Promise<T>): Promise<T> {
  const database = guarded(path, () => new Database(path, { readonly: true, fileMustExist: true }))
  let segments: Segments | undefined
  try {
    database.exec('BEGIN')
    const origin = String(database.prepare('SELECT origin FROM store').pluck().get())
    segments = segmentsIn(database, path, origin)
    return await work(outOf(database, segments, origin))
  } finally {
    segments?.close()
    database.close()
  }
}

function outOf(database: Connection, segments: Segments, origin: string): MovedContent {
  const last = database.prepare<[], ChainPoint>('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get()
  const each = <T>(sql: string): Iterable<T> => database.prepare<[], T>(sql).iterate()
  return {
    origin,
    head: last ?? genesis(origin),
    records: () => recordsIn(database, segments),
    texts: () => textsIn(database, segments),
    checkpoints: () => each('SELECT id, seq, at, note FROM checkpoint ORDER BY id'),
    leases: () => each('SELECT device, execution, token, until, quarantine FROM lease ORDER BY device'),
    deliveries: () =>
      each("SELECT receiver, position, at FROM delivery WHERE receiver NOT LIKE 'anchor %' ORDER BY receiver"),
  }
}

/** Those that are sealed, and then those behind them. */
function* recordsIn(database: Connection, segments: Segments): Generator<ChainRow> {
  yield* segments.all()
  yield* database
    .prepare<[number], ChainRow>('SELECT seq, body, prev, hash FROM journal WHERE seq > ? ORDER BY seq')
    .iterate(segments.base.seq)
}

/** Each text once: what rules ask for is in the store and in a segment. */
function* textsIn(database: Connection, segments: Segments): Generator<StoredText> {
  const given = new Set<string>()
  for (const texts of [
    database.prepare<[], StoredText>('SELECT ref, bytes FROM blob ORDER BY ref').iterate(),
    segments.texts(),
  ])
    for (const text of texts) {
      if (given.has(text.ref)) continue
      given.add(text.ref)
      yield text
    }
}

/** Where the store at a path was moved to; undefined where it is one that is in use, or none is there. */
export function movedAwayAt(path: string): MoveDestination | undefined {
  return lookedAt(path, movedAwayIn)
}

/** The id of the store at a path that is in use; undefined where that was moved, or none is there. */
export function idInUseAt(path: string): string | undefined {
  return lookedAt(path, (database) => {
    const id = database.prepare<[], string>('SELECT origin FROM store').pluck().get()
    return movedAwayIn(database) === undefined ? id : undefined
  })
}

function lookedAt<T>(path: string, look: (database: Connection) => T | undefined): T | undefined {
  if (!existsSync(path)) return undefined
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      return look(database)
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined
    throw error
  }
}

/**
 * Puts on record, as the last record of a store, that it was moved, in one transaction that nobody else has the store open for. From then
 * on nothing writes to it. Throws `busy` where somebody has it open, or has written since it was copied, and `refused` while an execution
 * is open.
 */
export function closeMoved(
  path: string,
  installKey: string | InstallKeys,
  copied: ChainPoint,
  record: AloneRecord,
): void {
  guarded(path, () => {
    const database = openAlone(path, 'Move when nothing runs: eosflow executions names what does.')
    try {
      database.transaction(() => closeIn(database, path, { installKey, copied, record })).exclusive()
    } finally {
      database.close()
    }
  })
}

interface Closing {
  readonly installKey: string | InstallKeys
  readonly copied: ChainPoint
  readonly record: AloneRecord
}

function closeIn(database: Connection, path: string, { installKey, copied, record }: Closing): void {
  const moved = movedAwayIn(database)
  if (moved !== undefined) throw movedAwayError(path, moved)
  const keys = new KeyRing(installKey)
  const origin = originOf(database, path, keys)
  const marks = new MarkTable(database, origin, keys)
  const entries = new ExecutionTable(database, origin, keys, marks)
  const statements = prepareStatements(database)
  const segments = segmentsOf(database, path, { origin, base: marks.find('base') })
  const chain = new VerifiedChain({ database, marks, executions: entries, segments, statements })
  const head = chain.head()
  if (head.seq < copied.seq) throw new BrokenChainError({ seq: head.seq + 1, reason: 'the record is missing' })
  if (head.seq !== copied.seq || !sameBytes(head.hash, copied.hash))
    throw new EosflowError('busy', 'somebody has written to the store while it was copied', {
      hint: 'Move it again: what was copied is copied anew.',
      retryable: true,
    })
  entries.begin(head, (after) => chain.walk(after + 1))
  const [open] = entries.open()
  if (open !== undefined) throw openExecution([open.id])
  appendAlone({ database, origin, marks, entries, chain, statements }, record)
  database.pragma(`user_version = ${MOVED_VERSION}`)
  segments.close()
}

/** What a move is refused with while executions are open. */
export function openExecution(ids: readonly string[]): EosflowError {
  return new EosflowError('refused', `open: ${ids.join(', ')}; a store is moved when every execution has ended`, {
    hint: `eosflow resume ${ids[0]}, or eosflow stop ${ids[0]}`,
  })
}
