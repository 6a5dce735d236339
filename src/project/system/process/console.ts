import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { AnsweredCount, Pulse } from '../../../change/task/act/pulse.ts'
import type { KnownProgress } from '../../../report/past-execution.ts'

export interface ExecutionWatch {
  written(events: readonly JournalEvent[]): void
  close(): void
}

export interface ExitMessage {
  readonly line: string
  readonly unprotected?: string
}

export interface Console {
  tell(text: string): void
  readonly interactive: boolean
  /** Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>
  readonly stop: AbortSignal
  /** Absent: never. */
  readonly suspend?: AbortSignal
  /** Has a part of the work asked for its last word before the process is ended. */
  readonly heed?: (part: () => ExitMessage) => () => void
  review?(plan: Plan, why: string, signal: AbortSignal): Promise<boolean>
  /** Sees what is put on record about an execution, from what had begun before on. With `drawn` also its state is drawn while nothing is put on record. */
  watch?(begun: KnownProgress, drawn?: ExecutionState): ExecutionWatch | Promise<ExecutionWatch>
  pulse?(execution: string, note: Pulse): void
  answered?(count: AnsweredCount): void
  openPage?(url: string): void
}
