import type { EventBody, JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { EosflowError } from '../model/error.ts'
import { fold } from './fold.ts'
import type { ExecutionState } from './state.ts'

/** The state of a running execution and the one way to change it: append to the journal, then fold what was written. */
export interface Ledger {
  readonly state: ExecutionState
  /** Durable before it resolves. Events are written in the order of the calls; what waits is written together. */
  append(...events: readonly EventBody[]): Promise<void>
  /** What was written since the last call of this. */
  written(): readonly JournalEvent[]
}

interface Waiting {
  readonly events: readonly EventBody[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Opens the ledger of an execution on its journal. `onMove` is called when the record of a scope was written. */
export function openLedger(journal: Journal, start: ExecutionState, onMove: () => void): Ledger {
  let state = start
  let fresh: JournalEvent[] = []
  let waiting: Waiting[] = []
  let isWriting = false
  let broken: EosflowError | undefined

  /** A journal that could not be written once is not written again: what it lacks only a resume can ask for. */
  const write = async (events: readonly EventBody[]): Promise<void> => {
    if (broken !== undefined) throw broken
    const written = await journal.append(state.id, events, state.seq).catch((error: unknown) => {
      if (isFinal(error)) broken = error
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
  }
}

/** A switch that another execution has leased is refused alone; whoever has lost the execution itself writes no more. */
function isFinal(error: unknown): error is EosflowError {
  if (!(error instanceof EosflowError)) return false
  return error.kind === 'store' || (error.kind === 'busy' && error.device === undefined)
}
