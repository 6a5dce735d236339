/** An invariant of docs/simulation.md#what-is-checked that a history has broken. */
export class Violation extends Error {
  /** The number of the invariant: `I8`. */
  readonly invariant: string

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`)
    this.name = 'Violation'
    this.invariant = invariant
  }
}
