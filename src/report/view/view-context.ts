import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Pulse } from '../../change/task/act/pulse.ts'
import type { TermsOf } from '../phrases/active-states.ts'
import type { LeftAloneExecution } from '../phrases/left-alone-execution.ts'
import type { RollbackLinks } from '../phrases/rollback-links.ts'
import type { Suspension } from '../phrases/suspension.ts'
import type { AfterStanding } from './after-words.ts'

/** The decision about a plan as it is on record. */
export type Decision = Extract<JournalEvent, { type: 'ApprovalDecided' }>

/** What a view depends on beside the records of its execution. What is absent is not known. */
export interface ViewContext {
  /** The time, milliseconds since the epoch. */
  readonly now: number
  /** Whether a process runs the execution. */
  readonly isRunning?: boolean
  readonly suspension?: Suspension
  /** The sites with something to do for it that no worker serves. */
  readonly unserved?: readonly string[]
  /** That workers leave it alone. */
  readonly leftAlone?: LeftAloneExecution
  /** How long verifications may take and must stay good, by the plan. */
  readonly terms?: TermsOf
  /** The decisions about the plan: they are outside of the execution's records. */
  readonly decisions?: readonly Decision[]
  /** What it has rolled back, and what has rolled it back. */
  readonly rollback?: RollbackLinks
  /** What is known of its after-watch. */
  readonly after?: AfterStanding
  /** What verifications have said last that is not on record, by switch. */
  readonly pulses?: ReadonlyMap<string, Pulse>
}
