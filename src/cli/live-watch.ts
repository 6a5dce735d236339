import { fold } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Clock } from '../model/clock.ts'
import { judgedSoFar, liveLine, NOTHING_JUDGED, type VerifyTerms } from '../report/live-line.ts'
import type { Invocation } from './io.ts'

/** How often the live line is drawn, in milliseconds: each second of a timer is seen. */
const DRAW = 500

/** The live line of one execution, from what is on record and the time. */
export interface LiveWatch {
  tell(event: JournalEvent): void
  close(): void
}

/** Draws what an execution does or waits for until it is closed; undefined where nobody watches, or a program reads. */
export function liveWatch(
  { io: { live }, global }: Invocation,
  clock: Clock,
  start: ExecutionState,
  terms: VerifyTerms | undefined,
): LiveWatch | undefined {
  if (live === undefined || global.json) return undefined
  let [state, judged] = [start, NOTHING_JUDGED]
  const closing = new AbortController()
  const draw = (): void => live(liveLine(state, judged, terms, clock.now()))
  const drawing = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      draw()
      await clock.sleep(DRAW, closing.signal).catch(() => undefined)
    }
  }
  void drawing()
  return {
    tell: (event) => {
      if (event.execution === state.id) state = fold(state, event)
      judged = judgedSoFar(judged, event)
    },
    close: () => {
      closing.abort()
      live(undefined)
    },
  }
}
