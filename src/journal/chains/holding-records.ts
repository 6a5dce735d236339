import { BrokenChainError, hexOf } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import type { RecordRows } from './record-rows.ts'
import { requireUnaltered, type StoredRow } from './rows.ts'

/** A record by its row in the register: its number, and its hash in hexadecimal. */
export type FoundRow = readonly [n: number, hash: string]

/** The records of the register that keep a change from being sent, or say that one of these no longer does. None of them speaks of an approval. */
export const HOLDING = [
  'FreezeSet',
  'FreezeEnded',
  'StopRequested',
  'SuspendRequested',
  'DeviceReleased',
  'ScheduleChanged',
  'PolicyRetired',
  'BundlePublished',
  'RecordsMissed',
  'StoreRestored',
] as const satisfies readonly JournalEvent['type'][]

/** Whether a record of this type holds changes back, or no longer does. */
export function isHolding(type: string): boolean {
  return HOLDING.some((one) => one === type)
}

/** Whether rows are those that were found, in their order, and what their hashes say. */
export function areThose(rows: readonly StoredRow[], found: readonly FoundRow[]): boolean {
  if (rows.length !== found.length) return false
  if (!found.every(([n, hash], index) => rows[index]?.n === n && hexOf(rows[index].hash) === hash)) return false
  try {
    for (const row of rows) requireUnaltered(row)
    return true
  } catch {
    return false
  }
}

/**
 * Requires that whoever looks for what holds a change back, by its type or by whom it is for, finds what a walk has found: the columns that rows are found
 * by are under no hash. Throws BrokenChainError.
 */
export async function requireFindable(
  rows: Pick<RecordRows, 'registered' | 'newestWord'>,
  walked: readonly FoundRow[],
): Promise<void> {
  const found = (await rows.registered({ types: HOLDING })).toSorted((one, other) => one.n - other.n)
  const words = areThose(found, walked) ? newestWords(found) : undefined
  const heard = await Promise.all(
    (words ?? []).map(({ type, receiver }) => rows.newestWord({ type, receiver, after: 0 })),
  )
  if (words?.every(({ n }, index) => heard[index]?.n === n) === true) return
  const reason = 'a record of it that holds changes back is gone, or is not found by what its content says'
  throw new BrokenChainError({ seq: found.at(-1)?.pos ?? 0, reason })
}

interface Word {
  readonly type: 'StopRequested' | 'SuspendRequested'
  readonly receiver: string
  readonly n: number
}

/** Of each execution the newest word to stop, and to rest, that some rows say, by their content. */
function newestWords(rows: readonly StoredRow[]): readonly Word[] {
  const words = new Map<string, Word>()
  for (const { n, body } of rows) {
    const { type, stopped, suspended } = JSON.parse(body) as Readonly<Record<string, string>>
    if (type === 'StopRequested') words.set(`stop ${stopped}`, { type, receiver: stopped ?? '', n })
    else if (type === 'SuspendRequested') words.set(`rest ${suspended}`, { type, receiver: suspended ?? '', n })
  }
  return [...words.values()]
}
