import type { StoredCheckpoint } from './audit-trail.ts'

type NewestCheckpoint = Pick<StoredCheckpoint, 'seq' | 'at'>

/** The most records behind the newest checkpoint while records are written, of many processes too: each of them may hold records of all (docs/adr/0076). */
export const MOST_RECORDS = 256
// And the most milliseconds.
const LATEST = 10_000
const DAY = 24 * 60 * 60_000

/** Whether a checkpoint is due once the record has grown to `seq`: the newest is as far behind as it may be. */
export function isDueAfterAppend(newest: NewestCheckpoint | undefined, seq: number, at: string): boolean {
  if (newest === undefined) return true
  if (seq <= newest.seq) return false
  return seq - newest.seq >= MOST_RECORDS || Date.parse(at) - Date.parse(newest.at) >= LATEST
}

/**
 * Whether a checkpoint is due though nothing was appended: the newest is a day old, so that silence can be distinguished from a gap. One that
 * is more than a day ahead was signed while the clock was wrong, and says nothing of today.
 */
export function isDueByDay(newest: NewestCheckpoint | undefined, at: string): boolean {
  if (newest === undefined) return true
  const age = Date.parse(at) - Date.parse(newest.at)
  return age >= DAY || age < -DAY
}
