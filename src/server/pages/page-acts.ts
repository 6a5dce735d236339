import { isRedrivable } from '../../app/execution/redrivable.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'

/** What can be done about one execution on its page. */
export const PAGE_ACTS = ['stop', 'suspend', 'resume', 'redrive', 'rollback'] as const

/** One of these. */
export type PageAct = (typeof PAGE_ACTS)[number]

/** What the record of an execution does not say of it. */
export interface ExecutionNow {
  /** Whether a process runs it. */
  readonly isRunning: boolean
  /** Whether it waits for a decision alone: whoever runs the server goes on with it behind that. */
  readonly waits: boolean
  /** Whether workers leave it alone, since too many in a row died with it. */
  readonly isLeftAlone: boolean
}

/**
 * Whether an act is of use to an execution now, whoever asks. What is done with a change over several sites is done with all of them: its parts have
 * no acts but the resumption of one that workers leave alone, and there is no suspension, redrive or rollback of the whole (docs/workers.md).
 */
export function fits(act: PageAct, state: ExecutionState, { isRunning, waits, isLeftAlone }: ExecutionNow): boolean {
  const { part, isDivided } = state.sites
  const isOver = state.status === 'ended'
  switch (act) {
    case 'stop':
      return !isOver && part === undefined
    case 'suspend':
      return !isOver && isRunning && part === undefined && !isDivided
    case 'resume':
      return !isOver && !isRunning && !waits && (part === undefined || isLeftAlone)
    case 'redrive':
      return isRedrivable(state) && part === undefined && !isDivided
    case 'rollback':
      return isOver && !isDivided && changedBy(state).length > 0
  }
}

/** The switches that an execution has changed. */
export function changedBy(state: ExecutionState): readonly string[] {
  return Object.entries(deviceEnds(state)).flatMap(([name, end]) => (end === 'changed' ? [name] : []))
}
