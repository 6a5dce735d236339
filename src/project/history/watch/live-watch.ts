import type { ExecutionState } from '../../../change/engine/state.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { AnsweredCount } from '../../../change/task/act/pulse.ts'
import { liveLine, type TermsOf } from '../../../report/phrases/live-line.ts'
import { foldView, newView } from '../../../report/view/view-state.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

// How often the live line is drawn, in milliseconds: each second of a timer is seen.
const DRAW = 500

export interface LiveWatch {
  tell(event: JournalEvent): void
  answered(count: AnsweredCount): void
  close(): void
}

/** Draws what an execution does or waits for until it is closed; `draw` takes a line, or undefined to take it away. */
export function liveWatch(
  draw: ((line: string | undefined) => void) | undefined,
  { store, clock }: Pick<ProjectStore, 'store' | 'clock'>,
  start: ExecutionState,
): LiveWatch | undefined {
  if (draw === undefined) return undefined
  let view = { ...newView(start.id), execution: start }
  let count: AnsweredCount | undefined
  let terms: { readonly ref: string; readonly of?: TermsOf } | undefined
  const learn = () => {
    const ref = view.execution.plan?.ref
    if (ref === undefined || terms?.ref === ref) return
    terms = { ref }
    void recordedPlan(store, ref)
      .then(async ({ content }) => {
        const { verifyOf } = await import('../../../change/plan/settled.ts')
        terms = { ref, of: (device) => verifyOf(content, device) }
      })
      // A plan that cannot be read ends the execution with its reason; the line goes without the times.
      .catch(() => undefined)
  }
  const closing = new AbortController()
  const drawing = async () => {
    while (!closing.signal.aborted) {
      draw(
        liveLine(
          view.execution,
          count === undefined ? view.judged : { ...view.judged, answered: count },
          terms?.of,
          clock.now(),
        ),
      )
      await clock.sleep(DRAW, closing.signal).catch(() => undefined)
    }
  }
  learn()
  void drawing()
  return {
    tell: (event) => {
      view = foldView(view, event)
      // What has answered in one step says nothing about the next one.
      if (event.type === 'TaskStarted') count = undefined
      learn()
    },
    answered: (now) => {
      count = now
    },
    close: () => {
      closing.abort()
      draw(undefined)
    },
  }
}
