/** What of the network of a switch is not as it was before a change that was put back. */
export interface LastingChanges {
  /** A line for each thing that is another now. */
  readonly differences: readonly string[]
  /** What does not come back by itself, each with the command that a person types. */
  readonly latched: readonly string[]
  /** A line for each area that cannot be compared. */
  readonly unread: readonly string[]
}

/** What the network of a switch that was put back is, against what it was before the change. */
export interface NetworkReading {
  readonly network: 'same' | 'differs' | 'unknown'
  /** The state areas that were compared. */
  readonly areas: readonly string[]
  readonly differences: readonly string[]
  /** How many more differences there are than are listed. Absent: none. */
  readonly more?: number
  readonly latched: readonly string[]
  /** Why it is unknown. */
  readonly because?: string
  /** Seconds since it was first looked at. */
  readonly after: number
}
