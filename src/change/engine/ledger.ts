import type { EosflowError } from '../../model/error.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { AppendCondition } from '../record/store/journal.ts'
import { isForward, newWriting, type WritingPorts } from './execution-writer.ts'
import { fold } from './fold.ts'
import type { ExecutionState } from './state.ts'

/** The state of a running execution and the one way to change it: append to the journal, then fold what was written. */
export interface Ledger {
  readonly state: ExecutionState
  /** Durable before it resolves. Events are written in the order of the calls; what waits is written together. */
  append(...events: readonly EventBody[]): Promise<void>
  /** The same where something must hold of other executions too. Throws `busy` where it does not, or where this one was taken over. */
  appendProvided(provided: readonly AppendCondition[], ...events: readonly EventBody[]): Promise<void>
  /** What was written since the last call of this. */
  written(): readonly JournalEvent[]
  /** What the journal has failed with when it lives on its reserve: then nothing may be done but the way back. */
  readonly onlyBack: EosflowError | undefined
}

interface Waiting {
  /** When it was to be written, by the monotonic clock. */
  readonly asked: number
  readonly events: readonly EventBody[]
  readonly provided?: readonly AppendCondition[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** What is written together: what must hold of others is asked for one alone. */
function nextGroup(waiting: readonly Waiting[]): readonly Waiting[] {
  const alone = waiting.findIndex(({ provided }) => provided !== undefined)
  if (alone === -1) return waiting
  return waiting.slice(0, Math.max(1, alone))
}

/** Refuses what leads on in a group. */
function stopForward(group: readonly Waiting[], stopped: Set<Waiting>, why: unknown): void {
  for (const one of group) {
    if (!one.events.some(isForward)) continue
    stopped.add(one)
    one.reject(why)
  }
}

/**
 * Opens the ledger of an execution on its journal. `onMove` is called when the record of a scope was written, and when the journal
 * begins to live on its reserve.
 */
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
  ): Promise<void> => {
    const written = await writing.append(state, events, stopWaiting, provided)
    state = written.reduce(fold, state)
    fresh.push(...written)
    if (written.some((event) => 'path' in event)) onMove()
  }
  /**
   * A group that is refused is written again one by one, so that only what is at fault is refused. What leads on and may wait no longer
   * for the store is refused at once; whether it was written is still settled before anything else is.
   */
  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
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
  const writeEach = async (group: readonly Waiting[]): Promise<void> => {
    for (const one of group) await writeGroup([one])
  }
  /** Refuses what leads on and has waited for too long behind what else was to be written. */
  const isOverdue = ({ asked, events, reject }: Waiting): boolean => {
    const why = events.some(isForward) ? writing.overdue(state, asked) : undefined
    if (why !== undefined) reject(why)
    return why !== undefined
  }
  const flush = async (): Promise<void> => {
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
