import { approvalEventTypes } from './approval-schema.ts'
import { aroundEventTypes } from './around-event.ts'
import { auditEventTypes } from './audit-event.ts'
import { budgetEventTypes } from './budget-event.ts'
import { deviceEventTypes } from './device-event.ts'
import { executionEventTypes } from './execution-event.ts'
import type { BodyOf, Envelope } from './record-schema.ts'
import { sitesEventTypes } from './sites-event.ts'

export type { ApprovalStatement } from '../../../model/approval.ts'
export type { ArtefactRef } from './artefact-ref.ts'
export type { Outcome } from './outcome.ts'
export type { Envelope } from './record-schema.ts'

/** Every type of record of version 1. */
export const eventTypes = [
  ...executionEventTypes,
  ...approvalEventTypes,
  ...deviceEventTypes,
  ...aroundEventTypes,
  ...budgetEventTypes,
  ...sitesEventTypes,
  ...auditEventTypes,
] as const

/** The body of a journal event. */
export type EventBody = BodyOf<typeof eventTypes>

/** One record of the journal: at once an event to recover from and an audit record. */
export type JournalEvent = Envelope & EventBody

/** By what a policy allowed the start of a state. */
export type DecisionRecord = NonNullable<Extract<EventBody, { readonly type: 'TaskStarted' }>['decision']>
