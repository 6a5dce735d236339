import { randomBytes } from 'node:crypto'
import type { Clock, Random } from '../../../model/clock.ts'

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  // Node loads all of its `perf_hooks` for `performance`, 5 ms at the start of each command.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  // That of `node:timers/promises` makes an error with its stack of each abort, of which a dialogue has hundreds.
  sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', stop, { once: true })
    }),
})

export const systemRandom: Random = {
  hex: (count) => randomBytes(count).toString('hex'),
  fraction: () => randomBytes(4).readUInt32BE() / 0x1_0000_0000,
}
