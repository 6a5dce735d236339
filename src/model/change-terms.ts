/** It is in the plan, so that whoever approves the plan approves it too. */
export interface ChangeTerms {
  readonly file: string
  readonly digest: string
  readonly ticket?: string
  /** The first instant at which a switch may be changed, ISO 8601 in UTC. */
  readonly notBefore?: string
  /** The instant by which the change must be over, ISO 8601 in UTC. */
  readonly notAfter?: string
  /** The changes that must have succeeded before it, each as its file was when the plan was made. */
  readonly after?: readonly EarlierChange[]
}

export interface EarlierChange {
  readonly file: string
  readonly digest: string
}
