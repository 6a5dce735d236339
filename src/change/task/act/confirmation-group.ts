/** The switches that are confirmed together. What is of this moment is looked for when it is asked for. */
export interface ConfirmationGroup {
  /** All of them, those that were put back too: of one plan always the same list, unless it is one switch. */
  readonly planned: readonly string[]
  /** Those that were not put back. */
  readonly switches: readonly string[]
  /** Those of them that run the change under their timers now. */
  readonly open: readonly string[]
  /** How many of them at a time. */
  readonly concurrency: number
  /** Milliseconds of a round trip to count with. */
  readonly roundTrip: number
}
