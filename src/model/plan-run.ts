/** An execution that was begun to send a plan: where on record it began, and where and how it ended last. Each by its number on record. */
export interface PlanRun {
  readonly execution: string
  readonly began: number
  /** Absent while it is open. `at`: ISO 8601 in UTC. `isRefused`: it has changed nothing, and nobody has stopped it. */
  readonly ended?: { readonly record: number; readonly at: string; readonly isRefused: boolean }
}
