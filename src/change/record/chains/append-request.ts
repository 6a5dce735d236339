import { EosflowError, messageOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { identityOf } from '../../../model/principal.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import { type Draft, draftOf, parseEvent, recordAt, type Scrub, withoutSecrets } from '../event/record-text.ts'
import type { AppendCondition } from '../store/journal.ts'
import { type Lease, leasedAct, takesOver } from '../store/lease.ts'
import type { Actor } from '../store/store.ts'

export interface HeadRow {
  readonly n: number
  readonly hash: string
  readonly seal: string
  readonly uncovered: readonly number[]
}

export interface ExecutionRow extends HeadRow {
  readonly first: number
  readonly last: number
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
  readonly worker: string | null
}

export type LeaseRow = Omit<Lease, 'quarantine'> & { readonly quarantine: string | null }

export interface AppendBasis {
  readonly execution: ExecutionRow | null
  readonly register: HeadRow
  readonly freezes: number
  readonly leases: readonly LeaseRow[]
}

export type AppendAnswer =
  | {
      readonly is: 'written'
      readonly places: readonly number[]
      readonly register: readonly number[]
      readonly token: number | null
    }
  /** What it was made for is no longer so: it is to be made anew. */
  | { readonly is: 'stale'; readonly standing: AppendBasis }
  | { readonly is: 'unmet'; readonly of: string; readonly newest: number; readonly isAsked: boolean }
  /** Another policy came into force than the one that it was judged by. */
  | { readonly is: 'moved' }
  | { readonly is: 'owned'; readonly worker: string }
  | { readonly is: 'used'; readonly key: string }
  /** It leads a change on, and no standby would have it. */
  | { readonly is: 'unreplicated' }
  /** It leads on, and records are known to be missing. */
  | { readonly is: 'missed' }
  /** It was asked for alone, and is not there. */
  | { readonly is: 'left' }

export function leaseIn({ quarantine, ...lease }: LeaseRow): Lease {
  return quarantine === null ? lease : { ...lease, quarantine }
}

export function rowOf({ quarantine, ...lease }: Lease): LeaseRow {
  return { ...lease, quarantine: quarantine ?? null }
}

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

export function placed(
  { execution, events }: AppendRequest,
  { places, register }: AppendAnswer & { readonly is: 'written' },
): readonly JournalEvent[] {
  const given = execution === undefined ? register : places
  return events.map((event, index) => ({ ...event, seq: given[index] ?? 0 }))
}

export function leadsOn(event: JournalEvent): boolean {
  return (
    leasedAct(event) !== undefined && event.type === 'ActIntended' && ['stage', 'arm', 'confirm'].includes(event.act)
  )
}

/** Whether something begins, somebody goes on with it, what is used once is used, or a change is led on: not while records are missing. */
export function needsWhole(events: readonly JournalEvent[]): boolean {
  return events.some(
    (event) =>
      event.type === 'ExecutionStarted' ||
      takesOver(event) ||
      leadsOn(event) ||
      (event.type !== 'WorkerDied' && usesIn(event).length > 0),
  )
}
