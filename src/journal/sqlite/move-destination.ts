import type { Database } from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'

/**
 * The version of a store that was moved into another one. No eosflow opens it for writing: an older one refuses the version by name,
 * this one says where the store is.
 */
export const MOVED_VERSION = 1_000_000

/** Where a store was moved to, as its last record says it. */
export interface MoveDestination {
  /** The id of the chains there. */
  readonly origin: string
  /** The address, without a password. */
  readonly to: string
}

/** Where a store was moved to; undefined for one that was not. */
export function movedAwayIn(database: Database): MoveDestination | undefined {
  if (Number(database.pragma('user_version', { simple: true })) !== MOVED_VERSION) return undefined
  const last =
    "SELECT body ->> '$.origin' AS origin, body ->> '$.to' AS \"to\" FROM journal WHERE body ->> '$.type' = 'StoreMovedTo' ORDER BY seq DESC LIMIT 1"
  return (
    database.prepare<[], MoveDestination>(last).get() ?? { origin: '', to: 'a place that its last record does not say' }
  )
}

/** What every command is refused with that opens a store which was moved. */
export function movedAwayError(path: string, { to }: MoveDestination): EosflowError {
  return new EosflowError('store', `the store ${path} was moved to ${to}: nothing is written to it any more`, {
    hint: `Write \`store: ${to}\` into eosflow.yaml, with the settings of its connection. eosflow audit verify --store ${path} verifies what is here.`,
  })
}
