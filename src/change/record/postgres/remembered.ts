export interface RememberedHead {
  readonly chain: string
  readonly n: number
  readonly hash: string
  readonly pos: number
  /** The hash of the newest restoration on record when it was written, hexadecimal; empty where there was none. */
  readonly restored: string
  /** Where that is not known: when it was written, ISO 8601 in UTC. */
  readonly at?: string
}

export interface Memory {
  /** Throws `store` where another version has written it. */
  read(): readonly RememberedHead[]
  /** `over`: chains that have ended, which the register vouches for. */
  remember(heads: readonly RememberedHead[], over: readonly string[]): void
  settle(heads: readonly RememberedHead[]): void
  close(): void
}

export const noMemory: Memory = {
  read: () => [],
  remember: () => undefined,
  settle: () => undefined,
  close: () => undefined,
}
