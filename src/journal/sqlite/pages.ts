import type { Database } from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'

/**
 * Requires that the pages of the file which hold the records are in order (sqlite.org/pragma.html#pragma_quick_check): it reads all of
 * them. Of the records alone: blobs carry their own proof. Throws `store`.
 */
export function requireUndamaged(database: Database, path: string): void {
  const found = database.pragma('quick_check(journal)', { simple: true })
  if (found === 'ok') return
  throw new EosflowError('store', `the store ${path} is damaged: ${String(found)}`, {
    hint: 'Set it aside under another name, as evidence; then restore a backup (docs/copies.md) or begin a new store.',
  })
}
