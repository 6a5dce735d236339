import { z } from 'zod'
import { approvalEventTypes } from './approval-schema.ts'
import { auditEventTypes } from './audit-event.ts'
import { deviceEventTypes } from './device-event.ts'
import { executionEventTypes } from './execution-event.ts'
import { type BodyOf, count, type Envelope, event, outcome, text, texts } from './record-schema.ts'
import { sitesEventTypes } from './sites-event.ts'

// The schemas of the events about other services around a change (docs/around.md).
const aroundEventTypes = [
  event('AroundTurned', { of: ({ phase }) => phase, codes: { begins: 'EF439I', ends: 'EF440I' } }, () => ({
    phase: z.enum(['begins', 'ends']),
    names: texts,
    outcome: outcome.exactOptional(),
  })),
  event(
    'AroundActed',
    {
      of: ({ result }) => result,
      codes: { intended: 'EF441I', done: 'EF442I', failed: 'EF443W', unknown: 'EF444W' },
    },
    () => ({
      entry: count,
      name: text,
      act: z.enum(['ask', 'begin', 'end']),
      result: z.enum(['intended', 'done', 'failed', 'unknown']),
      id: text.exactOptional(),
      said: text.exactOptional(),
    }),
  ),
] as const

// The schemas of the events about budgets of switches under change (docs/workflow.md#a-budget-over-all-executions).
const budgetEventTypes = [
  event('SharesAwaited', 'EF432I', () => ({
    devices: texts,
    full: z
      .array(
        z.strictObject({
          budget: text,
          max: count,
          // Who has its shares, and since when, ISO 8601 in UTC.
          held: z.array(z.strictObject({ execution: text, since: text })).readonly(),
          before: texts,
        }),
      )
      .readonly(),
  })),
  event('SharesTaken', 'EF433I', () => ({
    shares: z.array(z.strictObject({ device: text, share: text })).readonly(),
    seconds: count,
    budgets: z.array(z.strictObject({ budget: text, max: count })).readonly(),
    beside: z.array(z.strictObject({ share: text, execution: text })).readonly(),
  })),
  event('SharesGivenBack', 'EF434I', () => ({ devices: texts, shares: texts })),
] as const

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

export type EventBody = BodyOf<typeof eventTypes>

export type JournalEvent = Envelope & EventBody
export type EventOf<Type extends JournalEvent['type']> = JournalEvent & { readonly type: Type }

export type DecisionRecord = NonNullable<Extract<EventBody, { readonly type: 'TaskStarted' }>['decision']>
