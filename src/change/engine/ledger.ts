import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { Room } from '../record/room.ts'
import { type AppendCondition, type Journal, OutageError, type RepeatedWrite } from '../record/store/journal.ts'
import { fold } from './fold.ts'
import { type ExecutionState, startedTimers } from './state.ts'
import { unsettled } from './suspend.ts'

// How long an act that leads on waits for a store that cannot be reached, in milliseconds.
const LONGEST = 60_000

// Whether what leads on was to be announced so long ago, at a moment of the monotonic clock, that it must not be done: its process was held up since.
function wasHeldUp(asked: number, clock: Pick<Clock, 'monotonic'>): boolean {
  return clock.monotonic() - asked > LONGEST
}

// What is left on the first commit timer of the execution when an act that leads on stops waiting, in milliseconds.
const KEPT_ON_TIMER = 30_000

/** How long an act that leads on may still wait for a store that is away since a moment of the monotonic clock, in milliseconds; at most zero when it may wait no more. */
export function patienceLeft(execution: ExecutionState, since: number, clock: Clock): number {
  const left = since + LONGEST - clock.monotonic()
  const [timer] = startedTimers(execution)
  return timer === undefined ? left : Math.min(left, timer.until - clock.now() - KEPT_ON_TIMER)
}

interface ExecutionAppend {
  readonly state: ExecutionState
  readonly events: readonly EventBody[]
  readonly provided?: readonly AppendCondition[] | undefined
  readonly leadsOn: boolean
  // What leads on must not be done any more, whether it was written or not.
  stopWaiting(why: OutageError): void
}

interface PatientAppend {
  append(appending: ExecutionAppend): Promise<readonly JournalEvent[]>
  // Why what leads on may not be announced any more, that was to be at a moment of the monotonic clock and has waited for the store since.
  overdue(execution: ExecutionState, asked: number): OutageError | undefined
}

// How long it is waited before a store that was away is tried again, in milliseconds.
const PAUSE = 1_000

// A store that knows what it has written never throws an outage, and is asked once.
function patientAppend(journal: Journal, clock: Clock): PatientAppend {
  let awaySince: number | undefined
  let lastAway: number | undefined

  const isLate = ({ state, leadsOn }: ExecutionAppend) =>
    leadsOn && awaySince !== undefined && patienceLeft(state, awaySince, clock) <= 0

  const heard = (appending: ExecutionAppend, asked: number, written: readonly JournalEvent[], isLeft: boolean) => {
    const late = tooLate()
    const isHeldUp = appending.leadsOn && wasHeldUp(asked, clock)
    if (!isLeft && (isHeldUp || isLate(appending))) appending.stopWaiting(late)
    awaySince = undefined
    if (isLeft && written.length === 0) throw late
    return written
  }
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
) {
  try {
    const own = { of: state.id, newest: state.seq }
    const after = provided === undefined ? state.seq : [own, ...provided]
    return await journal.append(state.id, events, after, again)
  } catch (error) {
    if (error instanceof OutageError) return error
    throw error
  }
}

function tooLate() {
  return new OutageError('the answer of the store came too late: what was announced is not done')
}

export interface ExecutionWriter {
  /** Durable before it resolves. Called by one writer, for the state in which everything before is folded. */
  append(
    state: ExecutionState,
    events: readonly EventBody[],
    stopWaiting?: (why: EosflowError) => void,
    provided?: readonly AppendCondition[],
  ): Promise<readonly JournalEvent[]>
  /** Why what leads on may not be announced any more, that was to be at a moment of the monotonic clock and has waited for the store since. */
  overdue(state: ExecutionState, asked: number): EosflowError | undefined
  readonly onlyBack: EosflowError | undefined
}

interface WritingPorts {
  readonly journal: Journal
  readonly room: Room
  readonly clock: Clock
}

/** A store that is locked fails the act that was to be announced; what else is to be written is written once more. One that is full, while a switch is not settled, is given its reserve, once: an act that would lead on is refused from then on. */
export function newWriting({ journal, room, clock }: WritingPorts, onReserve: () => void): ExecutionWriter {
  let broken: EosflowError | undefined
  let onlyBack: EosflowError | undefined
  const patient = patientAppend(journal, clock)

  const attempt = async (appending: ExecutionAppend) => {
    const { leadsOn, state } = appending
    if (leadsOn && onlyBack !== undefined && state.status === 'running') throw onlyBack
    try {
      return await patient.append(appending)
    } catch (error) {
      if (!isLocked(error) || leadsOn) throw error
      return patient.append(appending)
    }
  }
  const attemptOnReserve = async (appending: ExecutionAppend) => {
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

function isForward(event: EventBody) {
  return event.type === 'ActIntended' && (event.act === 'stage' || event.act === 'arm' || event.act === 'confirm')
}

function isLocked(error: unknown) {
  return error instanceof EosflowError && error.kind === 'store' && error.retryable && !(error instanceof OutageError)
}

function isFinal(error: unknown): error is EosflowError {
  if (!(error instanceof EosflowError) || error instanceof OutageError) return false
  return error.kind === 'store' || (error.kind === 'busy' && error.device === undefined)
}

export interface Ledger {
  readonly state: ExecutionState
  /** Durable before it resolves. Events are written in the order of the calls; what waits is written together. */
  append(...events: readonly EventBody[]): Promise<void>
  /** Throws `busy` where it does not, or where this one was taken over. */
  appendProvided(provided: readonly AppendCondition[], ...events: readonly EventBody[]): Promise<void>
  /** What was written since the last call of this. */
  written(): readonly JournalEvent[]
  readonly onlyBack: EosflowError | undefined
}

interface Waiting {
  readonly asked: number
  readonly events: readonly EventBody[]
  readonly provided?: readonly AppendCondition[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

function nextGroup(waiting: readonly Waiting[]) {
  const alone = waiting.findIndex(({ provided }) => provided !== undefined)
  if (alone === -1) return waiting
  return waiting.slice(0, Math.max(1, alone))
}

function stopForward(group: readonly Waiting[], stopped: Set<Waiting>, why: unknown) {
  for (const one of group) {
    if (!one.events.some(isForward)) continue
    stopped.add(one)
    one.reject(why)
  }
}

/** `onMove` is called when the record of a scope was written, and when the journal begins to live on its reserve. */
export function openLedger(ports: WritingPorts, start: ExecutionState, onMove: () => void): Ledger {
  let state = start
  let fresh: JournalEvent[] = []
  let waiting: Waiting[] = []
  let isWriting = false
  const writing = newWriting(ports, onMove)

  const write = async (
    events: readonly EventBody[],
    stopWaiting: (why: unknown) => void,
    provided?: readonly AppendCondition[],
  ) => {
    const written = await writing.append(state, events, stopWaiting, provided)
    state = written.reduce(fold, state)
    fresh.push(...written)
    if (written.some((event) => 'path' in event)) onMove()
  }
  // A group that is refused is written again one by one, so that only what is at fault is refused. What leads on and may wait no longer for
  // the store is refused at once; whether it was written is still settled before anything else is.
  const writeGroup = async (group: readonly Waiting[]) => {
    if (group.length === 0) return
    const stopped = new Set<Waiting>()
    const events = group.flatMap((one) => one.events)
    try {
      await write(events, (why) => stopForward(group, stopped, why), group[0]?.provided)
      for (const { resolve } of group) resolve()
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error)
      else await writeEach(group.filter((one) => !stopped.has(one)))
    }
  }
  const writeEach = async (group: readonly Waiting[]) => {
    for (const one of group) await writeGroup([one])
  }
  // Refuses what leads on and has waited for too long behind what else was to be written.
  const isOverdue = ({ asked, events, reject }: Waiting) => {
    const why = events.some(isForward) ? writing.overdue(state, asked) : undefined
    if (why !== undefined) reject(why)
    return why !== undefined
  }
  const flush = async () => {
    if (isWriting) return
    isWriting = true
    try {
      while (waiting.length > 0) {
        const group = nextGroup(waiting)
        waiting = waiting.slice(group.length)
        await writeGroup(group.filter((one) => !isOverdue(one)))
      }
    } finally {
      isWriting = false
    }
  }
  const enqueue = (events: readonly EventBody[], provided?: readonly AppendCondition[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const one = { asked: ports.clock.monotonic(), events, resolve, reject }
      waiting.push(provided === undefined ? one : { ...one, provided })
      void flush()
    })
  return {
    get state() {
      return state
    },
    append: (...events) => enqueue(events),
    appendProvided: (provided, ...events) => enqueue(events, provided),
    written: () => {
      const events = fresh
      fresh = []
      return events
    },
    get onlyBack() {
      return writing.onlyBack
    },
  }
}
