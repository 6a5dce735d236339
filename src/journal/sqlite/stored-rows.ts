import type { StoredRow } from '../chains/rows.ts'
import { positionsIn } from './kept-rows.ts'

/** The columns of a row of `event`, as `e`. */
export const EVENT_ROW = 'e.pos, e.execution, e.n, e.covers, e.prev, e.hash, e.body'
/** The columns of a row of `register`, as `r`. */
export const REGISTER_ROW = 'r.pos, r.execution, r.n, r.covers, r.prev, r.hash, r.body'

/** A row of a chain as SQLite gives it. */
export interface RowColumns extends Omit<StoredRow, 'covers'> {
  readonly covers: string
}

/** The row. */
export function storedRow({ pos, execution, n, covers, prev, hash, body }: RowColumns): StoredRow {
  return { pos, execution, n, covers: positionsIn(covers), prev, hash, body }
}
