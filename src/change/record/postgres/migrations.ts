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

/** The one layout that is read: layouts 1 to 14 were never released (docs/adr/0095). Its statements are run as the owner of the schema, in one transaction with the note that they were, with `eosflow` as the search path. */
export const LAYOUT = {
  number: 15,
  name: 'the store',
  sql: [TABLES, WORKERS, FOLLOWING, APPEND, APPEND_GROUP, PUT, RETIRE, NOTES, COPIED, GRANTS].join('\n'),
}
