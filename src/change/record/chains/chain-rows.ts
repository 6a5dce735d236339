import type { LinkedLine } from '../audit/jsonl-chains.ts'
import type { LinkRow } from '../seal/link.ts'

/** A row of a chain, and what is before it. */
export interface FoundRow extends LinkedLine {
  /** The hash of the row before it in its chain; undefined where there is none. */
  readonly before: Uint8Array | undefined
}

/** The same, and what is beside its hashed text. */
export interface FoundChainRow extends FoundRow {
  /** What the columns say that is mirrored, beside the body. */
  readonly mirror: string | null
  readonly execution: string | null
  /** What the store has computed from the body, to find the row by. */
  readonly columns: Columns
}

/** The columns of a row that a store computes from its body. `at` and `type` are absent where it keeps none, and finds nothing by them. */
export interface Columns {
  readonly at?: string
  readonly type?: string | null
  readonly plan: string | null
  /** Of records of the register alone: whom a word is for, and the instant of a schedule. */
  readonly receiver: string | null
  readonly schedule: string | null
  readonly instant: string | null
}

/** A row of the register, by what the store finds it. */
export interface FoundRegisterRow extends LinkRow {
  /** The execution that it mirrors; null for a record outside of executions. */
  readonly execution: string | null
  readonly mirror: string | null
}

/** A place in a chain: behind the row of that number. */
export type AskedPlace = readonly [chain: string, n: number]

/** What is here of a place in a chain. */
export interface FoundPlace {
  /** The hash of the row; undefined where it is not here. */
  readonly hash: Uint8Array | undefined
  /** The positions of the rows up to there which none of them covers. */
  readonly positions: readonly number[]
}

/** What is asked of the rows of all chains: to walk them, and to take some out of the store. Whoever asks judges them. */
export interface ChainRows {
  /** Every row of the register, in order, some at a time. */
  registerRows(): AsyncIterable<readonly FoundChainRow[]>
  /** Every row of every execution, one execution after the other, some rows at a time. */
  executionRows(): AsyncIterable<readonly FoundChainRow[]>
  /** Records between two positions, both included, in order, without mirrors. At most `limit`. */
  rowsBetween(from: number, through: number, limit: number): Promise<readonly FoundChainRow[]>
  /** The mirrors of some executions, of records between two positions. */
  mirrorsBetween(from: number, through: number, executions: readonly string[]): Promise<readonly FoundChainRow[]>
  /**
   * The mirrors that follow in the register behind a row, by its number, up to the first row behind a position. Without a number: behind the last record
   * before `from`, and from there on.
   */
  mirrorsBehind(n: number | undefined, from: number, through: number): Promise<readonly FoundChainRow[]>
  /** The rows of one execution that are here, in order. */
  rowsOf(execution: string): Promise<readonly LinkRow[]>
  /** The register from the first row that names one of some words, as an execution, a plan or a receiver, up to and with a number. */
  registerAbout(words: readonly string[], through: number): Promise<readonly FoundRegisterRow[]>
  /** What is here of places in chains, in the order in which they are asked for. */
  placesAt(asked: readonly AskedPlace[]): Promise<readonly FoundPlace[]>
  /** The executions whose records name one of some texts, in order. */
  namingAny(texts: readonly string[]): Promise<readonly string[]>
}

/** The order of an export: by position, a mirror behind what it mirrors. */
export function inOrder(one: LinkedLine, other: LinkedLine): number {
  return one.row.pos - other.row.pos || Number(one.isMirror) - Number(other.isMirror)
}
