import { z } from 'zod'
import { NOTICE_KINDS, SEVERITIES } from '../../model/notice.ts'
import { scopes } from '../../model/principal.ts'
import { TRANSPORT_KINDS } from '../../model/transport-kind.ts'
import { count, event, principal, text, texts } from '../envelope-schema.ts'
import { scheduleEventSchemas } from './schedule-event-schema.ts'

const flow = z.enum(['browser', 'device-code', 'ci-token', 'client-credentials'])
const transport = z.enum(TRANSPORT_KINDS)
const needs = z.enum(scopes)
const time = z.iso.datetime()
const notice = z.enum(NOTICE_KINDS)

/** The schemas of the events that are on record for auditors alone. */
export const auditEventSchemas = [
  event('AccessDenied', {
    principal,
    needs,
    reason: text,
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
    workflow: text.exactOptional(),
    plan: text.exactOptional(),
    devices: texts.exactOptional(),
    place: text.exactOptional(),
    leftOut: count.exactOptional(),
  }),
  event('EventReceived', {
    hook: text,
    event: text,
    address: text,
    body: text,
    kind: text.exactOptional(),
    source: text.exactOptional(),
    ignored: text.exactOptional(),
  }),
  event('EventRefused', {
    hook: text,
    reason: text,
    address: text,
    event: text.exactOptional(),
    body: text.exactOptional(),
    leftOut: count.exactOptional(),
  }),
  event('PolicyLoaded', { file: text, policy: text, text: text.exactOptional(), before: text.exactOptional() }),
  event('PolicyRetired', {
    principal,
    file: text,
    policy: text,
    since: time.exactOptional(),
    before: text.exactOptional(),
    reason: text,
    rules: texts,
  }),
  event('BreakGlassUsed', {
    principal,
    needs,
    reason: text,
    rules: texts,
    policy: text,
    plan: text.exactOptional(),
    devices: texts.exactOptional(),
    notify: texts.exactOptional(),
    reviewWithin: count.exactOptional(),
    maxTtl: count.exactOptional(),
  }),
  event('FreezeSet', {
    principal,
    reason: text,
    until: time,
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  event('FreezeEnded', {
    principal,
    freeze: z.int().positive(),
    reason: text,
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  ...scheduleEventSchemas,
  event('ApprovalRefused', {
    plan: text,
    reason: text,
    claimed: text.exactOptional(),
    nonce: text.exactOptional(),
  }),
  event('LoggedIn', { principal, flow, until: time.exactOptional(), stepUp: z.literal(true).exactOptional() }),
  event('LoginFailed', { issuer: text, flow, reason: text }),
  event('LoggedOut', { principal, by: z.literal('provider').exactOptional() }),
  event('SecretResolved', {
    reference: text,
    outcome: z.enum(['ok', 'failed']),
    version: text.exactOptional(),
    until: time.exactOptional(),
    device: text.exactOptional(),
    state: text.exactOptional(),
    reason: text.exactOptional(),
  }),
  event('InsecureAllowed', { device: text, transport }),
  event('HostTrusted', { device: text, transport, fingerprint: text }),
  event('ClockSetBack', { latest: time, now: time }),
  event('KeyRotated', { key: z.enum(['plan', 'server', 'checkpoint']), from: text, to: text, reason: text }),
  event('ClockAccepted', {
    principal,
    reason: text,
    latest: time,
    now: time,
    agreeing: z.int().nonnegative(),
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  event('AuditVerified', {
    size: z.int().nonnegative(),
    root: text,
    outcome: z.enum(['intact', 'tampered']),
    anchors: z.int().nonnegative(),
    reason: text.exactOptional(),
  }),
  event('AuditExported', {
    format: z.enum(['jsonl', 'rfc5424', 'cef', 'otlp', 'html']),
    to: text,
    first: z.int().positive(),
  }),
  event('StoreBackedUp', { to: text }),
  event('StoreRestored', {
    principal,
    reason: text,
    records: z.int().nonnegative(),
    lost: z.int().positive().exactOptional(),
    open: texts,
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  event('StoreSealed', {
    principal,
    reason: text,
    first: z.int().positive(),
    last: z.int().positive(),
    root: text,
    file: z.string().regex(/^records-\d{1,15}-\d{1,15}-[0-9a-f]{16}\.db$/, 'the name of a segment'),
    carried: z.int().nonnegative(),
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  event('NoticeOpened', {
    notice,
    cause: text,
    severity: z.enum(SEVERITIES).exclude(['info']),
    reason: text,
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  }),
  event('NoticeClosed', {
    notice,
    cause: text,
    opened: z.int().positive(),
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  }),
  event('NotificationGivenUp', {
    target: text,
    first: z.int().positive(),
    last: z.int().positive(),
    count: z.int().positive(),
    reason: text,
  }),
  event('DriftCompared', { differs: texts, same: texts }),
] as const
