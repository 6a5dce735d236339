import type { Database } from 'better-sqlite3'
import { BrokenChainError, type ChainRow, sameBytes } from '../chain.ts'
import type { StoreHead } from '../store.ts'
import { requireUnaltered } from './head-walk.ts'
import { digestOf } from './record-count.ts'

/** The mark `carried` of a store: how many sealed records are in it as well, up to `base`, and which. Throws BrokenChainError. */
export function carriedMark(database: Database, base: number): StoreHead {
  const hashes: Uint8Array[] = []
  for (const row of carriedRows(database, base)) {
    requireUnaltered(row)
    hashes.push(row.hash)
  }
  return { seq: hashes.length, hash: digestOf(hashes), latest: undefined }
}

/**
 * Requires that the sealed records which are in a store as well, those up to `base`, are the ones that were left in it: none altered, none
 * missing, none more. `sealed` is the mark `carried`. Throws BrokenChainError.
 */
export function requireCarried(database: Database, base: number, sealed: StoreHead): void {
  const { seq, hash } = carriedMark(database, base)
  if (seq !== sealed.seq || !sameBytes(hash, sealed.hash)) throw otherCarried(base)
}

/** The sealed records that are in a store as well, in order. */
export function carriedRows(database: Database, base: number): IterableIterator<ChainRow> {
  return database
    .prepare<[number], ChainRow>('SELECT seq, body, prev, hash FROM journal WHERE seq <= ? ORDER BY seq')
    .iterate(base)
}

/** Others are in the store than were left in it. */
export function otherCarried(base: number): BrokenChainError {
  return new BrokenChainError({
    seq: base,
    reason: 'it or one before it, which was left in the store when they were sealed, is missing or altered',
  })
}
