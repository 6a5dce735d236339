import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../model/clock.ts'

/** The clock of the machine. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  // Node loads all of its `perf_hooks` for `performance`, 5 ms at the start of each command.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    try {
      await pause(milliseconds, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
})
