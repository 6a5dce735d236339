import { z } from 'zod'
import { approvalEventSchemas } from './approval-schema.ts'
import { auditEventSchemas } from './audit/audit-event.ts'
import { deviceEventSchemas } from './device-event.ts'
import { executionEventSchemas } from './execution-event.ts'
import type { BodyOf, Envelope } from './record-schema.ts'
import { sitesEventSchemas } from './sites-event.ts'

export type { ApprovalStatement } from '../model/approval.ts'
export type { ArtefactRef } from './artefact-ref.ts'
export type { Outcome } from './outcome.ts'
export type { Envelope } from './record-schema.ts'

const schemas = [
  ...executionEventSchemas,
  ...approvalEventSchemas,
  ...deviceEventSchemas,
  ...sitesEventSchemas,
  ...auditEventSchemas,
] as const

/** The schema of a record of version 1. */
export const eventSchema = z.discriminatedUnion('type', schemas)

/** The body of a journal event. */
export type EventBody = BodyOf<typeof schemas>

/** One record of the journal: at once an event to recover from and an audit record. */
export type JournalEvent = Envelope & EventBody

/** By what a policy allowed the start of a state. */
export type DecisionRecord = NonNullable<Extract<EventBody, { readonly type: 'TaskStarted' }>['decision']>
