/** What somebody wants to end, or to rest, and why. */
export interface EndRequest {
  /** Names the execution. */
  readonly execution: string
  readonly reason: string
  /** The newest record that whoever asks has seen of it: where there is a newer one, nothing is asked for. Absent: that is all the same. */
  readonly newest?: number | undefined
}
