/** What the record of the store knows of the checkpoints on switches. */
export interface CheckpointRecord {
  /**
   * Those of the listed checkpoints of a switch that nobody needs any more: each was saved by an execution of this store that has
   * ended, confirmed or put back, on that switch. The newest of them is left out, and so is whatever ended unknown.
   */
  spent(device: string, listed: readonly string[]): Promise<readonly string[]>
  /** Whether one of those executions has proven that the switch can replay this running-config, an artefact. */
  isReplayed(device: string, listed: readonly string[], base: string): Promise<boolean>
  /**
   * The other executions of this store that have saved one of the listed checkpoints on a switch and announced a commit there, with the
   * artefact of what each committed. One that still goes on is among them.
   */
  committed(device: string, listed: readonly string[]): Promise<readonly PastCommit[]>
}

/** What an earlier execution committed, or may have committed, on a switch. */
export interface PastCommit {
  readonly execution: string
  /** The staged candidate, as an artefact. */
  readonly target: string
}
