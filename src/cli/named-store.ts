import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../app/input-error.ts'
import { isDatabase } from '../inventory/store-address.ts'
import { problemOf } from '../model/problem.ts'

/** The commands that look at what is on record, or end it. */
const OF_RECORDS =
  /^(?:audit (?:accept-clock|export|list|verify)|bundle (?:diff|list|show)|drain|drift|executions|history|recover|redrive|release-device|resume|rollback|schedule list|signal|snapshot (?:diff|list|show)|stop|store (?:backup|check|migrate|seal)|suspend|unfreeze|watch|workers)\b/

/**
 * Refuses a store that `--store` names and that is no file, for a command that needs records: it would be made, and a path that was mistyped would
 * then have no fault. `usage`: the command, as its help has it. Throws InputError.
 */
export function requireNamedStore(usage: string, store: string | undefined, cwd: string): void {
  if (store === undefined || isDatabase(store) || !OF_RECORDS.test(usage) || existsSync(resolve(cwd, store))) return
  const hint = 'Check --store. A store is made by the first command that has something to put on record.'
  throw new InputError([problemOf(store, 'no-file', 'there is no such store', hint)])
}
