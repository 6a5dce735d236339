/** The newest record of a chain that a process of this machine knows to be durable. */
export interface RememberedHead {
  /** The id of an execution, or `register`. */
  readonly chain: string
  readonly n: number
  /** Hexadecimal. */
  readonly hash: string
  readonly pos: number
  /** The hash of the newest restoration on record when it was written, hexadecimal; empty where there was none. */
  readonly restored: string
  /** Where that is not known: when it was written, ISO 8601 in UTC. It counts where it is newer than the newest restoration. */
  readonly at?: string
}

/**
 * What a machine remembers of a store that is elsewhere: the newest records that were acknowledged to its processes. A database that was
 * put back to an earlier time lacks them.
 */
export interface Memory {
  /** What every process of this machine has left. Throws `store` where another version has written it. */
  read(): readonly RememberedHead[]
  /** Before anybody hears that these were written. `over`: chains that have ended, which the register vouches for. */
  remember(heads: readonly RememberedHead[], over: readonly string[]): void
  /** What was read holds: what others have left is made one with it. */
  settle(heads: readonly RememberedHead[]): void
  close(): void
}

/** Of a process that remembers nothing. */
export const noMemory: Memory = {
  read: () => [],
  remember: () => undefined,
  settle: () => undefined,
  close: () => undefined,
}
