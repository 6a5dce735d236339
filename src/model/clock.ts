export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
