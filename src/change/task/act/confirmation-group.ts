export interface ConfirmationGroup {
  /** All of them, those that were put back too: of one plan always the same list, unless it is one switch. */
  readonly planned: readonly string[]
  readonly switches: readonly string[]
  readonly open: readonly string[]
  readonly concurrency: number
  readonly roundTrip: number
}
