import type { JournalEvent } from '../event.ts'
import type { AppendCondition } from '../journal.ts'
import type { Draft } from '../record-text.ts'

/** One call of `append`, written down. */
export interface AppendRequest {
  readonly execution: string | undefined
  readonly at: string
  readonly drafts: readonly Draft[]
  readonly after: number | readonly AppendCondition[] | undefined
}

/** How one request of a group went. */
export type AppendOutcome = PromiseSettledResult<readonly JournalEvent[]>
