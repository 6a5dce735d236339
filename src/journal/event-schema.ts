import { z } from 'zod'
import { COMMIT_ID } from '../model/commit-id.ts'
import { EosflowError } from '../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { approvalEventSchemas } from './approval-schema.ts'
import { auditEventSchemas } from './audit/audit-event-schema.ts'
import { count, event, principal, text, texts } from './envelope-schema.ts'
import type { JournalEvent } from './event.ts'
import { sitesEventSchemas } from './sites-event.ts'
import { malformedRecord, newerRecord, unreadableRecord } from './unread-record.ts'

// What comes here was parsed from JSON text, so anything that is there is a JSON value.
const json = z.custom<Json>((value) => value !== undefined)
const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value as Json))

const leftOutBy = z.enum(['maxFailures', 'skip-unreachable'])
const error = z.strictObject({
  kind: z.enum([
    'unreachable',
    'lost-answer',
    'unauthenticated',
    'tls',
    'refused',
    'protocol',
    'wrong-device',
    'stale',
    'not-approved',
    'not-authorised',
    'window-closed',
    'busy',
    'guard',
    'verification',
    'rollback-incomplete',
    'cancelled',
    'state-failed',
    'clock',
    'store',
    'secret',
    'inventory-source',
    'inventory-count',
    'inventory-fewer',
    'inventory-exec',
    'bug',
  ]),
  message: text,
  device: text.exactOptional(),
  command: text.exactOptional(),
  hint: text.exactOptional(),
  name: text.nullable().exactOptional(),
  cause: text.nullable().exactOptional(),
})

const verdict = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pass'), facts: texts }),
  z.strictObject({ status: z.literal('fail'), reasons: z.tuple([text], text).readonly() }),
  z.strictObject({ status: z.literal('skip'), reason: text }),
  z.strictObject({ status: z.literal('error'), reason: text }),
])

const act = z.enum([
  'hold',
  'release',
  'stage',
  'replay',
  'prune',
  'arm',
  'confirm',
  'save',
  'abort',
  'restore',
  'boot',
])
const deviceEnd = z.enum(['untouched', 'unchanged', 'changed', 'reverted', 'unknown'])
const outcome = z.enum([
  'planned',
  'nothing-to-do',
  'succeeded',
  'tolerated',
  'refused',
  'rolled-back',
  'cancelled',
  'failed',
  'unknown',
])

const scope = { path: text, state: text }
const decision = z.strictObject({ policy: text, rules: texts, rollback: texts.exactOptional() })

const schema = z.discriminatedUnion('type', [
  event('ExecutionStarted', {
    purpose: z.enum(['plan', 'run']),
    workflow: text,
    file: text,
    definition: text,
    interpreter: z.union([z.literal(1), z.literal(2)]),
    machine: json,
    params: jsonObject,
    requester: principal,
    targets: texts,
    asked: z.strictObject({ only: text.exactOptional(), exact: z.literal(true).exactOptional() }).exactOptional(),
    plan: text.exactOptional(),
    input: json.exactOptional(),
    context: jsonObject.exactOptional(),
    network: text.exactOptional(),
    request: z.strictObject({ key: text, of: text }).exactOptional(),
    skipUnreachable: z.literal(true).exactOptional(),
    trace: text.exactOptional(),
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
    bundle: text.exactOptional(),
    part: z.strictObject({ of: text, site: text }).exactOptional(),
    divided: z.literal(true).exactOptional(),
    site: text.exactOptional(),
  }),
  event('ExecutionResumed', {
    abandoned: texts.exactOptional(),
    byItself: z.literal(true).exactOptional(),
    ownerDied: z.literal(true).exactOptional(),
    asks: z.literal(true).exactOptional(),
    restored: z.literal(true).exactOptional(),
  }),
  event('ExecutionRedriven', {}),
  event('StateEntered', scope),
  event('TaskStarted', { ...scope, attempt: count, device: text.exactOptional(), decision: decision.exactOptional() }),
  event('TaskScheduled', {
    ...scope,
    attempt: count,
    arguments: json,
    timeoutSeconds: z.number().exactOptional(),
    heartbeatSeconds: z.number().exactOptional(),
    device: text.exactOptional(),
  }),
  event('TaskSucceeded', { ...scope, output: json, device: text.exactOptional() }),
  event('TaskSubmitted', { ...scope, token: text, output: json.exactOptional() }),
  event('TaskHeartbeat', { ...scope, signal: count }),
  event('TaskFailed', { ...scope, error, device: text.exactOptional() }),
  event('TaskTimedOut', { ...scope, error, device: text.exactOptional() }),
  event('TaskWaiting', { ...scope, plan: text }),
  event('MapStarted', {
    ...scope,
    items: z.array(json).readonly(),
    inputs: z.array(json).readonly().exactOptional(),
    maxConcurrency: count.exactOptional(),
    tolerated: count.exactOptional(),
  }),
  event('MapFailed', { ...scope, error }),
  event('ParallelStarted', { ...scope, input: json }),
  event('ParallelFailed', { ...scope, error }),
  event('WaitStarted', { ...scope, until: text }),
  event('EvaluationFailed', { ...scope, error, location: text.exactOptional() }),
  event('RetryScheduled', { ...scope, retrier: count, attempt: count, until: text, error }),
  event('StateExited', {
    ...scope,
    output: json.exactOptional(),
    assigned: jsonObject.exactOptional(),
    next: text.exactOptional(),
    caught: count.exactOptional(),
  }),
  event('StateFailed', { ...scope, error }),
  event('StateAborted', scope),
  event('TaskUndoStarted', { ...scope, write: count }),
  event('TaskUndoFinished', { ...scope, write: count, error: error.exactOptional() }),
  event('SignalSent', {
    token: text,
    answer: z.discriminatedUnion('signal', [
      z.strictObject({ signal: z.literal('success'), output: json }),
      z.strictObject({ signal: z.literal('failure'), error: text.nullable(), cause: text.nullable() }),
      z.strictObject({ signal: z.literal('heartbeat') }),
    ]),
  }),
  event('StopRequested', { stopped: text, reason: text }),
  event('SuspendRequested', { suspended: text, reason: text }),
  event('DeviceReleased', { device: text, released: text, reason: text }),
  event('PlanMade', {
    digest: text,
    plan: text,
    waves: z.array(texts).readonly(),
    unchanged: texts,
    bases: text.exactOptional(),
    canaries: texts.exactOptional(),
    leftOut: z
      .array(z.strictObject({ name: text, by: leftOutBy }))
      .readonly()
      .exactOptional(),
  }),
  event('DeviceLeftOut', { device: text, by: leftOutBy, error }),
  ...approvalEventSchemas,
  event('ActIntended', {
    device: text,
    act,
    session: text,
    checkpoint: text.exactOptional(),
    seconds: count.exactOptional(),
    lines: texts.exactOptional(),
    patience: count.exactOptional(),
    locked: z.boolean().exactOptional(),
    checkpoints: texts.exactOptional(),
    overwrites: texts.exactOptional(),
    held: text.exactOptional(),
  }),
  event('ActFinished', {
    device: text,
    act,
    session: text,
    outcome: z.enum(['done', 'refused', 'unknown']),
    error: error.exactOptional(),
    base: text.exactOptional(),
    target: text.exactOptional(),
    startup: text.exactOptional(),
    replaced: text.exactOptional(),
    overwrites: texts.exactOptional(),
  }),
  event('DeviceSettled', {
    device: text,
    found: z.enum(['base', 'armed', 'target', 'other', 'unreachable']),
    detail: text,
    unrecorded: texts.exactOptional(),
  }),
  event('VerdictGiven', {
    device: text,
    check: text,
    of: text.exactOptional(),
    nth: count.exactOptional(),
    round: count,
    verdict,
  }),
  event('CompensationStarted', { reason: z.enum(['failure', 'cancelled', 'timed-out']), error }),
  event('UndoStarted', { device: text }),
  event('UndoFinished', { device: text, end: deviceEnd, detail: text }),
  event('ExecutionEnded', {
    outcome,
    error: error.exactOptional(),
    output: json.exactOptional(),
    devices: z.record(text, deviceEnd).readonly(),
    records: count.exactOptional(),
  }),
  event('SnapshotTaken', {
    name: text,
    snapshot: text,
    devices: texts,
    baseline: texts.exactOptional(),
    notices: texts.exactOptional(),
  }),
  ...sitesEventSchemas(outcome, deviceEnd),
  ...auditEventSchemas,
])

/** A type with every optional member made required, so that an optional member that one side lacks counts as a difference. */
type Full<T> = Json extends T ? T : JsonObject extends T ? T : T extends object ? { [K in keyof T]-?: Full<T[K]> } : T
type Covered<A extends B, B> = A
type Parsed = z.output<typeof schema>
type Agreement = [Covered<Full<Parsed>, Full<JournalEvent>>, Covered<Full<JournalEvent>, Full<Parsed>>]

/** An event as the schema of version 1 reads it. Fails to compile when the schema and the event union differ, either way. */
export type StoredEvent = Agreement extends readonly unknown[] ? JournalEvent : never

/** How records of a type are read, and how many were. */
interface Reading {
  readonly schema: z.ZodType<Parsed>
  records: number
}

/** So many records of a type are read before Zod makes code of its schema: a command reads a few of each, and the code costs more than it saves then. */
const READ_BEFORE_CODE = 50

const READING_OF: ReadonlyMap<unknown, Reading> = new Map(
  schema.options.map((option) => [option.shape.type.value, { schema: option, records: 0 }]),
)

/**
 * Reads the body of a journal record. Throws `store`, by name, on a version, a type, a member or a word that this eosflow does not know: a newer one
 * has written it; and on an event that is not as its type says.
 */
export function parseEvent(body: string): StoredEvent {
  const value = parseObject(body)
  const { v, type } = value
  if (v !== 1) {
    if (typeof v !== 'number' || v < 1) throw malformedRecord(`journal record: its version is ${JSON.stringify(v)}`)
    throw newerRecord(`a journal record of version ${v}, and this one reads version 1`)
  }
  const reading = READING_OF.get(type)
  if (reading === undefined) {
    if (typeof type !== 'string') throw malformedRecord(`journal record: its type is ${JSON.stringify(type)}`)
    throw newerRecord(`a journal record of the type ${JSON.stringify(type)}, which this one does not know`)
  }
  reading.records += 1
  const parsed = reading.schema.safeParse(value, { jitless: reading.records < READ_BEFORE_CODE })
  if (!parsed.success) throw unreadableRecord(String(type), parsed.error.issues[0])
  return parsed.data
}

function parseObject(body: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(body) as Json
  } catch (cause) {
    throw new EosflowError('store', 'a journal record is not JSON', { cause })
  }
  if (!isJsonObject(value)) throw new EosflowError('store', 'a journal record is not a JSON object')
  return value
}
