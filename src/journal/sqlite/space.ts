import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import { reader } from './open-store.ts'
import { openAlone } from './sole-store.ts'
import { guarded } from './sqlite-error.ts'

/** A store is made smaller where a quarter of its file or more holds nothing. */
const LOOSE = 4

/**
 * Makes a store whose records have left it as small as what is in it. Gives what hinders that: another process that has it open, for which a file
 * that becomes smaller is one that was replaced, or no room for the copy that this needs. It changes nothing then, so the next one may try again.
 */
export function giveSpaceBack(path: string): string | undefined {
  if (!isLoose(path)) return undefined
  let database: Database.Database | undefined
  try {
    database = guarded(path, () => openAlone(path, 'Seal again when nothing runs: eosflow executions names what does.'))
    database.exec('VACUUM')
    return undefined
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) return thrown.code
    if (thrown instanceof EosflowError && thrown.kind === 'busy') return 'SQLITE_BUSY'
    throw thrown
  } finally {
    database?.close()
  }
}

function isLoose(path: string): boolean {
  const connection = reader(path)
  try {
    const free = connection.one<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0
    const all = connection.one<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0
    return LOOSE * free >= all
  } finally {
    connection.close()
  }
}
