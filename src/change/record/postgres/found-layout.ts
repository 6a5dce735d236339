import { EosflowError } from '../../../model/error.ts'
import { OutageError } from '../store/outage.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'

/** Throws `store`: there is none, or this user may not use it. PostgreSQL says of the tables of a schema that somebody may not use that they do not exist (PostgreSQL 15, section 5.9.4). */
export async function foundLayout(questions: Questions, address: PostgresAddress): Promise<number> {
  try {
    const found = await questions.one<{ layout: number | null }>('SELECT max(number) AS layout FROM migration')
    return found?.layout ?? 0
  } catch (cause) {
    if (cause instanceof OutageError) throw cause
    const user = await forbidden(questions)
    if (user === undefined) throw cause
    const { name, administers } = user
    throw new EosflowError('store', `the store ${addressWords(address)} cannot be used: this user may not use it`, {
      hint: administers
        ? `${name} may make roles: it is an administrator. In eosflow.yaml name the login of workers, a member of eos_worker alone (docs/store-on-postgresql.md). For store init, migrate, move and seal: GRANT eos_owner TO ${name}.`
        : `Make this login a member of eos_worker, as whoever has made the store: GRANT eos_worker TO ${name}.`,
      cause,
    })
  }
}

function forbidden(
  questions: Questions,
): Promise<{ readonly name: string; readonly administers: boolean } | undefined> {
  return questions.one(
    `SELECT quote_ident(r.rolname) AS name, r.rolcreaterole AS administers FROM pg_namespace n, pg_roles r
      WHERE n.nspname = 'eosflow' AND NOT has_schema_privilege(n.oid, 'USAGE') AND r.rolname = current_user`,
  )
}
