import type { ProbeReading, SeenStandings } from '../../model/probe.ts'

/** What is on record of one pair, since when (milliseconds since the epoch), and whether whoever wrote it came to rest then. */
export interface KeptReading {
  readonly reading: ProbeReading
  readonly at: number
  readonly hasRested: boolean
}

/** What is on record of the pairs that are probed. */
export interface ProbesState {
  /** Whether whoever goes on with the execution measures on. */
  readonly isMeasuring: boolean
  /** When the first timed commit followed, milliseconds since the epoch. */
  readonly since: number
  /** When it ended; absent while it is measured. */
  readonly until?: number
  readonly readings: readonly KeptReading[]
  /** What rounds have seen of sessions and ports; absent where they have read of none. */
  readonly seen?: SeenStandings
}
