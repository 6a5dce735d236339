import { draftsOf } from '../draft-context.ts'
import type { JournalEvent } from '../event.ts'
import type { Journal } from '../journal.ts'
import type { Actor } from '../store.ts'
import type { AppendRequest } from './append-request.ts'
import type { SqliteStoreParts } from './store-parts.ts'

/** What the appends of one actor need of a store. `latest` is the highest time on record; `add` has a request written. */
export interface AppendingParts extends Pick<SqliteStoreParts, 'clock' | 'scrub' | 'admit'> {
  latest(): string | undefined
  add(request: AppendRequest): Promise<readonly JournalEvent[]>
}

/** Appends for somebody: each record names them, has the time of the call, and holds no known secret. */
export function appendingFor(actor: Actor, { clock, scrub, admit, latest, add }: AppendingParts): Journal['append'] {
  return async (execution, events, after) => {
    admit(latest)
    const at = new Date(clock.now()).toISOString()
    const drafts = draftsOf(events, { actor, at, execution, scrub })
    return add({ execution, at, after, drafts })
  }
}
