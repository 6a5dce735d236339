import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/record-text.ts'
import { BrokenChainError, isHashed, type LinkPoint, type LinkRow, sameBytes } from '../seal/chain.ts'
import type { FoundChainRow } from './chain-rows.ts'

export interface ExecutionHead {
  readonly id: string
  readonly first: number
  readonly last: number
  readonly head: number
  readonly head_hash: Uint8Array
  readonly seal: Uint8Array
  readonly is_open: boolean
  readonly has_acted: boolean
  /** The number of the record in the register by which its records have left the store; null while they are here. */
  readonly retired: number | null
}

export interface RegisterHead {
  readonly head: number | null
  readonly head_hash: Uint8Array | null
  readonly seal: Uint8Array | null
  /** The positions of the newest rows, which no row covers yet, as they are sealed; absent in a database, where only the owner can alter a position. */
  readonly uncovered?: readonly number[]
}

export type DrivenRow = StoredRow & ExecutionHead
export type PlacedRow = Pick<StoredRow, 'pos' | 'execution' | 'n' | 'hash'> & ExecutionHead
export type RegisteredRow = StoredRow & RegisterHead

export interface RegisteredQuery {
  readonly types?: readonly JournalEvent['type'][]
  readonly plan?: string
  readonly receivers?: readonly string[]
  /** Positions: behind the first, up to and with the second. */
  readonly after?: number
  readonly through?: number
  readonly newestFirst?: boolean
  readonly limit?: number
}

export interface ExecutionMessage {
  readonly type: 'StopRequested' | 'SuspendRequested'
  readonly receiver: string
  readonly after: number
}

export interface StoredHead {
  readonly hash: Uint8Array
  readonly seq: number
  /** The highest time of a record, behind the newest one by which a clock was accepted; ISO 8601 in UTC. */
  readonly latest: string | null
}

/** Throws `store` where the store cannot be asked. */
export interface RecordRows {
  /** Has an execution read with all of its rows that are here, in order, and gives what was made of it; undefined where there is no such execution. The rows can be walked once, before `read` returns: a store in a file holds one of them at a time. */
  execution<Read>(id: string, read: (head: ExecutionHead, rows: Iterable<StoredRow>) => Read): Promise<Read | undefined>
  /** Where the register says that an execution began or ended which has no head; undefined where it says nothing of it. */
  mirrorOfGone(id: string): Promise<number | undefined>
  /** The heads of executions, newest first: those that began before another one, at most so many, and only the open ones. */
  heads(page: {
    readonly before?: string
    readonly limit?: number
    readonly open?: boolean
  }): Promise<readonly ExecutionHead[]>
  /** The ids of executions, newest first: those that begin with a text, at most so many. */
  ids(page?: { readonly prefix?: string; readonly limit?: number }): Promise<readonly string[]>
  at(positions: readonly number[]): Promise<readonly StoredRow[]>
  /** The marks of the rows of executions at some positions, of those that are there; absent where a dialect cannot tell. */
  marksAt?(positions: readonly number[]): Promise<readonly Required<Pick<StoredRow, 'pos' | 'mark'>>[]>

  /** The first row of the execution that was asked for under the key of a run. */
  firstOfKey(key: string): Promise<StoredRow | undefined>
  knowsPlan(plan: string): Promise<boolean>
  /** Where the rows of executions that name a plan are, oldest first. */
  ofPlan(plan: string): Promise<readonly PlacedRow[]>
  /** Where the first rows of executions are, and those at which they may have ended or been redriven; each oldest first. */
  turnsOf(
    executions: readonly string[],
  ): Promise<{ readonly begun: readonly PlacedRow[]; readonly ended: readonly PlacedRow[] }>
  /** The rows of executions behind a position, up to and with another one, in order; at most so many. */
  between(after: number, through: number, limit: number): Promise<readonly DrivenRow[]>

  registered(query: RegisteredQuery): Promise<readonly RegisteredRow[]>
  /**
   * The records of the register up to a number that have one of some types in their column, in order, with all columns that rows are found by; absent in a
   * database, where only the owner can alter these.
   */
  withColumns?(types: readonly JournalEvent['type'][], through: number): Promise<readonly FoundChainRow[]>
  newestWord(word: ExecutionMessage): Promise<RegisteredRow | undefined>
  /** Of each schedule, in order: its changes, its last occurrence, and at most so many of the newest other records. */
  ofSchedules(most: number): Promise<readonly RegisteredRow[]>
  registerHead(): Promise<RegisterHead | undefined>
  /** The rows of the register behind a number, up to and with another one, in order; at most so many. */
  registerBehind(n: number, through: number, limit: number): Promise<readonly StoredRow[]>
  registerAt(numbers: readonly number[]): Promise<readonly StoredRow[]>
  /** Another number once somebody else has written; absent where a store cannot tell. */
  foreignWrites?(): number

  head(): Promise<StoredHead | undefined>
  horizon(): Promise<number>
}

/** The end of a statement, with `?` for its values; `among` asks for what is in a list. */
export function registeredQuery(
  { types, plan, receivers, after, through, newestFirst, limit }: RegisteredQuery,
  among: string,
): { readonly text: string; readonly values: readonly unknown[] } {
  const asked = [
    [`r.type ${among}`, types],
    ['r.plan = ?', plan],
    [`r.receiver ${among}`, receivers],
    ['r.pos > ?', after],
    ['r.pos <= ?', through],
  ] as const
  const given = asked.filter(([, value]) => value !== undefined)
  const conditions = given.map(([condition]) => ` AND ${condition}`).join('')
  const text = `${conditions} ORDER BY r.pos${newestFirst === true ? ' DESC' : ''} LIMIT ?`
  return { text, values: [...given.map(([, value]) => value), limit] }
}

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
