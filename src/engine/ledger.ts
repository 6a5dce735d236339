import type { EventBody, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import type { Room } from '../journal/room.ts'
import { EosflowError } from '../model/error.ts'
import { fold } from './fold.ts'
import type { ExecutionState } from './state.ts'
import { unsettled } from './undo.ts'

/** The state of a running execution and the one way to change it: append to the journal, then fold what was written. */
export interface Ledger {
  readonly state: ExecutionState
  /** Durable before it resolves. Events are written in the order of the calls; what waits is written together. */
  append(...events: readonly EventBody[]): Promise<void>
  /** What was written since the last call of this. */
  written(): readonly JournalEvent[]
  /** What the journal has failed with when it lives on its reserve: then nothing may be done but the way back. */
  readonly onlyBack: EosflowError | undefined
}

/** Where a ledger writes. */
export interface LedgerPorts {
  readonly journal: Journal
  readonly room: Room
}

interface Waiting {
  readonly events: readonly EventBody[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Opens the ledger of an execution on its journal. `onMove` is called when the record of a scope was written, and when the reserve was
 * given up: that happens once, and only while a switch is not settled.
 */
export function openLedger({ journal, room }: LedgerPorts, start: ExecutionState, onMove: () => void): Ledger {
  let state = start
  let fresh: JournalEvent[] = []
  let waiting: Waiting[] = []
  let isWriting = false
  let broken: EosflowError | undefined
  let onlyBack: EosflowError | undefined

  const append = async (events: readonly EventBody[]): Promise<readonly JournalEvent[]> => {
    if (onlyBack !== undefined && state.status === 'running' && events.some(isForward)) throw onlyBack
    return journal.append(state.id, events, state.seq)
  }
  /** What the reserve has made room for is the way back: an intent that would have led on is refused. */
  const appendOnReserve = async (events: readonly EventBody[], error: unknown): Promise<readonly JournalEvent[]> => {
    if (!isFinal(error) || onlyBack !== undefined || unsettled(state).length === 0 || !room.release(error)) throw error
    onlyBack = error
    onMove()
    return append(events)
  }
  /** A journal that could not be written once is not written again: what it lacks only a resume can ask for. */
  const write = async (events: readonly EventBody[]): Promise<void> => {
    if (broken !== undefined) throw broken
    const written = await append(events)
      .catch((error: unknown) => appendOnReserve(events, error))
      .catch((error: unknown) => {
        if (isFinal(error) && error !== onlyBack) broken = error
        throw error
      })
    state = written.reduce(fold, state)
    fresh.push(...written)
    if (written.some((event) => 'path' in event)) onMove()
  }
  /** A group that is refused is written again one by one, so that only what is at fault is refused. */
  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      await write(group.flatMap(({ events }) => events))
      for (const { resolve } of group) resolve()
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await writeGroup([one])
    }
  }
  const flush = async (): Promise<void> => {
    if (isWriting) return
    isWriting = true
    try {
      while (waiting.length > 0) {
        const group = waiting
        waiting = []
        await writeGroup(group)
      }
    } finally {
      isWriting = false
    }
  }
  return {
    get state() {
      return state
    },
    append: (...events) =>
      new Promise((resolve, reject) => {
        waiting.push({ events, resolve, reject })
        void flush()
      }),
    written: () => {
      const events = fresh
      fresh = []
      return events
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

/** A switch that another execution has leased is refused alone; whoever has lost the execution itself writes no more. */
function isFinal(error: unknown): error is EosflowError {
  if (!(error instanceof EosflowError)) return false
  return error.kind === 'store' || (error.kind === 'busy' && error.device === undefined)
}
