import type Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import { keysLacking, requireOrder } from '../install-rotation.ts'
import type { KeyRing } from '../key-ring.ts'
import { rotationRows } from './rotation-rows.ts'

/** The name of the store. Throws `store` where it was written under another key. */
export function originOf(database: Database.Database, path: string, keys: KeyRing): string {
  const row = database.prepare<[], { origin: string; key_check: string }>('SELECT origin, key_check FROM store').get()
  if (row === undefined) throw new EosflowError('store', `${path} has lost the id of its store`)
  keys.require(path, row.key_check)
  return row.origin
}

/** Throws `store` where the present key and the next one are not given as they follow each other, by the rotations of the store that is under the present one. */
export function requireRotated(database: Database.Database, keys: KeyRing): void {
  const rows = rotationRows(database)
  requireOrder(rows, keys.check, keys)
  keys.lacking = keysLacking(rows, keys)
}
