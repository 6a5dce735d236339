export interface WorkerRecord {
  readonly id: string
  /** With which it is on record, `worker:NAME`; of a process that is no worker that of its machine. */
  readonly name?: string
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** When it began, ISO 8601 in UTC, by the store's clock. */
  readonly since: string
  readonly beat: string
  /** After which silence it is dead, as it has said itself, in milliseconds. */
  readonly ttl: number
  /** How long ago the last sign of life was, in milliseconds, by the store's clock. */
  readonly age: number
  /** When the last sign of life was, ISO 8601 in UTC, by the store's clock. */
  readonly lastSign: string
  readonly dead?: string
  readonly reaper?: { readonly worker: string; readonly name?: string }
  /** Whether its death is on record; absent while it is not dead. */
  readonly isOnRecord?: boolean
  readonly drain?: string
  readonly driven: readonly OwnedExecution[]
}

export interface OwnedExecution {
  readonly execution: string
  readonly token: number
}

export type ListenTopic = 'words' | 'records' | 'posts'

export interface Workers {
  readonly own: string
  /** Aborted when this process was declared dead: it must end at once, and nothing that it writes is taken any more. */
  readonly lost: AbortSignal
  readonly draining: AbortSignal
  /** All processes that the store remembers, oldest first. */
  list(): Promise<readonly WorkerRecord[]>
  /** Declares one dead that has given no sign of life since `beat`; false where it has, or where another process was first. */
  reap(id: string, beat: string): Promise<boolean>
  askToDrain(id: string): Promise<boolean>
  hasDied(execution: string): Promise<boolean>
  /** Gives an execution up that is this process' own, and the claim of it, so that any other may take it. */
  leave(execution: string): Promise<void>
  serve(sites: readonly string[]): Promise<void>
  onlyWatch(): Promise<void>
  /** How far the store's clock is ahead of that of this machine, in milliseconds. */
  offset(): Promise<number>
  /** Calls `hear` with the execution that somebody has written to, with an empty text for a record of no execution, and with nothing where anything may have been written; of posts with the site that something was posted for. */
  listen(of: ListenTopic, hear: (what: string | undefined) => void): () => void
}
