import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import { identityOf } from '../../../model/principal.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'
import { type Draft, draftOf, recordAt } from '../event/record-text.ts'
import { type Scrub, withoutSecrets } from '../event/without-secrets.ts'
import type { AppendCondition } from '../store/journal.ts'
import type { Actor } from '../store/store.ts'
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

interface RequestTerms
  extends Pick<AppendRequest, 'execution' | 'at' | 'leaseAt'>,
    Partial<Pick<AppendRequest, 'after'>> {
  readonly actor: Actor
  readonly scrub: Scrub
}

/** Writes a call of `append` down: its events as they will be read, each with its actor and its time, without known secrets. Throws `bug` for one that could not be read back. */
export function requestOf(
  events: readonly EventBody[],
  { execution, at, leaseAt, after, actor, scrub }: RequestTerms,
): AppendRequest {
  const named = { v: 1, at, actor: identityOf(actor), ...definedMembers({ execution }) } as const
  const drafts = events.map((event) => draftOf(named, withoutSecrets(event, scrub)))
  return { execution, at, leaseAt, drafts, events: drafts.map((draft) => readBack(recordAt(draft, 1))), after }
}

function readBack(body: string) {
  try {
    return parseEvent(body)
  } catch (cause) {
    throw new EosflowError('bug', `refused to journal: ${messageOf(cause)}`, { cause })
  }
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
