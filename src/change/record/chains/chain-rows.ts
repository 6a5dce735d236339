import type { LinkedLine } from '../audit/jsonl-chains.ts'
import type { LinkRow } from '../seal/chain.ts'

export interface FoundRow extends LinkedLine {
  /** The hash of the row before it in its chain; undefined where there is none. */
  readonly before: Uint8Array | undefined
}

export interface FoundChainRow extends FoundRow {
  readonly mirror: string | null
  readonly execution: string | null
  readonly columns: Columns
}

export interface Columns {
  readonly at?: string | null
  readonly type?: string | null
  readonly plan: string | null
  readonly receiver: string | null
  readonly schedule: string | null
  readonly instant: string | null
}

export interface FoundRegisterRow extends LinkRow {
  /** The execution that it mirrors; null for a record outside of executions. */
  readonly execution: string | null
  readonly mirror: string | null
}

export type AskedPlace = readonly [chain: string, n: number]

export interface FoundPlace {
  readonly hash: Uint8Array | undefined
  readonly positions: readonly number[]
}

export interface ChainRows {
  registerRows(): AsyncIterable<readonly FoundChainRow[]>
  /** Every row of every execution, one execution after the other, some rows at a time. */
  executionRows(): AsyncIterable<readonly FoundChainRow[]>
  /** At most `limit`. */
  rowsBetween(from: number, through: number, limit: number): Promise<readonly FoundChainRow[]>
  mirrorsBetween(from: number, through: number, executions: readonly string[]): Promise<readonly FoundChainRow[]>
  /**
   * The mirrors that follow in the register behind a row, by its number, up to the first row behind a position. Without a number: behind the last record
   * before `from`, and from there on.
   */
  mirrorsBehind(n: number | undefined, from: number, through: number): Promise<readonly FoundChainRow[]>
  rowsOf(execution: string): Promise<readonly LinkRow[]>
  registerAbout(words: readonly string[], through: number): Promise<readonly FoundRegisterRow[]>
  /** What is here of places in chains, in the order in which they are asked for. */
  placesAt(asked: readonly AskedPlace[]): Promise<readonly FoundPlace[]>
  namingAny(texts: readonly string[]): Promise<readonly string[]>
}

export interface StoredChainRow extends LinkRow, Columns {
  readonly chain: string
  readonly mirror: string | null
  readonly execution: string | null
  readonly before?: Uint8Array | null
}

export function foundRow(stored: StoredChainRow): FoundChainRow {
  const { chain, n, pos, covers, prev, hash, body, mirror, execution, before } = stored
  const row = { n, pos, covers, prev, hash, body }
  return { chain, row, isMirror: mirror !== null, mirror, execution, before: before ?? undefined, columns: stored }
}

// Below any number that a row can have: chains begin with 1, and what is before that was not written by eosflow.
const BEFORE_ALL = Number.MIN_SAFE_INTEGER

/** Gives rows some at a time, of which `next` reads those after the last one: fewer than `most` are the end. */
export async function* batched<Row>(
  most: number,
  next: (last: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let last: Row | undefined; ; ) {
    const rows = await next(last)
    yield rows
    if (rows.length < most) return
    last = rows.at(-1)
  }
}

export function allRows(
  most: number,
  register: (n: number) => Promise<readonly FoundChainRow[]>,
  executions: (chain: string, n: number) => Promise<readonly FoundChainRow[]>,
): Pick<ChainRows, 'registerRows' | 'executionRows'> {
  return {
    registerRows: () => batched(most, (last) => register(last?.row.n ?? BEFORE_ALL)),
    executionRows: () => batched(most, (last) => executions(last?.chain ?? '', last?.row.n ?? BEFORE_ALL)),
  }
}

/** The order of an export: by position, a mirror behind what it mirrors. */
export function inOrder(one: LinkedLine, other: LinkedLine): number {
  return one.row.pos - other.row.pos || Number(one.isMirror) - Number(other.isMirror)
}
