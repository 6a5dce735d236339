import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import { storeKeys } from '../store-keys.ts'
import { BlobTable } from './blob-table.ts'
import { guarded } from './sqlite-error.ts'

/**
 * Requires of a copy of a store that SQLite finds nothing wrong in all of it (sqlite.org/pragma.html#pragma_integrity_check) and that
 * every text in it can be read with this key. Its chain is verified elsewhere. Throws `store`.
 */
export function requireWhole(path: string, installKey: string): void {
  guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const found = database.pragma('integrity_check(1)', { simple: true })
      if (found !== 'ok') throw new EosflowError('store', `the copy ${path} is damaged: ${String(found)}`)
      const blobs = new BlobTable(database, storeKeys(installKey))
      const refs = database.prepare<[], string>('SELECT ref FROM blob').pluck()
      for (const ref of refs.all()) blobs.get(ref)
    } finally {
      database.close()
    }
  })
}
