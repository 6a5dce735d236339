import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Pulse } from '../../change/task/act/pulse.ts'
import type { TermsOf } from '../phrases/active-states.ts'
import type { LeftAloneExecution } from '../phrases/left-alone-execution.ts'
import type { RollbackLinks } from '../phrases/rollback-links.ts'
import type { Suspension } from '../phrases/suspension.ts'
import type { AfterStanding } from './after-words.ts'

export type Decision = Extract<JournalEvent, { type: 'ApprovalDecided' }>

export interface ViewContext {
  /** The time, milliseconds since the epoch. */
  readonly now: number
  readonly isRunning?: boolean
  readonly suspension?: Suspension
  readonly unserved?: readonly string[]
  readonly leftAlone?: LeftAloneExecution
  readonly terms?: TermsOf
  readonly decisions?: readonly Decision[]
  readonly rollback?: RollbackLinks
  readonly after?: AfterStanding
  readonly pulses?: ReadonlyMap<string, Pulse>
}
