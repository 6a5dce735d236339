import type { EventBody, JournalEvent } from '../event/event.ts'
import { type Draft, recordAt } from '../event/record-text.ts'
import { type DraftContext, draftsOf } from '../store/draft-context.ts'
import type { AppendCondition } from '../store/journal.ts'
import { readBack } from '../store/read-back.ts'
import type { AppendAnswer } from './append-basis.ts'

export interface AppendRequest {
  readonly execution: string | undefined
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly leaseAt: string
  readonly drafts: readonly Draft[]
  readonly events: readonly JournalEvent[]
  readonly after: number | readonly AppendCondition[] | undefined
}

interface RequestTerms extends DraftContext, Pick<AppendRequest, 'leaseAt' | 'after'> {}

/** Writes a call of `append` down: its events as they will be read, without known secrets. Throws for what could not be read back. */
export function requestOf(events: readonly EventBody[], terms: RequestTerms): AppendRequest {
  const { execution, at, leaseAt, after } = terms
  const drafts = draftsOf(events, terms)
  return { execution, at, leaseAt, drafts, events: drafts.map((draft) => readBack(recordAt(draft, 1))), after }
}

export type AppendOutcome = PromiseSettledResult<readonly JournalEvent[]>

export function wokenBy(events: readonly EventBody[]): {
  readonly wakes: readonly string[]
  readonly answers: readonly string[]
} {
  const wakes = events.flatMap((event) =>
    event.type === 'StopRequested' ? [event.stopped] : event.type === 'SuspendRequested' ? [event.suspended] : [],
  )
  return { wakes, answers: events.flatMap((event) => (event.type === 'SignalSent' ? [event.token] : [])) }
}

export function placed(
  { execution, events }: AppendRequest,
  { places, register }: AppendAnswer & { readonly is: 'written' },
): readonly JournalEvent[] {
  const given = execution === undefined ? register : places
  return events.map((event, index) => ({ ...event, seq: given[index] ?? 0 }))
}
