/**
 * What is known of a switch after a round of its verification. It is sent while nothing is put on record, and is no record itself:
 * nothing that eosflow does depends on whether anybody hears it. Times are milliseconds since the epoch.
 */
export interface Pulse {
  readonly device: string
  /** The round that was judged last, counted from 1. */
  readonly round: number
  /** When that was. */
  readonly at: number
  /** Since when every round has been good; absent where the last one was not. */
  readonly goodSince?: number
  /** When the commit timer runs out, as the switch itself has said; absent before it has said so. */
  readonly timerEnds?: number
}

/** The number of switches of a step that have answered so far. It is no record either. */
export interface AnsweredCount {
  readonly done: number
  readonly of: number
}
