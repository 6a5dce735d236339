import { fold } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { ProjectStore } from './project-store.ts'

/** How often the record is looked at, in milliseconds. */
const LOOK = 500

/** One look at an execution that somebody else runs. */
export interface Look {
  readonly state: ExecutionState
  /** What has come onto the record since the look before. */
  readonly events: readonly JournalEvent[]
  /** How many looks in a row have found nothing new. */
  readonly silent: number
}

/**
 * Looks at the record of an execution again and again, from a state of it on. Ends when the signal is aborted. Throws
 * `store` when the record does not verify.
 */
export async function* followed(
  { store, clock }: Pick<ProjectStore, 'store' | 'clock'>,
  start: ExecutionState,
  signal: AbortSignal,
): AsyncGenerator<Look> {
  const { id } = start
  let state = start
  let silent = 0
  // Asked before the first reading: what is written in between is in both, and nothing is in neither.
  let { cursor } = await store.tail()
  let found = await store.read(id)
  while (!signal.aborted) {
    const { seq: seen } = state
    const events = found.filter(({ execution, seq }) => execution === id && seq > seen)
    state = events.reduce(fold, state)
    silent = events.length === 0 ? silent + 1 : 0
    yield { state, events, silent }
    await clock.sleep(LOOK, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted) return
    const tail = await store.tail(cursor)
    cursor = tail.cursor
    found = tail.events
  }
}
