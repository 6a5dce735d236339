import type { Clock } from '../../model/clock.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { AppendCondition, Journal } from '../record/store/journal.ts'
import { OutageError, type RepeatedWrite } from '../record/store/outage.ts'
import { patienceLeft, wasHeldUp } from './outage.ts'
import type { ExecutionState } from './state.ts'

/** One append of an execution. */
export interface ExecutionAppend {
  /** In which everything before is folded. */
  readonly state: ExecutionState
  readonly events: readonly EventBody[]
  /** What must hold of other executions in the moment in which it is written. Absent: nothing. */
  readonly provided?: readonly AppendCondition[] | undefined
  /** Whether it announces an act that leads the change on: such a one does not wait for long. */
  readonly leadsOn: boolean
  /** What leads on must not be done any more, whether it was written or not. */
  stopWaiting(why: OutageError): void
}

/** Appends, for an execution whose store may be away. */
export interface PatientAppend {
  append(appending: ExecutionAppend): Promise<readonly JournalEvent[]>
  /** Why what leads on may not be announced any more, that was to be at a moment of the monotonic clock and has waited for the store since. */
  overdue(execution: ExecutionState, asked: number): OutageError | undefined
}

/** How long it is waited before a store that was away is tried again, in milliseconds. */
const PAUSE = 1_000

/**
 * Appends to a journal whose store may be away for a time, and waits for it. What may have been written is settled before anything else is:
 * it is asked for, and sent again as it was. What led on and has waited for too long is only asked for; where it was not written, the
 * outage is thrown. A store that knows what it has written never throws an outage, and is asked once. What led on is not done either where the
 * process was held up for so long before it heard that it is written: its approval and its window were judged before.
 */
export function patientAppend(journal: Journal, clock: Clock): PatientAppend {
  /** Since when the store is away, and when it was found so last, by the monotonic clock. */
  let awaySince: number | undefined
  let lastAway: number | undefined

  const isLate = ({ state, leadsOn }: ExecutionAppend): boolean =>
    leadsOn && awaySince !== undefined && patienceLeft(state, awaySince, clock) <= 0

  /** The store has answered. */
  const heard = (
    appending: ExecutionAppend,
    asked: number,
    written: readonly JournalEvent[],
    isLeft: boolean,
  ): readonly JournalEvent[] => {
    const late = tooLate()
    const isHeldUp = appending.leadsOn && wasHeldUp(asked, clock)
    if (!isLeft && (isHeldUp || isLate(appending))) appending.stopWaiting(late)
    awaySince = undefined
    if (isLeft && written.length === 0) throw late
    return written
  }
  /** It has not; gives what is to be settled. */
  const missed = (
    appending: ExecutionAppend,
    outage: OutageError,
    again: RepeatedWrite | undefined,
  ): RepeatedWrite | undefined => {
    lastAway = clock.monotonic()
    awaySince ??= lastAway
    const write = outage.doubt ?? again?.write
    const isLeft = again?.ifLost === 'leave'
    const isLast = !isLeft && isLate(appending)
    if (isLast && write === undefined) throw outage
    if (isLast) appending.stopWaiting(outage)
    return write === undefined ? undefined : { write, ifLost: isLeft || isLast ? 'leave' : 'send' }
  }
  return {
    append: async (appending) => {
      const asked = clock.monotonic()
      let again: RepeatedWrite | undefined
      for (;;) {
        const tried = await attempt(journal, appending, again)
        if (!(tried instanceof OutageError)) return heard(appending, asked, tried, again?.ifLost === 'leave')
        again = missed(appending, tried, again)
        await clock.sleep(PAUSE)
      }
    },
    overdue: (state, asked) =>
      lastAway !== undefined && lastAway >= asked && patienceLeft(state, asked, clock) <= 0 ? tooLate() : undefined,
  }
}

async function attempt(
  journal: Journal,
  { state, events, provided }: ExecutionAppend,
  again: RepeatedWrite | undefined,
): Promise<readonly JournalEvent[] | OutageError> {
  try {
    const own = { of: state.id, newest: state.seq }
    const after = provided === undefined ? state.seq : [own, ...provided]
    return await journal.append(state.id, events, after, again)
  } catch (error) {
    if (error instanceof OutageError) return error
    throw error
  }
}

function tooLate(): OutageError {
  return new OutageError('the answer of the store came too late: what was announced is not done')
}
