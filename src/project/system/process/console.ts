import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { AnsweredCount, Pulse } from '../../../change/task/act/pulse.ts'
import type { KnownProgress } from '../../../report/progress-screen.ts'

/** Sees what this process puts on record about an execution, as soon as it is there. */
export interface ExecutionWatch {
  written(events: readonly JournalEvent[]): void
  close(): void
}

/** What is still to be said when a process is ended at once. */
export interface ExitMessage {
  /** What stands where, and what to do: one line. */
  readonly line: string
  /** Why the process goes on all the same, in one line; the next interrupt ends it. */
  readonly unprotected?: string
}

/**
 * How a use case speaks with whoever asked for it. A command line has a terminal behind it, a server a request; neither is known here.
 * What leaves through it holds no secret that the process knows.
 */
export interface Console {
  /** Progress, warnings and notes. */
  tell(text: string): void
  /** Whether a person is there who can answer. */
  readonly interactive: boolean
  /** Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>
  /** Aborted when everything is to end at its next safe point. */
  readonly stop: AbortSignal
  /** Aborted when an execution that runs for the caller is to rest at its next safe point, and nothing is undone. Absent: never. */
  readonly suspend?: AbortSignal
  /** Has a part of the work asked for its last word before the process is ended. Returns how to ask it no more. */
  readonly heed?: (part: () => ExitMessage) => () => void
  /** Shows a plan to a person with why it waits, and asks whether it is approved. Absent: nobody is asked. */
  review?(plan: Plan, why: string, signal: AbortSignal): Promise<boolean>
  /**
   * Sees what is put on record about an execution, from what had begun before on. With `drawn` also its state is drawn while nothing is put
   * on record. Absent: nobody looks.
   */
  watch?(begun: KnownProgress, drawn?: ExecutionState): ExecutionWatch | Promise<ExecutionWatch>
  /** Hears what is known of an execution while nothing is put on record. Absent: nobody listens. */
  pulse?(execution: string, note: Pulse): void
  /** Hears how many switches of a step have answered. Absent: nobody listens. */
  answered?(count: AnsweredCount): void
  /** Opens a page in the browser of the person. Absent: it is only told. */
  openPage?(url: string): void
}
