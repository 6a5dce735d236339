import { auditEventTypes } from './audit-event.ts'
import { deviceEventTypes, executionEventTypes } from './execution-event.ts'
import {
  approvalEventTypes,
  type BodyOf,
  by,
  count,
  type Envelope,
  event,
  objects,
  oneOf,
  optionalText,
  outcome,
  sitesEventTypes,
  text,
  texts,
} from './record-schema.ts'

// The schemas of the events about other services around a change (docs/around.md).
const aroundEventTypes = [
  event('AroundTurned', by('phase', { begins: 'EF439I', ends: 'EF440I' }), {
    phase: oneOf('begins', 'ends'),
    names: texts,
    outcome: outcome.exactOptional(),
  }),
  event('AroundActed', by('result', { intended: 'EF441I', done: 'EF442I', failed: 'EF443W', unknown: 'EF444W' }), {
    entry: count,
    name: text,
    act: oneOf('ask', 'begin', 'end'),
    result: oneOf('intended', 'done', 'failed', 'unknown'),
    id: optionalText,
    said: optionalText,
  }),
] as const

// The schemas of the events about budgets of switches under change (docs/workflow.md#a-budget-over-all-executions).
const budgetEventTypes = [
  event('SharesAwaited', 'EF432I', {
    devices: texts,
    full: objects({
      budget: text,
      max: count,
      // Who has its shares, and since when, ISO 8601 in UTC.
      held: objects({ execution: text, since: text }),
      before: texts,
    }),
  }),
  event('SharesTaken', 'EF433I', {
    shares: objects({ device: text, share: text }),
    seconds: count,
    budgets: objects({ budget: text, max: count }),
    beside: objects({ share: text, execution: text }),
  }),
  event('SharesGivenBack', 'EF434I', { devices: texts, shares: texts }),
] as const

export type { ApprovalStatement } from '../../../model/approval.ts'
export type { ArtefactRef, Envelope, Outcome } from './record-schema.ts'

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

/** The types of records that a feature writes into an execution, and its name: an execution that has one owes it to that feature. */
export const RECORDS_OF_FEATURES = {
  AroundActed: 'around',
  AroundTurned: 'around',
  CloudVisionAsked: 'cloudvision',
  GateAsked: 'gate',
  JudgesMeasured: 'judge',
  ProbesMeasured: 'probe',
} as const satisfies Partial<Record<EventBody['type'], string>>
export type RecordOfFeature = keyof typeof RECORDS_OF_FEATURES

export type JournalEvent = Envelope & EventBody
export type EventOf<Type extends JournalEvent['type']> = JournalEvent & { readonly type: Type }

// Records of features of which the newest counts: until a redrive, and after it if a switch may have stayed changed.
const NOTED = ['JudgesMeasured'] as const satisfies readonly RecordOfFeature[]
export type NotedRecords = { readonly [Type in (typeof NOTED)[number]]?: EventOf<Type> }

export function isOfFeature(event: JournalEvent): event is EventOf<RecordOfFeature> {
  return Object.hasOwn(RECORDS_OF_FEATURES, event.type)
}

export function isNoted(event: JournalEvent): event is EventOf<(typeof NOTED)[number]> {
  return NOTED.some((type) => type === event.type)
}

export type DecisionRecord = NonNullable<Extract<EventBody, { readonly type: 'TaskStarted' }>['decision']>
