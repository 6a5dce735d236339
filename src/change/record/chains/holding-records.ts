import { EosflowError } from '../../../model/error.ts'
import type { JournalEvent } from '../event/event.ts'
import { hexOf } from '../seal/chain.ts'
import { isHashed, type LinkPoint, type LinkRow } from '../seal/link.ts'
import { objectIn, rowFault } from './derived-rows.ts'
import type { RecordRows } from './record-rows.ts'

/** A record by its row in the register: its number there, its position in the store, and its hash in hexadecimal. */
export type FoundRow = readonly [n: number, pos: number, hash: string]

/** The records of the register that keep a change from being sent, or say that one of these no longer does. None of them speaks of an approval. */
export const HOLDING = [
  'FreezeSet',
  'FreezeEnded',
  'StopRequested',
  'SuspendRequested',
  'DeviceReleased',
  'ScheduleChanged',
  'PolicyLoaded',
  'PolicyRetired',
  'BundlePublished',
  'RecordsMissed',
  'StoreRestored',
] as const satisfies readonly JournalEvent['type'][]

/** Whether a record of this type holds changes back, or no longer does. */
export function isHolding(type: string): boolean {
  return HOLDING.some((one) => one === type)
}

/** Whether rows are those that were found, in their order and at their places, and what their hashes say. */
export function areThose(rows: readonly LinkRow[], found: readonly FoundRow[]): boolean {
  const areFound = found.every(([n, pos, hash], index) => {
    const row = rows[index]
    return row?.n === n && row.pos === pos && hexOf(row.hash) === hash && isHashed(row)
  })
  return areFound && rows.length === found.length
}

/**
 * Requires that whoever looks for what holds a change back, by any column, finds what a walk has found up to its end, and nothing else: these columns are
 * under no hash. Throws `store`.
 */
export async function requireFindable(
  { withColumns }: Pick<RecordRows, 'withColumns'>,
  walked: readonly FoundRow[],
  { n }: LinkPoint,
): Promise<void> {
  const found = (await withColumns?.(HOLDING, n)) ?? []
  const rows = found.map(({ row }) => row)
  if (areThose(rows, walked) && found.every((one) => rowFault(one, objectIn(one.row.body) ?? {}) === undefined)) return
  throw new EosflowError(
    'store',
    'a freeze, a word to stop or another record that holds changes back was altered or hidden',
    {
      hint: 'Nothing is sent by this store. `eosflow audit verify` names the record. Keep the store as evidence, and go on with a copy from before.',
    },
  )
}
