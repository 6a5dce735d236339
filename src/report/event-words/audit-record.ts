import type { JournalEvent } from '../../change/record/event/event.ts'
import { type AuditOutcome, type EventCode, eventCode, outcomeOf } from '../../change/record/event/event-code.ts'
import type { TraceParent } from '../../model/trace-parent.ts'
import { visibleLine } from '../text/visible.ts'
import { eventWords } from './table.ts'

export interface AuditRecord {
  readonly event: JournalEvent
  /** The body, byte for byte as it was hashed. */
  readonly body: string
  readonly hash: string
  readonly trace?: TraceParent
}

export interface AuditSource {
  readonly origin: string
  readonly host: string
  readonly version: string
  /** The private enterprise number in the names of structured data (RFC 5424, section 7.2.2). */
  readonly enterprise: number
}

interface AuditFields {
  readonly code: EventCode
  readonly outcome: AuditOutcome
  readonly words: string
  readonly members: Readonly<Record<string, string>>
}

const LONGEST = 1_000

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

function planOf(event: JournalEvent) {
  if (event.type === 'PlanMade') return event.digest
  if (event.type === 'ApprovalDecided') return event.statement.plan
  return 'plan' in event && event.type !== 'ExecutionStarted' ? event.plan : undefined
}
