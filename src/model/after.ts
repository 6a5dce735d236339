/** For how long the checks of a change are judged on after its confirm, and the time from one look to the next, in seconds. */
export interface AfterTerms {
  readonly checks: number
  readonly every: number
}

/** Whose checks an after-watch judges. Plain data of a record. */
export interface AfterSubject {
  readonly execution: string
  /** The switches that were confirmed. */
  readonly devices: readonly string[]
  /** The last instant, ISO 8601 in UTC. */
  readonly until: string
}

/** What a look at one switch has found against it, or why it could not be judged. */
export interface AfterFinding {
  readonly device: string
  /** Absent where the switch itself could not be asked. */
  readonly check?: string
  /** What was expected and what was seen, or why nobody can say. */
  readonly says: string
}

/** A switch that has left an after-watch, and why. */
export interface GoneSwitch {
  readonly device: string
  readonly because: string
}

/** What one look of an after-watch came to, with what is known of the looks before it. Plain data of a record. */
export interface AfterLook {
  /** `unjudged`: nobody can say, which is never good. */
  readonly result: 'good' | 'failed' | 'unjudged'
  /** The first instant at which a check failed and since which none of the looks was good; absent where the last that could be judged was good. */
  readonly failedSince?: string
  /** How many looks in a row could not be judged, this one among them. */
  readonly unjudgedInARow: number
  /** How many looks there were of each kind. */
  readonly good: number
  readonly failed: number
  readonly unjudged: number
  /** The first of what was found, where the look was not good. */
  readonly found: readonly AfterFinding[]
  readonly left: readonly GoneSwitch[]
  /** The switches that are still watched. Empty: the watch is over. */
  readonly devices: readonly string[]
}

/** After so many looks in a row that could not be judged somebody hears of it. */
export const UNJUDGED_IN_A_ROW = 3
