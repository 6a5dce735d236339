const HOUR = 3_600_000
/** A checkpoint a day, and an hour for it to arrive. */
const LONGEST_SILENCE = 25 * HOUR

/** How far a record goes, and when its parts were written. */
export interface RecordTimes {
  /** The newest record. */
  readonly end: number
  /** ISO 8601 in UTC. */
  timeOf(seq: number): string | undefined
}

/** A checkpoint from outside: up to which record it speaks, and when it was signed. */
export interface OutsideCheckpoint {
  readonly seq: number
  readonly at: string | undefined
}

/** Why nothing outside of the store vouches for its newest records; undefined where something does. Without `now` for an export. */
export function staleness(
  { end, timeOf }: RecordTimes,
  anchors: readonly OutsideCheckpoint[],
  now: number | undefined,
): string | undefined {
  const newest = anchors.toSorted((one, other) => one.seq - other.seq).at(-1)
  const mend = 'somebody who can write to the store and has its key could have removed or rewritten newer records'
  if (newest === undefined) return `no checkpoint from outside vouches for it: ${mend}`
  const since = timeOf(newest.seq + 1)
  const latest = now ?? Date.parse(timeOf(end) ?? '')
  if (newest.seq < end && since !== undefined && latest - Date.parse(since) > HOUR)
    return `the records from ${newest.seq + 1} on are in no checkpoint from outside, since ${since}: ${mend}`
  if (now === undefined) return undefined
  // One from the time to come was signed while a clock was wrong: it would be fresh until then.
  const ages = anchors.map(({ at }) => now - Date.parse(at ?? ''))
  if (ages.some((age) => age >= -HOUR && age <= LONGEST_SILENCE)) return undefined
  return `the newest checkpoint from outside is more than a day old: ${mend}`
}
