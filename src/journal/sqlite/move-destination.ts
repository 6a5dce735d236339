import { EosflowError } from '../../model/error.ts'
import type { RowReader } from './connection.ts'
import { MOVED } from './schema.ts'

/** Where a store was moved to, as its last record says it. */
export interface MoveDestination {
  /** The id of the copy that is the store. */
  readonly copy: string
  /** The address, without a password. */
  readonly to: string
}

/** Where a store was moved to; undefined for one that was not. */
export function movedAwayIn(asked: RowReader): MoveDestination | undefined {
  if (asked.one<{ user_version: number }>('PRAGMA user_version')?.user_version !== MOVED) return undefined
  const last = `SELECT body ->> '$.copy' AS copy, body ->> '$.to' AS "to" FROM register WHERE type = 'StoreMovedTo' ORDER BY n DESC LIMIT 1`
  return asked.one<MoveDestination>(last) ?? { copy: '', to: 'a place that its last record does not say' }
}

/** What every command is refused with that opens a store which was moved. */
export function movedAwayError(path: string, { to }: Pick<MoveDestination, 'to'>): EosflowError {
  return new EosflowError('store', `the store ${path} was moved to ${to}: nothing is written to it any more`, {
    hint: `Write \`store: ${to}\` into eosflow.yaml, with the settings of its connection. eosflow audit verify --store ${path} verifies what is here.`,
  })
}
