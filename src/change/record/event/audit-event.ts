import { z } from 'zod'
import { NOTICE_KINDS, SEVERITIES } from '../../../model/notice.ts'
import { scopes } from '../../../model/principal.ts'
import { TRANSPORT_KINDS } from '../../../model/transport-kind.ts'
import {
  allowing,
  type BodyOf,
  by,
  count,
  event,
  object,
  objects,
  oneOf,
  onlyTrue,
  optionalCount,
  optionalText,
  optionalTexts,
  positive,
  principal,
  text,
  texts,
  time,
} from './record-schema.ts'

// What one look of an after-watch came to, see `AfterLook`.
const looked = object({
  result: oneOf('good', 'failed', 'unjudged'),
  failedSince: time.exactOptional(),
  unjudgedInARow: count,
  good: count,
  failed: count,
  unjudged: count,
  found: objects({ device: text, check: optionalText, says: text }),
  left: objects({ device: text, because: text }),
  devices: texts,
})

/** Instants are ISO 8601 in UTC. */
export const scheduleEventTypes = [
  event('ScheduleChanged', 'EF140I', {
    schedule: text,
    change: oneOf('loaded', 'removed', 'paused', 'continued'),
    // `every` in seconds.
    tz: optionalText,
    cron: optionalText,
    every: positive.exactOptional(),
    // The change whose checks it judges on, where it is an after-watch that begins.
    after: object({ execution: text, devices: texts, until: time }).exactOptional(),
    principal: principal.exactOptional(),
    reason: optionalText,
    ...allowing,
  }),
  /** An occurrence begins: from here on it is never begun again. */
  event('ScheduleFired', 'EF132I', {
    schedule: text,
    instant: time,
    // What it does: drift, check, snapshot, backup, comply, rehearse, plan, run; `after` for the checks of a change that was confirmed.
    does: text,
    principal: principal.exactOptional(),
  }),
  /** An instant passed without an occurrence, because the one before still ran or because of a window or a freeze. */
  event('ScheduleSkipped', 'EF133W', {
    schedule: text,
    instant: time,
    because: oneOf('overlap', 'outside'),
    reason: text,
  }),
  event('ScheduleMissed', 'EF134W', {
    schedule: text,
    instant: time,
    instants: z.array(time).min(1).readonly(),
    because: oneOf('down', 'paused', 'restored'),
  }),
  event('ScheduleFinished', by('outcome', { ok: 'EF141I', failed: 'EF142E' }), {
    schedule: text,
    instant: time,
    outcome: oneOf('ok', 'failed'),
    reason: text,
    begun: optionalText,
    looked: looked.exactOptional(),
  }),
] as const

export type ScheduleEventBody = BodyOf<typeof scheduleEventTypes>

const storeEventTypes = [
  event('StoreBackedUp', 'EF906I', { to: text }),
  event('StoreRestored', 'EF907W', {
    principal,
    reason: text,
    records: count,
    lost: positive.exactOptional(),
    open: texts,
    // What was begun under a key since the backup is on no record: one that is not there may have been used.
    keys: z.literal('in doubt').exactOptional(),
    ...allowing,
  }),
  event('RecordsMissed', 'EF911E', {
    // The newest that is missing of each chain: the id of an execution, or `register`.
    records: objects({ chain: text, n: positive, hash: z.string().regex(/^[0-9a-f]{64}$/, 'a hash') }),
    through: positive,
  }),
  // A file has all of them, and of them only what rules ask for is in the store (docs/adr/0085).
  event('SegmentRetired', 'EF912W', {
    principal,
    reason: text,
    file: z.string().regex(/^executions-\d{1,15}-\d{1,15}-[0-9a-f]{16}\.jsonl$/, 'the name of a segment'),
    digest: text,
    executions: z.record(text, positive).readonly(),
    // The root of the Merkle tree over the newest record of each of them, base64.
    root: text,
    first: positive,
    last: positive,
    // How many of them are left in the store, and the SHA-256 over their hashes by execution and number, base64.
    carried: count,
    left: text,
    ...allowing,
  }),
  event('StoreMovedTo', 'EF910W', {
    principal,
    reason: text,
    // The id of the copy that is the store from here on, and its address without a password.
    copy: text,
    to: text,
    ...allowing,
  }),
] as const

const approvalAuditTypes = [
  event('ApprovalRefused', 'EF306E', {
    plan: text,
    reason: text,
    claimed: optionalText,
    nonce: optionalText,
  }),
  // The approvals of a plan carry to one that was made again of it: they are none for the first any more
  // (docs/approvals.md#an-approval-that-carries).
  event('ApprovalCarried', 'EF312I', {
    plan: text,
    to: text,
    approved: text,
    nth: count,
    // The approvals, by their nonces, and the rules of the policy, as `policy`, that let them carry.
    nonces: texts,
    rules: texts,
    policy: text,
    // Every line by which the bases differ, redacted, with its sign, its kind and the commands above it, as `block`.
    differences: objects({ device: text, block: text, lines: texts, kind: optionalText }),
    // Absent: none, as always since every line is.
    more: optionalCount,
    principal,
  }),
] as const

const notice = z.enum(NOTICE_KINDS)

// The schemas of events that say what is abnormal, and which messages were given up (docs/notifications.md).
const noticeEventTypes = [
  // Until it is closed, no second notice has the same cause.
  event('NoticeOpened', by('severity', { warn: 'EF135W', page: 'EF136E' }), {
    notice,
    cause: text,
    severity: z.enum(SEVERITIES).exclude(['info']),
    reason: text,
    concerns: optionalText,
    devices: optionalTexts,
  }),
  event('NoticeClosed', 'EF137I', {
    notice,
    cause: text,
    opened: positive,
    concerns: optionalText,
    devices: optionalTexts,
  }),
  event('NotificationGivenUp', 'EF138E', {
    target: text,
    first: positive,
    last: positive,
    count: positive,
    reason: text,
  }),
  event('DriftCompared', 'EF139I', {
    differs: texts,
    same: texts,
    unconfirmed: optionalTexts,
    unread: optionalTexts,
  }),
] as const

// The schemas of events about a process that shares the store with others (docs/workers.md).
const workerEventTypes = [
  event('WorkerDied', 'EF701W', {
    worker: text,
    kind: text,
    // A worker is `worker:NAME` on the records that it has written, with this name; another process has that of its machine.
    name: optionalText,
    sites: texts,
    version: text,
    // Its last sign of life, and when it was declared dead, ISO 8601 in UTC, both by the clock of the store.
    lastSign: time,
    declared: time,
    // Who has declared it dead; absent where the store does not say.
    by: object({ worker: text, name: optionalText }).exactOptional(),
  }),
  event('DrainRequested', 'EF702I', {
    principal,
    worker: text,
    name: optionalText,
    sites: texts,
    version: text,
    ...allowing,
  }),
] as const

const flow = oneOf('browser', 'device-code', 'ci-token', 'client-credentials')
const transport = z.enum(TRANSPORT_KINDS)
const needs = z.enum(scopes)
const exportFormat = oneOf('jsonl', 'rfc5424', 'cef', 'otlp')

export type ExportFormat = z.output<typeof exportFormat>

/** The schemas of events that are on record for auditors alone: no state of an execution follows from them (docs/audit.md#what-is-on-record). None ever holds a secret: a reference at most. */
export const auditEventTypes = [
  event('EventReceived', 'EF130I', {
    // Who has sent it, by its name in the settings; the execution that the event begins has the key `hook:NAME:EVENT`.
    hook: text,
    event: text,
    address: text,
    body: text,
    kind: optionalText,
    source: optionalText,
    ignored: optionalText,
  }),
  event('EventRefused', 'EF131W', {
    hook: text,
    reason: text,
    address: text,
    // The event and its body; absent where nobody knows who has sent it.
    event: optionalText,
    body: optionalText,
    // How many other refusals of this address, of the minute before, a server has left out.
    leftOut: optionalCount,
  }),
  event('AccessDenied', 'EF510E', {
    principal,
    needs,
    reason: text,
    ...allowing,
    workflow: optionalText,
    plan: optionalText,
    devices: optionalTexts,
    // The state that was not begun, and its scope: `Push in RollOutWaves[0].RollOutWave[1]`.
    place: optionalText,
    // How many other denials of this principal, of the minute before, a server has left out.
    leftOut: optionalCount,
  }),
  /** The gate of the policy was asked about a plan (docs/gates.md). */
  event('GateAsked', by('decision', { allow: 'EF517I', deny: 'EF518E', require: 'EF519W', none: 'EF520E' }), {
    moment: oneOf('plan', 'push'),
    plan: text,
    input: text,
    decision: oneOf('allow', 'deny', 'require', 'none'),
    reasons: optionalTexts,
    require: object({ count, from: texts }).exactOptional(),
    bundle: optionalText,
  }),
  /** Somebody has published the files of a project (docs/bundles.md). */
  event('BundlePublished', 'EF516W', {
    bundle: text,
    manifest: text,
    files: count,
    version: text,
    principal,
    reason: optionalText,
    before: optionalText,
    ...allowing,
  }),
  event('PolicyLoaded', 'EF511I', {
    file: text,
    policy: text,
    text: optionalText,
    // The digest of the policy that was demanded here until then; absent where none was.
    before: optionalText,
  }),
  event('PolicyRetired', 'EF513W', {
    principal,
    file: text,
    policy: text,
    // When it came into force here, ISO 8601 in UTC, and the digest of the one that it took the place of: who edits a policy can let
    // themselves retire it.
    since: time.exactOptional(),
    before: optionalText,
    reason: text,
    rules: texts,
  }),
  event('SecretsBackedUp', 'EF521W', { devices: texts, folder: text }),
  event('BreakGlassUsed', 'EF512W', {
    principal,
    needs,
    reason: text,
    rules: texts,
    policy: text,
    plan: optionalText,
    devices: optionalTexts,
    // Whom to notify, and within how many seconds it is to be reviewed and must be over.
    notify: optionalTexts,
    reviewWithin: optionalCount,
    maxTtl: optionalCount,
  }),
  event('FreezeSet', 'EF514W', {
    principal,
    reason: text,
    // ISO 8601 in UTC.
    until: time,
    ...allowing,
  }),
  event('FreezeEnded', 'EF515W', {
    principal,
    freeze: positive,
    reason: text,
    ...allowing,
  }),
  ...scheduleEventTypes,
  ...approvalAuditTypes,
  event('LoggedIn', 'EF501I', {
    principal,
    flow,
    // When the session ends, ISO 8601 in UTC.
    until: time.exactOptional(),
    // It was asked for a second proof, for an approval.
    stepUp: onlyTrue,
  }),
  event('LoginFailed', 'EF502E', { issuer: text, flow, reason: text }),
  event('LoggedOut', 'EF503I', {
    principal,
    by: z.literal('provider').exactOptional(),
  }),
  event('SecretResolved', by('outcome', { ok: 'EF601I', failed: 'EF602E' }), {
    reference: text,
    outcome: oneOf('ok', 'failed'),
    version: optionalText,
    // When it ends to be good, ISO 8601 in UTC.
    until: time.exactOptional(),
    device: optionalText,
    state: optionalText,
    reason: optionalText,
  }),
  /** A switch was spoken to without proof of who it is, because both switches that allow it were set. */
  event('InsecureAllowed', 'EF610W', { device: text, transport }),
  event('HostTrusted', 'EF611W', {
    device: text,
    transport,
    // `SHA256:` and base64, as ssh-keygen prints it, or the pin of a certificate's key.
    fingerprint: text,
  }),
  event('ProbeBegun', 'EF613W', { device: text, probe: text, lines: texts }),
  event('ProbeEnded', by('outcome', { clean: 'EF614I', left: 'EF615E', unknown: 'EF616E' }), {
    device: text,
    probe: text,
    outcome: oneOf('clean', 'left', 'unknown'),
    remains: optionalTexts,
  }),
  event('ClockSetBack', 'EF904W', { latest: time, now: time }),
  event('KeyRotated', 'EF612W', {
    key: oneOf('plan', 'server', 'checkpoint', 'install'),
    from: text,
    to: text,
    reason: text,
    principal: principal.exactOptional(),
    proofs: object({ from: text, to: text }).exactOptional(),
  }),
  event('ClockAccepted', 'EF905W', {
    principal,
    reason: text,
    // The highest wall time that was on record, and what the clock said, ISO 8601 in UTC.
    latest: time,
    now: time,
    agreeing: count,
    ...allowing,
  }),
  event('AuditVerified', by('outcome', { intact: 'EF901I', tampered: 'EF902E' }), {
    size: count,
    root: text,
    outcome: oneOf('intact', 'tampered'),
    anchors: count,
    reason: optionalText,
  }),
  event('AuditExported', 'EF903I', {
    format: oneOf('jsonl', 'rfc5424', 'cef', 'otlp', 'html'),
    to: text,
    first: positive,
  }),
  ...storeEventTypes,
  ...workerEventTypes,
  ...noticeEventTypes,
] as const

export type AuditEventBody = BodyOf<typeof auditEventTypes>

const AUDIT_EVENTS: ReadonlySet<string> = new Set(auditEventTypes.map(({ type }) => type))

export function isAuditEvent<E extends { readonly type: string }>(event: E): event is Extract<E, AuditEventBody> {
  return AUDIT_EVENTS.has(event.type)
}
