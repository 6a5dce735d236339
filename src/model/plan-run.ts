/** A record at which an execution ended: its number, and its time, ISO 8601 in UTC. */
export interface RunEnd {
  readonly record: number
  readonly at: string
}

export interface PlanRun {
  readonly execution: string
  readonly began: number
  /** `isRefused`: it has changed nothing, and nobody has stopped it. */
  readonly ended?: RunEnd & { readonly isRefused: boolean }
  /** The newest end at which somebody had stopped it, whatever has come of it since. */
  readonly stopped?: RunEnd
}
