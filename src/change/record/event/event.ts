import { z } from 'zod'
import { approvalEventTypes } from './approval-schema.ts'
import { auditEventTypes } from './audit-event.ts'
import { deviceEventTypes } from './device-event.ts'
import { executionEventTypes } from './execution-event.ts'
import { type BodyOf, count, type Envelope, event, outcome, text, texts } from './record-schema.ts'
import { sitesEventTypes } from './sites-event.ts'

/** The schemas of the events about other services around a change (docs/around.md). */
const aroundEventTypes = [
  /** Before the first push other services hear that a change begins, and behind its last switch how it ended. */
  event('AroundTurned', { of: ({ phase }) => phase, codes: { begins: 'EF439I', ends: 'EF440I' } }, () => ({
    phase: z.enum(['begins', 'ends']),
    /** How each is called, in the order of the plan. */
    names: texts,
    /** How the change ended, where it ends. */
    outcome: outcome.exactOptional(),
  })),
  /** A service was asked about a change, or has heard of it. `intended`: it is about to be; `unknown`: an answer was lost, and more may have been begun there than is known. */
  event(
    'AroundActed',
    {
      of: ({ result }) => result,
      codes: { intended: 'EF441I', done: 'EF442I', failed: 'EF443W', unknown: 'EF444W' },
    },
    () => ({
      /** Its place in the plan. */
      entry: count,
      name: text,
      act: z.enum(['ask', 'begin', 'end']),
      result: z.enum(['intended', 'done', 'failed', 'unknown']),
      /** What the service calls what was begun there. */
      id: text.exactOptional(),
      /** What was read there, or why it could not be done. */
      said: text.exactOptional(),
    }),
  ),
] as const

/** The schemas of the events about budgets of switches under change (docs/workflow.md#a-budget-over-all-executions). */
const budgetEventTypes = [
  /** Switches are not changed yet: a budget of switches under change is full, or others have come before. */
  event('SharesAwaited', 'EF432I', () => ({
    devices: texts,
    full: z
      .array(
        z.strictObject({
          budget: text,
          max: count,
          /** Who has its shares, and since when, ISO 8601 in UTC. */
          held: z.array(z.strictObject({ execution: text, since: text })).readonly(),
          /** Who has come earlier, and waits. */
          before: texts,
        }),
      )
      .readonly(),
  })),
  /** The shares of budgets under which switches are changed from now on, all of them or none. They are leased as switches are. */
  event('SharesTaken', 'EF433I', () => ({
    shares: z.array(z.strictObject({ device: text, share: text })).readonly(),
    /** The commit timer of the switches. */
    seconds: count,
    budgets: z.array(z.strictObject({ budget: text, max: count })).readonly(),
    /** The shares of lower numbers, and who has them. */
    beside: z.array(z.strictObject({ share: text, execution: text })).readonly(),
  })),
  /** Switches are under change no more: their change is kept for good, or they were put back. */
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

/** The body of a journal event. */
export type EventBody = BodyOf<typeof eventTypes>

/** One record of the journal: at once an event to recover from and an audit record. */
export type JournalEvent = Envelope & EventBody

/** By what a policy allowed the start of a state. */
export type DecisionRecord = NonNullable<Extract<EventBody, { readonly type: 'TaskStarted' }>['decision']>
