import { APPEND } from './append-function.ts'
import { APPEND_PLAIN } from './append-plain.ts'
import { CHECKPOINTS } from './checkpoint-tables.ts'
import { DEATHS } from './death-functions.ts'
import { KEYS } from './key-functions.ts'
import { MISSED } from './missed-functions.ts'
import { MOVED } from './moved-tables.ts'
import { NOTES } from './note-table.ts'
import { RETIRE } from './retire-functions.ts'
import { TABLES } from './tables.ts'
import { TERMS } from './term-functions.ts'
import { TIMELINE } from './timeline.ts'
import { WORKERS } from './worker-functions.ts'

/** Everybody who works with the store may read its tables and call its functions, and nothing else. */
const GRANTS = `
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA eosflow FROM PUBLIC;
GRANT USAGE ON SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA eosflow TO eos_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA eosflow TO eos_worker;
`

/** One step of the layout. */
export interface Migration {
  readonly number: number
  readonly name: string
  /** Run as the owner of the schema, in one transaction with the note that it was run, with \`eosflow\` as its search path. */
  readonly sql: string
}

/**
 * What makes the layout of a store, in order. A step that was given out is never altered: what comes later is a step of its own. The layout
 * of a store is the number of its newest step.
 */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'the journal', sql: `${TABLES}\n${APPEND}\n${WORKERS}\n${GRANTS}` },
  { number: 2, name: 'checkpoints over many chains', sql: `${CHECKPOINTS}\n${GRANTS}` },
  { number: 3, name: 'stores that were moved', sql: `${MOVED}\n${GRANTS}` },
  { number: 4, name: 'many executions written at once', sql: `${APPEND_PLAIN}\n${GRANTS}` },
  { number: 5, name: 'notes beside the record', sql: `${NOTES}\n${GRANTS}` },
  { number: 6, name: 'records that are missing', sql: `${MISSED}\n${GRANTS}` },
  { number: 7, name: 'a fresh term behind a promotion', sql: `${TIMELINE}\n${GRANTS}` },
  { number: 8, name: 'the end of a term in one place', sql: `${TERMS}\n${GRANTS}` },
  { number: 9, name: 'records that leave the store', sql: `${RETIRE}\n${GRANTS}` },
  { number: 10, name: 'an install key that is replaced', sql: `${KEYS}\n${GRANTS}` },
  { number: 11, name: 'deaths of processes on record', sql: `${DEATHS}\n${GRANTS}` },
]
