import type Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { KeyRing } from '../key-ring.ts'

/** The name of the store. Throws `store` where it was written under another key. */
export function originOf(database: Database.Database, path: string, keys: KeyRing): string {
  const row = database.prepare<[], { origin: string; key_check: string }>('SELECT origin, key_check FROM store').get()
  if (row === undefined) throw new EosflowError('store', `${path} has lost the id of its store`)
  keys.require(path, row.key_check)
  return row.origin
}
