import type { JournalEvent } from '../event.ts'
import type { Draft } from '../record-text.ts'

/** One call of `append`, written down. */
export interface AppendRequest {
  readonly execution: string | undefined
  readonly at: string
  readonly drafts: readonly Draft[]
  readonly after: number | undefined
}

/** How one request of a group went. */
export type AppendOutcome = PromiseSettledResult<readonly JournalEvent[]>
