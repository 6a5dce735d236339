/** A process that has opened a store for writing, as the store knows it. */
export interface WorkerRecord {
  readonly id: string
  /** With which it is on record, `worker:NAME`; of a process that is no worker that of its machine. Absent where it was opened without one. */
  readonly name?: string
  /** `worker`, `server` or `client`. */
  readonly kind: string
  /** The sites that it drives executions for. */
  readonly sites: readonly string[]
  /** The version of eosflow that it is. */
  readonly version: string
  /** When it began, ISO 8601 in UTC, by the store's clock. */
  readonly since: string
  /** A text that is another one with each sign of life. */
  readonly beat: string
  /** After which silence it is dead, as it has said itself, in milliseconds. */
  readonly ttl: number
  /** How long ago the last sign of life was, in milliseconds, by the store's clock. */
  readonly age: number
  /** When the last sign of life was, ISO 8601 in UTC, by the store's clock. */
  readonly lastSign: string
  /** When it was declared dead. */
  readonly dead?: string
  /** Who has declared it dead; absent while nobody has. */
  readonly reaper?: { readonly worker: string; readonly name?: string }
  /** Whether its death is on record; absent while it is not dead. */
  readonly isOnRecord?: boolean
  /** When somebody has asked it to drain. */
  readonly drain?: string
  /** The open executions that are its own. */
  readonly driven: readonly OwnedExecution[]
}

/** An open execution, and the token under which a process writes it. */
export interface OwnedExecution {
  readonly execution: string
  readonly token: number
}

/** What is listened for: words to executions, their first and last records, and what is of no execution; every record beside; or what waits for workers. */
export type ListenTopic = 'words' | 'records' | 'posts'

/** The processes of a store that several machines write to. A store of one machine has none. */
export interface Workers {
  /** The id of this process. */
  readonly own: string
  /** Aborted when this process was declared dead: it must end at once, and nothing that it writes is taken any more. */
  readonly lost: AbortSignal
  /** Aborted when somebody has asked this process to drain. */
  readonly draining: AbortSignal
  /** All processes that the store remembers, oldest first. */
  list(): Promise<readonly WorkerRecord[]>
  /** Declares one dead that has given no sign of life since `beat`; false where it has, or where another process was first. */
  reap(id: string, beat: string): Promise<boolean>
  /** Asks one to drain; false where no such process lives. */
  askToDrain(id: string): Promise<boolean>
  /** Whether the owner of an execution is dead. False also where nobody owns it. */
  hasDied(execution: string): Promise<boolean>
  /** Gives an execution up that is this process' own, and the claim of it, so that any other may take it. */
  leave(execution: string): Promise<void>
  /** Says for which sites this process drives from here on; all others see it in its record. */
  serve(sites: readonly string[]): Promise<void>
  /** Nobody waits for a sign of life of this process any more, until it writes again: a command that owns nothing, and watches. */
  onlyWatch(): Promise<void>
  /** How far the store's clock is ahead of that of this machine, in milliseconds. */
  offset(): Promise<number>
  /**
   * Calls `hear` with the execution that somebody has written to, with an empty text for a record of no execution, and with nothing where anything may
   * have been written; of posts with the site that something was posted for. Not everything is heard: whoever waits for something asks for it, too, though rarely. Returns how to listen no more.
   */
  listen(of: ListenTopic, hear: (what: string | undefined) => void): () => void
}
