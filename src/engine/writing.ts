import type { EventBody, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { type Again, OutageError } from '../journal/outage.ts'
import type { Room } from '../journal/room.ts'
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import { patienceLeft } from './outage.ts'
import type { ExecutionState } from './state.ts'
import { unsettled } from './undo.ts'

/** How one execution writes to its journal, whatever becomes of the store. */
export interface Writing {
  /**
   * Durable before it resolves. Called by one writer, for the state in which everything before is folded. `stopWaiting` is called when what
   * leads on among the events may wait no longer for a store that does not say whether they are written: it must not be done, even if they are.
   */
  append(
    state: ExecutionState,
    events: readonly EventBody[],
    stopWaiting?: (why: EosflowError) => void,
  ): Promise<readonly JournalEvent[]>
  /** What the journal has failed with when it lives on its reserve: then nothing may be done but the way back. */
  readonly onlyBack: EosflowError | undefined
}

/** Where an execution writes. */
export interface WritingPorts {
  readonly journal: Journal
  readonly room: Room
  readonly clock: Clock
}

/** How long it is waited before a store that was away is tried again, in milliseconds. */
const PAUSE = 1_000

/**
 * A store that is locked fails the act that was to be announced; what else is to be written is written once more. One that is full,
 * while a switch is not settled, is given its reserve, once: an act that would lead on is refused from then on. A store that
 * fails for good is not written again: what its journal lacks only a resume can ask for. `onReserve` is called when the reserve was given up.
 *
 * One that is away for a time (`OutageError`) is waited for. What it may have written is settled first: asked for, and sent again as it was.
 */
export function newWriting({ journal, room, clock }: WritingPorts, onReserve: () => void): Writing {
  let broken: EosflowError | undefined
  let onlyBack: EosflowError | undefined
  /** Since when the store is away, by the monotonic clock. */
  let awaySince: number | undefined

  const patient = async (
    state: ExecutionState,
    events: readonly EventBody[],
    stopWaiting: (why: EosflowError) => void,
  ): Promise<readonly JournalEvent[]> => {
    const leadsOn = events.some(isForward)
    let again: Again | undefined
    let stopped: EosflowError | undefined
    const mayWait = (why: EosflowError): boolean => {
      if (!leadsOn || stopped !== undefined || patienceLeft(state, awaySince ?? clock.monotonic(), clock) > 0)
        return true
      stopped = why
      return false
    }
    for (;;) {
      try {
        const written = await journal.append(state.id, events, state.seq, again)
        if (awaySince !== undefined && !mayWait(tooLate())) stopWaiting(tooLate())
        awaySince = undefined
        // It was asked for alone, and is not there.
        if (written.length === 0 && stopped !== undefined) throw stopped
        return written
      } catch (error) {
        if (!(error instanceof OutageError)) throw error
        awaySince ??= clock.monotonic()
        const write = error.doubt ?? again?.write
        if (!mayWait(error)) {
          if (write === undefined) throw error
          stopWaiting(error)
        }
        again = write === undefined ? undefined : { write, ifLost: stopped === undefined ? 'send' : 'leave' }
        await clock.sleep(PAUSE)
      }
    }
  }
  const attempt = async (...given: Parameters<typeof patient>): Promise<readonly JournalEvent[]> => {
    const [state, events] = given
    const leadsOn = events.some(isForward)
    if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack
    try {
      return await patient(...given)
    } catch (error) {
      if (!isLocked(error) || leadsOn) throw error
      return patient(...given)
    }
  }
  const attemptOnReserve = async (...given: Parameters<typeof patient>): Promise<readonly JournalEvent[]> => {
    const [state] = given
    try {
      return await attempt(...given)
    } catch (error) {
      const isUsed = onlyBack !== undefined || !isFinal(error)
      if (isUsed || unsettled(state).length === 0 || !room.release(error)) throw error
      onlyBack = error
      onReserve()
      return attempt(...given)
    }
  }
  return {
    append: async (state, events, stopWaiting = () => undefined) => {
      if (broken !== undefined) throw broken
      try {
        return await attemptOnReserve(state, events, stopWaiting)
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

function tooLate(): EosflowError {
  return new OutageError('the store came back too late: what was announced is not done')
}
