import type { EventBody } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { fold } from './fold.ts'
import type { ExecutionState } from './state.ts'

/** The state of a running execution and the one way to change it: append to the journal, then fold what was written. */
export interface Ledger {
  readonly state: ExecutionState
  /** Durable before it resolves. Calls are written one after the other, in the order they were made. */
  append(...events: readonly EventBody[]): Promise<void>
}

/** Opens the ledger of an execution on its journal. */
export function openLedger(journal: Journal, start: ExecutionState): Ledger {
  let state = start
  let tail: Promise<void> = Promise.resolve()
  return {
    get state() {
      return state
    },
    append(...events) {
      const write = tail.then(async () => {
        const written = await journal.append(state.id, events, state.seq)
        state = written.reduce(fold, state)
      })
      tail = write.catch(() => undefined)
      return write
    },
  }
}
