import { isBelow } from '../../../change/engine/scope-path.ts'
import { type Cursor, cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'

export interface AwaitedToken {
  readonly execution: string
  readonly path: string
  readonly state: string
  readonly since: Cursor
  readonly over?: { readonly at: string; readonly why: string }
}

const OVER: Readonly<Partial<Record<JournalEvent['type'], string>>> = {
  TaskSucceeded: 'the state took an answer',
  TaskFailed: 'the state took an answer',
  TaskTimedOut: 'the state ran out of time',
  RetryScheduled: 'the state is tried again, with another token',
  StateAborted: 'the state was ended, because another one beside it failed',
  StateFailed: 'the state failed',
  StateExited: 'the state is over',
}

const OVER_BELOW: ReadonlySet<JournalEvent['type']> = new Set([
  'MapFailed',
  'ParallelFailed',
  'StateFailed',
  'StateExited',
])

/** The state that waits, or waited, for the token of this digest; undefined when this store knows of none. */
export async function awaitedToken(store: Store, digest: string): Promise<AwaitedToken | undefined> {
  const open = (await store.openExecutions()).map(({ id }) => id)
  // A token is nearly always one that somebody waits for now; whose wait is over is told of any execution.
  for (const id of new Set([...open, ...(await store.executionIds())])) {
    const found = awaitedIn(id, await store.read(id), digest)
    if (found !== undefined) return found
  }
  return undefined
}

export function awaitedIn(
  execution: string,
  events: readonly JournalEvent[],
  digest: string,
): AwaitedToken | undefined {
  let awaited: AwaitedToken | undefined
  for (const event of events) {
    if (event.type === 'TaskSubmitted' && event.token === digest) {
      awaited = { execution, path: event.path, state: event.state, since: cursorBehind(event) }
    } else if (awaited !== undefined && awaited.over === undefined) {
      const why = endOf(awaited, event)
      if (why !== undefined) awaited = { ...awaited, over: { at: event.at, why } }
    }
  }
  return awaited
}

function endOf({ path, state }: AwaitedToken, event: JournalEvent): string | undefined {
  if (event.type === 'ExecutionEnded') return 'the execution has ended'
  if (event.type === 'CompensationStarted') return 'the execution failed, and what it did is being undone'
  if (!('path' in event)) return undefined
  if (event.path === path && event.state === state) return OVER[event.type]
  if (!OVER_BELOW.has(event.type) || !isBelow(path, event.path, event.state)) return undefined
  return `${event.state}, which it is a part of, is over`
}
