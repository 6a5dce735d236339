export interface CheckpointRecord {
  spent(device: string, listed: readonly string[]): Promise<readonly string[]>
  isReplayed(device: string, listed: readonly string[], base: string): Promise<boolean>
  committed(device: string, listed: readonly string[]): Promise<readonly PastCommit[]>
}

export interface PastCommit {
  readonly execution: string
  readonly target: string
}
