/**
 * By how many milliseconds a clock may differ from another before nothing is written by it: 5 minutes, as Kerberos allows
 * (RFC 4120, section 8.2, "Acceptable clock skew").
 */
export const MOST_SKEW = 300_000

export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Randomness as a port, so that a seed makes a whole execution repeatable. */
export interface Random {
  /** `count` random bytes as lower-case hex. */
  hex(count: number): string
  fraction(): number
}
