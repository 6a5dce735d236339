import { EosflowError } from '../../model/error.ts'
import { OutageError } from '../outage.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'

/**
 * The layout of the store in a database. Throws `store`: there is none, or this user may not use it. PostgreSQL says of the tables of a schema
 * that somebody may not use that they do not exist (PostgreSQL 15, section 5.9.4).
 */
export async function foundLayout(questions: Questions, address: PostgresAddress): Promise<number> {
  try {
    const found = await questions.one<{ layout: number | null }>('SELECT max(number) AS layout FROM migration')
    return found?.layout ?? 0
  } catch (cause) {
    if (cause instanceof OutageError || !(await isForbidden(questions))) throw cause
    throw new EosflowError('store', `the store ${addressWords(address)} cannot be used: this user may not use it`, {
      hint: `Make the user a member of eos_worker: GRANT eos_worker TO ${address.user}.`,
      cause,
    })
  }
}

async function isForbidden(questions: Questions): Promise<boolean> {
  const found = await questions.one<{ forbidden: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname = 'eosflow' AND NOT has_schema_privilege(n.oid, 'USAGE')) AS forbidden",
  )
  return found?.forbidden === true
}
