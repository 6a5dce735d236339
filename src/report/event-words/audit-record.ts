import type { JournalEvent } from '../../change/record/event/event.ts'
import { type AuditOutcome, type EventCode, eventCode, outcomeOf } from '../../change/record/event/event-code.ts'
import type { TraceParent } from '../../model/trace-parent.ts'
import { visibleLine } from '../text/visible.ts'
import { eventWords } from './table.ts'

/** A record on its way out of the store. */
export interface AuditRecord {
  readonly event: JournalEvent
  /** The body, byte for byte as it was hashed. */
  readonly body: string
  /** In hex. */
  readonly hash: string
  /** That of its execution, where it is in one and that is asked for. */
  readonly trace?: TraceParent
}

/** Where records come from. */
export interface AuditSource {
  /** The name of the store, as its checkpoints bear it. */
  readonly origin: string
  readonly host: string
  readonly version: string
  /** The private enterprise number in the names of structured data (RFC 5424, section 7.2.2). */
  readonly enterprise: number
}

/** What every format says of a record. */
export interface AuditFields {
  readonly code: EventCode
  readonly outcome: AuditOutcome
  /** One line for people: the type, the state it is about, what happened. */
  readonly words: string
  /** The members that are there, by the name that they have in every format; none of them holds a control character. */
  readonly members: Readonly<Record<string, string>>
}

/** How much of a record's text is sent. JSON lines have all of it. */
const LONGEST = 1_000

/** What every format says of a record. */
export function auditFields({ event, hash }: AuditRecord, { origin }: AuditSource): AuditFields {
  const code = eventCode(event)
  const words = visibleLine(`${event.type} ${eventWords(event)}`.trim())
  const members = {
    seq: String(event.seq),
    actor: event.actor,
    execution: event.execution,
    device: 'device' in event ? event.device : undefined,
    state: 'state' in event ? event.state : undefined,
    plan: planOf(event),
    outcome: outcomeOf(code),
    origin,
    hash,
  }
  return {
    code,
    outcome: outcomeOf(code),
    // Not in the middle of a character: strict readers of JSON refuse the half of one.
    words: words.length <= LONGEST ? words : `${words.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…`,
    members: Object.fromEntries(
      Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, visibleLine(value)]])),
    ),
  }
}

/** The digest of the plan that an event is about. */
function planOf(event: JournalEvent): string | undefined {
  if (event.type === 'PlanMade') return event.digest
  if (event.type === 'ApprovalDecided') return event.statement.plan
  return 'plan' in event && event.type !== 'ExecutionStarted' ? event.plan : undefined
}
