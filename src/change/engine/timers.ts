import type { Clock } from '../../model/clock.ts'
import type { EffectsUnderWay } from './effects-under-way.ts'
import { newTimerQueue } from './timer-queue.ts'

/** The times at which scopes want to be looked at again, and the one pause until the nearest of them. */
export interface Timers {
  set(path: string, until: number | undefined): void
  /** The scopes whose time has come. */
  due(now: number): readonly string[]
  /** Starts the pause until the nearest time, if there is one. */
  launch(): void
  /** Whether no scope but these wants to be looked at. */
  areOnly(these: (path: string) => boolean): boolean
}

/** The timers of one execution, whose pause is a piece of its work. */
export function newTimers(clock: Clock, underWay: EffectsUnderWay): Timers {
  const queue = newTimerQueue()
  let count = 0
  let running: { readonly key: string; readonly until: number } | undefined
  return {
    set: (path, until) => queue.set(path, until),
    due: (now) => queue.due(now),
    launch: () => {
      const until = queue.nearest()
      if (running !== undefined && underWay.has(running.key)) {
        if (running.until === until) return
        underWay.abort(running.key, 'stopped')
      }
      if (until === undefined) {
        running = undefined
        return
      }
      count += 1
      running = { key: `@timer/${count}`, until }
      underWay.launch(running.key, (signal) => pause(clock, until, signal))
    },
    areOnly: (these) => queue.paths().every(these),
  }
}

/** A pause that ends early is no failure: the loop looks again. */
async function pause(clock: Clock, until: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(Math.max(0, until - clock.now()), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
