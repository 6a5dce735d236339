import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'
import { isHashed, type LinkPoint, type LinkRow } from '../seal/link.ts'

export interface StoredRow extends LinkRow {
  /** The execution whose chain it is in, or which it mirrors; null for a record outside of executions. */
  readonly execution: string | null
  /** Another text once anybody has written to the row, the same content too; absent where a dialect cannot tell. */
  readonly mark?: string
}

/** Throws `store` when it is none. */
export function eventOf({ body, pos, n }: Pick<StoredRow, 'body' | 'pos' | 'n'>): JournalEvent {
  const event = parseEvent(body)
  if (event.seq === n) return { ...event, seq: pos }
  throw new BrokenChainError({ seq: pos, reason: `its content says it is record ${event.seq} of its chain` })
}

/** Throws BrokenChainError for a row that is not what its hash says. */
export function requireUnaltered(row: StoredRow): void {
  // Whoever takes the types of its columns off the table can put bytes there, which have the same hash.
  if (typeof row.body !== 'string' || !isHashed(row))
    throw new BrokenChainError({ seq: row.pos, reason: 'its content was altered' })
}

export function unaltered(row: StoredRow): JournalEvent {
  requireUnaltered(row)
  return eventOf(row)
}

export interface WalkPoint extends LinkPoint {
  readonly uncovered: readonly number[]
}

/** Walks the rows of a chain behind a point, which must follow each other without a gap. Throws BrokenChainError at the first that does not. */
export function walkRows(after: WalkPoint, rows: Iterable<StoredRow>): WalkPoint {
  let { n, hash } = after
  let uncovered = [...after.uncovered]
  for (const row of rows) {
    requireNext({ n, hash }, row)
    requirePlaces(uncovered, row)
    if (row.covers.length > 0) uncovered = []
    uncovered.push(row.pos)
    ;({ n, hash } = row)
  }
  return { n, hash, uncovered }
}

function requireNext({ n, hash }: LinkPoint, row: StoredRow) {
  const fault = (reason: string) => new BrokenChainError({ seq: row.pos, reason })
  if (row.n !== n + 1) throw fault(row.n > n + 1 ? 'a record before it is missing' : 'the record is out of order')
  requireUnaltered(row)
  if (sameBytes(row.prev, hash)) return
  throw fault(`it does not follow record ${n} of its chain, one of the two was replaced`)
}

function requirePlaces(uncovered: readonly number[], { covers, pos }: StoredRow) {
  const isOther = covers.length > 0 && covers.length !== uncovered.length
  const moved = covers.length === 0 ? -1 : uncovered.findIndex((place, index) => place !== covers[index])
  if (!isOther && moved === -1 && (uncovered.at(-1) ?? 0) < pos) return
  throw new BrokenChainError({ seq: uncovered[moved] ?? pos, reason: 'it is at another place than it was written to' })
}
