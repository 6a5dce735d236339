import { isJsonObject, type Json } from '../../model/json.ts'
import {
  BrokenChainError,
  type ChainFault,
  type ChainPoint,
  type ChainRow,
  genesis,
  sameBytes,
  walkChain,
} from '../chain.ts'
import type { MovedTrail } from '../chains/read-trail.ts'
import { requireUnaltered, type StoredRow } from '../chains/rows.ts'
import { renumbered } from './copied-chains.ts'
import type { Questions } from './database.ts'
import { awayFault, movedIn, type StoreOrigin } from './moved.ts'
import { REGISTER_ROW } from './record-rows.ts'

interface MovedRow extends ChainRow {
  /** The same record in the chain that it is in here; null where it is in none. */
  readonly copy: string | null
  readonly n: number | null
}

type Ask = Questions['ask']

const BATCH = 2_000

/** `retired`: the executions that have left the store. What was moved here, and whether each of its records is here as it was; undefined for a store that began here. */
export async function readMoved(ask: Ask, retired: ReadonlyMap<string, number>): Promise<MovedTrail | undefined> {
  const moved = await movedIn(ask)
  const first = await firstRecord(ask)
  if (moved === undefined && first === undefined) return undefined
  const start = genesis(moved?.origin ?? '')
  const checkpoints = await ask<{ seq: number; note: string }>('SELECT seq, note FROM moved_checkpoint ORDER BY id')
  const kept = new Map<number, Uint8Array | undefined>(checkpoints.map(({ seq }) => [seq, undefined]))
  const { end, fault } = await walk({ ask, retired }, start, kept)
  const wrong =
    moved === undefined
      ? gone(1)
      : (fault ?? endFault(moved, end) ?? firstFault(moved, first) ?? (await awayFault(ask, moved)))
  return {
    origin: start.seq === 0 && moved !== undefined ? moved.origin : '',
    start,
    end,
    ...(wrong === undefined ? {} : { fault: wrong }),
    notes: checkpoints.map(({ note }) => note),
    hashAt: (seq) => kept.get(seq),
  }
}

/** Throws BrokenChainError where what is kept of where a store is from is not what the register says: it would pass for another store. */
export async function requireAsRecorded(ask: Ask, moved: StoreOrigin | undefined): Promise<void> {
  const first = await firstRecord(ask)
  if (first !== undefined) requireUnaltered(first.row)
  if (moved === undefined && first === undefined) return
  const fault = moved === undefined ? gone(1) : firstFault(moved, first)
  if (fault !== undefined) throw new BrokenChainError(fault)
}

const gone = (seq: number): ChainFault => ({ seq, reason: 'what is kept of the store that was moved here is gone' })

/** What the register says of a store that was moved here. */
async function firstRecord(
  ask: Ask,
): Promise<
  { readonly row: StoredRow; readonly records: Json; readonly root: Json; readonly origin: Json } | undefined
> {
  const [row] = await ask<StoredRow & Record<string, unknown>>(
    `SELECT ${REGISTER_ROW} FROM register r WHERE r.mirror IS NULL AND r.type = 'StoreMoved' ORDER BY r.pos LIMIT 1`,
  )
  const said = row === undefined ? undefined : (JSON.parse(row.body) as Json)
  if (row === undefined || !isJsonObject(said)) return undefined
  const { records = null, root = null, origin = null } = said
  return { row, records, root, origin }
}

function endFault({ seq, hash }: StoreOrigin, end: ChainPoint): ChainFault | undefined {
  if (end.seq < seq) return { seq: end.seq + 1, reason: `the record is missing: ${seq} were moved here` }
  if (end.seq > seq) return { seq: seq + 1, reason: 'the record is not one of those that were moved here' }
  return sameBytes(end.hash, hash) ? undefined : { seq, reason: 'it is not the newest record that was moved here' }
}

function firstFault(
  { origin, seq, hash }: StoreOrigin,
  first: Awaited<ReturnType<typeof firstRecord>>,
): ChainFault | undefined {
  const root = Buffer.from(hash).toString('base64')
  if (first?.records === seq && first.root === root && first.origin === origin) return undefined
  return { seq, reason: 'the register says something else of what was moved here' }
}

async function walk(
  { ask, retired }: { readonly ask: Ask; readonly retired: ReadonlyMap<string, number> },
  start: ChainPoint,
  kept: Map<number, Uint8Array | undefined>,
): Promise<{ readonly end: ChainPoint; readonly fault?: ChainFault }> {
  let end = start
  for (;;) {
    const rows = await ask<MovedRow & Record<string, unknown>>(
      `SELECT m.seq, m.body, m.prev, m.hash, coalesce(e.body, r.body) AS copy, coalesce(e.n, r.n) AS n FROM moved_record m
        LEFT JOIN event e ON e.pos = m.seq LEFT JOIN register r ON r.pos = m.seq AND r.mirror IS NULL
        WHERE m.seq > $1 ORDER BY m.seq LIMIT ${BATCH}`,
      [end.seq],
    )
    const walked = walkChain(end, rows)
    if ('fault' in walked) return { end, fault: walked.fault }
    const other = rows.find((row) => !isCopy(row, retired))
    if (other !== undefined)
      return { end, fault: { seq: other.seq, reason: 'it is not the record that it is a copy of' } }
    for (const { seq, hash } of rows) if (kept.has(seq)) kept.set(seq, hash)
    end = walked.end
    if (rows.length < BATCH) return { end }
  }
}

/** The copy of a record whose execution has left the store is in its segment. */
function isCopy({ body, copy, n }: MovedRow, retired: ReadonlyMap<string, number>): boolean {
  const said = JSON.parse(body) as Json
  if (copy === null && isJsonObject(said) && typeof said.execution === 'string' && retired.has(said.execution))
    return true
  return copy !== null && n !== null && isJsonObject(said) && renumbered(said, n) === copy
}
