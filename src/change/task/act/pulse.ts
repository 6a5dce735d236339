/** Times are milliseconds since the epoch. */
export interface Pulse {
  readonly device: string
  readonly round: number
  readonly at: number
  /** Since when every round has been good; absent where the last one was not. */
  readonly goodSince?: number
  /** When the commit timer runs out, as the switch itself has said; absent before it has said so. */
  readonly timerEnds?: number
}

export interface AnsweredCount {
  readonly done: number
  readonly of: number
}
