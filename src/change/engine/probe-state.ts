import type { ProbeReading, SeenStandings } from '../../model/probe.ts'

/** What is on record of one pair, since when (milliseconds since the epoch), and whether whoever wrote it came to rest then. */
export interface KeptReading {
  readonly reading: ProbeReading
  readonly at: number
  readonly hasRested: boolean
}

export interface ProbesState {
  readonly isMeasuring: boolean
  /** When the first timed commit followed, milliseconds since the epoch. */
  readonly since: number
  readonly until?: number
  readonly readings: readonly KeptReading[]
  /** What rounds have seen of sessions and ports; absent where they have read of none. */
  readonly seen?: SeenStandings
}
