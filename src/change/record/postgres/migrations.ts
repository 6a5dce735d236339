import { APPEND } from './sql/append.ts'
import { APPEND_GROUP } from './sql/append-group.ts'
import { COPIED } from './sql/copied.ts'
import { FOLLOWING } from './sql/following.ts'
import { NOTES } from './sql/note.ts'
import { PUT } from './sql/put.ts'
import { RETIRE } from './sql/retire.ts'
import { TABLES } from './sql/tables.ts'
import { WORKERS } from './sql/worker.ts'

const GRANTS = `
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA eosflow FROM PUBLIC;
GRANT USAGE ON SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA eosflow TO eos_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA eosflow TO eos_worker;
`

export interface Migration {
  readonly number: number
  readonly name: string
  /** Run as the owner of the schema, in one transaction with the note that it was run, with \`eosflow\` as its search path. */
  readonly sql: string
}

const STORE = [TABLES, WORKERS, FOLLOWING, APPEND, APPEND_GROUP, PUT, RETIRE, NOTES, COPIED, GRANTS].join('\n')

/** A step that was given out is never altered: what comes later is a step of its own. Layouts 1 to 14 were never released, and are not read (docs/adr/0095). */
export const MIGRATIONS: readonly Migration[] = [{ number: 15, name: 'the store', sql: STORE }]
