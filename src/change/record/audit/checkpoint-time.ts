export interface NewestCheckpoint {
  readonly seq: number
  /** ISO 8601 in UTC. */
  readonly at: string
}

/** How far the newest checkpoint is left behind while records are written: at most so many records, and so long. */
export interface Pace {
  readonly records: number
  readonly milliseconds: number
}

/** The most records behind the newest checkpoint while records are written. */
export const MOST_RECORDS = 256

const ONE_CHAIN: Pace = { records: MOST_RECORDS, milliseconds: 10 * 60_000 }
const DAY = 24 * 60 * 60_000

/** Whether a checkpoint is due once the record has grown to `seq`: an execution has ended, or the newest is as far behind as the pace lets it be. */
export function isDueAfterAppend(
  newest: NewestCheckpoint | undefined,
  seq: number,
  at: string,
  ended: boolean,
  { records, milliseconds }: Pace = ONE_CHAIN,
): boolean {
  if (newest === undefined) return true
  if (seq <= newest.seq) return false
  return ended || seq - newest.seq >= records || Date.parse(at) - Date.parse(newest.at) >= milliseconds
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
