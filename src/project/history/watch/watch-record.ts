import { fold } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store, Tail } from '../../../change/record/store/store.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { wakesOf } from '../requests/wakes.ts'

// How often the record is looked at, in milliseconds; where the store says that somebody has written, then.
const LOOK = 500

export interface ExecutionLook {
  readonly state: ExecutionState
  /** What has come onto the record since the look before. */
  readonly events: readonly JournalEvent[]
  readonly silent: number
}

/** `from`: a place up to which that state has everything; then its record is not read anew, and many who begin at the same place are one question. Throws `store` when the record does not verify. */
export async function* watchRecord(
  opened: Pick<ProjectStore, 'store' | 'clock' | 'shared'>,
  start: ExecutionState,
  signal: AbortSignal,
  from?: Cursor,
): AsyncGenerator<ExecutionLook> {
  const { store } = opened
  const { id } = start
  const wakes = wakesOf(opened, { of: 'records', execution: id })
  let state = start
  let silent = 0
  try {
    let { cursor, events: found } = await (from === undefined ? wholeRecord(store, id) : recordBehind(store, id, from))
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

async function wholeRecord(store: Pick<Store, 'read' | 'tail'>, id: string): Promise<Tail> {
  // Asked before the first reading: what is written in between is in both, and nothing is in neither.
  const { cursor } = await store.tail()
  return { cursor, events: await store.read(id) }
}

async function recordBehind(store: Pick<Store, 'tail'>, id: string, from: Cursor): Promise<Tail> {
  const found: JournalEvent[] = []
  for (let after = from; ; ) {
    const { events, cursor } = await store.tail(after)
    if (events.length === 0) return { events: found, cursor }
    found.push(...events.filter(({ execution }) => execution === id))
    after = cursor
  }
}
