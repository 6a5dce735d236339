import type { ExecutionState } from '../src/change/engine/state.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { ControllerStore } from './controller-store.ts'
import type { Side } from './device-texts.ts'
import type { Approving } from './scenario.ts'

/** One execution of a history: a plan or a change, and the controllers that have run it. */
export interface Execution {
  readonly id: string
  readonly side: Side
  readonly store: ControllerStore
  readonly purpose: 'plan' | 'run'
  readonly approving: Approving
  readonly lives: Life[]
  /** As its last controller left it, when it ended. */
  ended: ExecutionState | undefined
  /** How it ended before somebody tried to begin it again. */
  endedBefore: ExecutionState | undefined
  /** Who was the last to try. */
  redriver: Life | undefined
  /** The digest that a person has decided about. */
  decided: string | undefined
  /** How often somebody has started it again. */
  redriven: number
  /** Whether somebody will take it up again. */
  expected: boolean
}

/** One that nobody has run yet. */
export function newExecution(parts: Pick<Execution, 'id' | 'side' | 'store' | 'purpose' | 'approving'>): Execution {
  return {
    ...parts,
    lives: [],
    ended: undefined,
    endedBefore: undefined,
    redriver: undefined,
    decided: undefined,
    redriven: 0,
    expected: false,
  }
}
