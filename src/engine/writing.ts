import type { EventBody, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import type { Room } from '../journal/room.ts'
import { EosflowError } from '../model/error.ts'
import type { ExecutionState } from './state.ts'
import { unsettled } from './undo.ts'

/** How one execution writes to its journal, whatever becomes of the store. */
export interface Writing {
  /** Durable before it resolves. Called by one writer, for the state in which everything before is folded. */
  append(state: ExecutionState, events: readonly EventBody[]): Promise<readonly JournalEvent[]>
  /** What the journal has failed with when it lives on its reserve: then nothing may be done but the way back. */
  readonly onlyBack: EosflowError | undefined
}

/** Where an execution writes. */
export interface WritingPorts {
  readonly journal: Journal
  readonly room: Room
}

/**
 * A store that is locked fails the act that was to be announced; what else is to be written is written once more. One that is full,
 * while a switch is not settled, is given its reserve, once: an act that would lead on is refused from then on. A store that
 * fails for good is not written again: what its journal lacks only a resume can ask for. `onReserve` is called when the reserve was given up.
 */
export function newWriting({ journal, room }: WritingPorts, onReserve: () => void): Writing {
  let broken: EosflowError | undefined
  let onlyBack: EosflowError | undefined

  const attempt = async (state: ExecutionState, events: readonly EventBody[]): Promise<readonly JournalEvent[]> => {
    const leadsOn = events.some(isForward)
    if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack
    try {
      return await journal.append(state.id, events, state.seq)
    } catch (error) {
      if (!isLocked(error) || leadsOn) throw error
      return journal.append(state.id, events, state.seq)
    }
  }
  const attemptOnReserve = async (
    state: ExecutionState,
    events: readonly EventBody[],
  ): Promise<readonly JournalEvent[]> => {
    try {
      return await attempt(state, events)
    } catch (error) {
      const isUsed = onlyBack !== undefined || !isFinal(error)
      if (isUsed || unsettled(state).length === 0 || !room.release(error)) throw error
      onlyBack = error
      onReserve()
      return attempt(state, events)
    }
  }
  return {
    append: async (state, events) => {
      if (broken !== undefined) throw broken
      try {
        return await attemptOnReserve(state, events)
      } catch (error) {
        const isRefusedAlone = error === onlyBack || (isLocked(error) && events.some(isForward))
        if (isFinal(error) && !isRefusedAlone) broken = error
        throw error
      }
    },
    get onlyBack() {
      return onlyBack
    },
  }
}

/** Whether an event announces an act that leads the change on. */
function isForward(event: EventBody): boolean {
  return event.type === 'ActIntended' && (event.act === 'stage' || event.act === 'arm' || event.act === 'confirm')
}

/** Somebody else holds the store. */
function isLocked(error: unknown): boolean {
  return error instanceof EosflowError && error.kind === 'store' && error.retryable
}

/** A switch that another execution has leased is refused alone; whoever has lost the execution itself writes no more. */
function isFinal(error: unknown): error is EosflowError {
  if (!(error instanceof EosflowError)) return false
  return error.kind === 'store' || (error.kind === 'busy' && error.device === undefined)
}
