/** For how long the checks of a change are judged on after its confirm, and the time from one look to the next, in seconds. */
export interface AfterTerms {
  readonly checks: number
  readonly every: number
}

export interface AfterSubject {
  readonly execution: string
  readonly devices: readonly string[]
  /** The last instant, ISO 8601 in UTC. */
  readonly until: string
}

export interface AfterFinding {
  readonly device: string
  readonly check?: string
  readonly says: string
}

export interface GoneSwitch {
  readonly device: string
  readonly because: string
}

export interface AfterLook {
  /** `unjudged`: nobody can say, which is never good. */
  readonly result: 'good' | 'failed' | 'unjudged'
  /** The first instant at which a check failed and since which none of the looks was good; absent where the last that could be judged was good. */
  readonly failedSince?: string
  readonly unjudgedInARow: number
  readonly good: number
  readonly failed: number
  readonly unjudged: number
  readonly found: readonly AfterFinding[]
  readonly left: readonly GoneSwitch[]
  readonly devices: readonly string[]
}

export const UNJUDGED_IN_A_ROW = 3
