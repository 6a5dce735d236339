import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { Room } from '../record/room.ts'
import type { AppendCondition, Journal } from '../record/store/journal.ts'
import { OutageError } from '../record/store/outage.ts'
import { type ExecutionAppend, patientAppend } from './patient-append.ts'
import type { ExecutionState } from './state.ts'
import { unsettled } from './undo.ts'

/** How one execution writes to its journal, whatever becomes of the store. */
export interface ExecutionWriter {
  /**
   * Durable before it resolves. Called by one writer, for the state in which everything before is folded. `stopWaiting` is called when what
   * leads on among the events may wait no longer for a store that does not say whether they are written: it must not be done, even if they are.
   * `provided` must hold of other executions: where it does not, `busy` is thrown and this one goes on.
   */
  append(
    state: ExecutionState,
    events: readonly EventBody[],
    stopWaiting?: (why: EosflowError) => void,
    provided?: readonly AppendCondition[],
  ): Promise<readonly JournalEvent[]>
  /** Why what leads on may not be announced any more, that was to be at a moment of the monotonic clock and has waited for the store since. */
  overdue(state: ExecutionState, asked: number): EosflowError | undefined
  /** What the journal has failed with when it lives on its reserve: then nothing may be done but the way back. */
  readonly onlyBack: EosflowError | undefined
}

/** Where an execution writes. */
export interface WritingPorts {
  readonly journal: Journal
  readonly room: Room
  readonly clock: Clock
}

/**
 * A store that is locked fails the act that was to be announced; what else is to be written is written once more. One that is full,
 * while a switch is not settled, is given its reserve, once: an act that would lead on is refused from then on. A store that
 * fails for good is not written again: what its journal lacks only a resume can ask for. `onReserve` is called when the reserve was given up.
 *
 * One that is away for a time (`OutageError`) is waited for. What it may have written is settled first: asked for, and sent again as it was.
 */
export function newWriting({ journal, room, clock }: WritingPorts, onReserve: () => void): ExecutionWriter {
  let broken: EosflowError | undefined
  let onlyBack: EosflowError | undefined
  const patient = patientAppend(journal, clock)

  const attempt = async (appending: ExecutionAppend): Promise<readonly JournalEvent[]> => {
    const { leadsOn, state } = appending
    if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack
    try {
      return await patient.append(appending)
    } catch (error) {
      if (!isLocked(error) || leadsOn) throw error
      return patient.append(appending)
    }
  }
  const attemptOnReserve = async (appending: ExecutionAppend): Promise<readonly JournalEvent[]> => {
    const { state } = appending
    try {
      return await attempt(appending)
    } catch (error) {
      const isUsed = onlyBack !== undefined || !isFinal(error)
      if (isUsed || unsettled(state).length === 0 || !room.release(error)) throw error
      onlyBack = error
      onReserve()
      return attempt(appending)
    }
  }
  return {
    append: async (state, events, stopWaiting = () => undefined, provided) => {
      if (broken !== undefined) throw broken
      try {
        return await attemptOnReserve({ state, events, leadsOn: events.some(isForward), stopWaiting, provided })
      } catch (error) {
        const isUnmet = provided !== undefined && error instanceof EosflowError && error.kind === 'busy'
        const isRefusedAlone = error === onlyBack || isUnmet || (isLocked(error) && events.some(isForward))
        if (isFinal(error) && !isRefusedAlone) broken = error
        throw error
      }
    },
    overdue: (state, asked) => patient.overdue(state, asked),
    get onlyBack() {
      return onlyBack
    },
  }
}

/** Whether an event announces an act that leads the change on. */
export function isForward(event: EventBody): boolean {
  return event.type === 'ActIntended' && (event.act === 'stage' || event.act === 'arm' || event.act === 'confirm')
}

/** Somebody else holds the store. One that is away is waited for in another way. */
function isLocked(error: unknown): boolean {
  return error instanceof EosflowError && error.kind === 'store' && error.retryable && !(error instanceof OutageError)
}

/** A switch that another execution has leased is refused alone; whoever has lost the execution itself writes no more. */
function isFinal(error: unknown): error is EosflowError {
  if (!(error instanceof EosflowError) || error instanceof OutageError) return false
  return error.kind === 'store' || (error.kind === 'busy' && error.device === undefined)
}
