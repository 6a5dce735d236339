/** What a change file says of its change beside the workflow, the parameters and the switches. It is in the plan, so that whoever approves the plan approves it too. */
export interface ChangeTerms {
  /** The change file, by its path from the project's root. */
  readonly file: string
  /** `sha256:` of its text. */
  readonly digest: string
  readonly ticket?: string
  /** The first instant at which a switch may be changed, ISO 8601 in UTC. */
  readonly notBefore?: string
  /** The instant by which the change must be over, ISO 8601 in UTC. */
  readonly notAfter?: string
  /** The changes that must have succeeded before it, each as its file was when the plan was made. Absent: none. */
  readonly after?: readonly EarlierChange[]
}

/** A change file that is named by another one. */
export interface EarlierChange {
  readonly file: string
  readonly digest: string
}
