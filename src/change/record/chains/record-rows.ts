import type { JournalEvent } from '../event/event.ts'
import type { FoundChainRow } from './chain-rows.ts'
import type { StoredRow } from './rows.ts'

/** The head of an execution as its columns are read. */
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

/** The head of the register as its columns are read: null where there is none. */
export interface RegisterHead {
  readonly head: number | null
  readonly head_hash: Uint8Array | null
  readonly seal: Uint8Array | null
  /** The positions of the newest rows, which no row covers yet, as they are sealed; absent in a database, where only the owner can alter a position. */
  readonly uncovered?: readonly number[]
}

/** A row of an execution with the head of that execution, whose members are null where it is gone; both of one moment. */
export type DrivenRow = StoredRow & ExecutionHead
/** The same without the text of the row, which may name thousands of switches. */
export type PlacedRow = Pick<StoredRow, 'pos' | 'execution' | 'n' | 'hash'> & ExecutionHead
/** A record of the register with the head of the register, both of one moment. */
export type RegisteredRow = StoredRow & RegisterHead

/** Which records of the register are asked for: all that is given must hold. Mirrors are no records. */
export interface RegisteredQuery {
  readonly types?: readonly JournalEvent['type'][]
  readonly plan?: string
  /** Whom a word is for. */
  readonly receivers?: readonly string[]
  /** Positions: behind the first, up to and with the second. */
  readonly after?: number
  readonly through?: number
  /** Oldest first is the default. */
  readonly newestFirst?: boolean
  readonly limit?: number
}

/** A word to an execution that somebody may have said behind a position. */
export interface ExecutionMessage {
  readonly type: 'StopRequested' | 'SuspendRequested'
  readonly receiver: string
  readonly after: number
}

/** What is known of a store without walking it. */
export interface StoredHead {
  /** The hash of the newest row of the register. */
  readonly hash: Uint8Array
  /** The newest position of all chains; 0 where there is none. */
  readonly seq: number
  /** The highest time of a record, behind the newest one by which a clock was accepted; ISO 8601 in UTC. */
  readonly latest: string | null
}

/**
 * What is asked of the rows of a store that has a chain for each execution and one register: by an index each, and each answer as of one moment.
 * Nothing here judges: what is given may have been altered, and whoever asks verifies it. Each dialect has one implementation. Throws `store` where the
 * store cannot be asked.
 */
export interface RecordRows {
  /**
   * Has an execution read with all of its rows that are here, in order, and gives what was made of it; undefined where there is no such execution. The rows
   * can be walked once, before `read` returns: a store in a file holds one of them at a time. Many ask in one moment, as for a word.
   */
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
  /** The rows of executions at some positions. */
  at(positions: readonly number[]): Promise<readonly StoredRow[]>
  /** The marks of the rows of executions at some positions, of those that are there; absent where a dialect cannot tell. */
  marksAt?(positions: readonly number[]): Promise<readonly Required<Pick<StoredRow, 'pos' | 'mark'>>[]>

  /** The first row of the execution that was asked for under the key of a run. */
  firstOfKey(key: string): Promise<StoredRow | undefined>
  /** Whether any record names a plan. */
  knowsPlan(plan: string): Promise<boolean>
  /** Where the rows of executions that name a plan are, oldest first. */
  ofPlan(plan: string): Promise<readonly PlacedRow[]>
  /** Where the first rows of executions are, and those at which they may have ended or been redriven; each oldest first. */
  turnsOf(
    executions: readonly string[],
  ): Promise<{ readonly begun: readonly PlacedRow[]; readonly ended: readonly PlacedRow[] }>
  /** The rows of executions behind a position, up to and with another one, in order; at most so many. */
  between(after: number, through: number, limit: number): Promise<readonly DrivenRow[]>

  /** Records of the register. */
  registered(query: RegisteredQuery): Promise<readonly RegisteredRow[]>
  /**
   * The records of the register up to a number that have one of some types in their column, in order, with all columns that rows are found by; absent in a
   * database, where only the owner can alter these.
   */
  withColumns?(types: readonly JournalEvent['type'][], through: number): Promise<readonly FoundChainRow[]>
  /** The newest record that is such a word. Many ask in one moment: a dialect may ask for all of them together. */
  newestWord(word: ExecutionMessage): Promise<RegisteredRow | undefined>
  /** Of each schedule, in order: its changes, its last occurrence, and at most so many of the newest other records. */
  ofSchedules(most: number): Promise<readonly RegisteredRow[]>
  /** The head of the register; undefined where it is gone. */
  registerHead(): Promise<RegisterHead | undefined>
  /** The rows of the register behind a number, up to and with another one, in order; at most so many. */
  registerBehind(n: number, through: number, limit: number): Promise<readonly StoredRow[]>
  /** The rows of the register of some numbers, in order. */
  registerAt(numbers: readonly number[]): Promise<readonly StoredRow[]>
  /** Another number once somebody else has written; absent where a store cannot tell. */
  foreignWrites?(): number

  /** Undefined where the head of the register is gone. */
  head(): Promise<StoredHead | undefined>
  /** The position up to which nothing can be added any more. */
  horizon(): Promise<number>
}
