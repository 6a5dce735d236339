import { fold } from '../../engine/fold.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { wakesOf } from './wakes.ts'

/** How often the record is looked at, in milliseconds; where the store says that somebody has written, then. */
const LOOK = 500

/** One look at an execution that somebody else runs. */
export interface ExecutionLook {
  readonly state: ExecutionState
  /** What has come onto the record since the look before. */
  readonly events: readonly JournalEvent[]
  /** For how many times 500 ms nothing new was found. */
  readonly silent: number
}

/**
 * Looks at the record of an execution again and again, from a state of it on. Ends when the signal is aborted. Throws
 * `store` when the record does not verify.
 */
export async function* watchRecord(
  opened: Pick<ProjectStore, 'store' | 'clock' | 'shared'>,
  start: ExecutionState,
  signal: AbortSignal,
): AsyncGenerator<ExecutionLook> {
  const { store } = opened
  const { id } = start
  const wakes = wakesOf(opened, { of: 'records', execution: id })
  let state = start
  let silent = 0
  try {
    // Asked before the first reading: what is written in between is in both, and nothing is in neither.
    let { cursor } = await store.tail()
    let found = await store.read(id)
    while (!signal.aborted) {
      const { seq: seen } = state
      const events = found.filter(({ execution, seq }) => execution === id && seq > seen)
      state = events.reduce(fold, state)
      silent = events.length === 0 ? silent + 1 : 0
      yield { state, events, silent }
      found = []
      if (!(await wakes.pause(LOOK, signal))) continue
      if (signal.aborted) return
      const tail = await store.tail(cursor)
      cursor = tail.cursor
      found = tail.events
    }
  } finally {
    wakes.close()
  }
}
