import type { ListenTopic, Workers } from '../../../change/record/store/workers.ts'
import type { Clock } from '../../../model/clock.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'

// How often a store that says by itself when somebody has written is asked all the same, in milliseconds.
const BACKSTOP = 5_000
// At most so often is it asked because of what was heard, in milliseconds.
const GAP = 100

export interface Wakes {
  /** Waits so many milliseconds, or until somebody has written. Gives whether it is time to look at the store: always where it does not say when somebody writes, else after a word and every five seconds. */
  pause(milliseconds: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

export interface WakeTerms {
  readonly of: ListenTopic
  /** What is written about this one alone; absent: about all, and what is about none. */
  readonly execution?: string
}

export function wakesOf(
  { shared, clock }: { readonly shared?: { readonly workers: Pick<Workers, 'listen'> }; readonly clock: Clock },
  { of, execution }: WakeTerms,
): Wakes {
  if (shared === undefined)
    return { pause: (milliseconds, signal) => slept(clock, milliseconds, signal), close: () => undefined }
  let isHeard = false
  // What was heard of may not be in a tail yet: somebody else is still writing before it.
  let again = false
  let wake = (): void => undefined
  let looked = clock.monotonic()
  const unlisten = shared.workers.listen(of, (heard) => {
    if (execution !== undefined && heard !== undefined && heard !== execution) return
    isHeard = true
    wake()
  })
  return {
    pause: async (milliseconds, signal) => {
      const waking = linkedAbort(signal)
      wake = () => waking.abort()
      if (!isHeard) await clock.sleep(milliseconds, waking.signal).catch(() => undefined)
      waking.unlink()
      const early = looked + GAP - clock.monotonic()
      if (isHeard && early > 0) await clock.sleep(early, signal).catch(() => undefined)
      const now = clock.monotonic()
      const isDue = isHeard || again || now - looked >= BACKSTOP
      if (isDue) {
        again = isHeard
        isHeard = false
        looked = now
      }
      return isDue
    },
    close: unlisten,
  }
}

async function slept(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<true> {
  await clock.sleep(milliseconds, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  return true
}
