import { z } from 'zod'
import { NOTICE_KINDS, SEVERITIES } from '../../../model/notice.ts'
import { scopes } from '../../../model/principal.ts'
import { TRANSPORT_KINDS } from '../../../model/transport-kind.ts'
import { type BodyOf, count, event, principal, text, texts } from './record-schema.ts'
import { scheduleEventTypes } from './schedule-event.ts'

/** The schemas of events that are about the store as a whole: it was copied, restored or moved, records left it, or it lacks some. */
const storeEventTypes = [
  /** The store is copied into a file, which ends with this record. */
  event('StoreBackedUp', 'EF906I', () => ({ to: text })),
  /**
   * A backup was put into the place of the store: this is the first record behind it. What was written after the
   * backup is lost. No lease, no task token and no approval from before this record counts any more.
   */
  event('StoreRestored', 'EF907W', () => ({
    principal,
    reason: text,
    /** How many records the backup has. */
    records: z.int().nonnegative(),
    /** The number of the newest record that is known to be lost. Absent where nothing vouches for one. */
    lost: z.int().positive().exactOptional(),
    /** The executions that were open in the backup: what became of them is on no record. */
    open: texts,
    /** What was begun under a key since the backup is on no record: one that is not there may have been used. Absent: somebody has accepted that. */
    keys: z.literal('in doubt').exactOptional(),
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /**
   * This store has acknowledged records to a machine, and does not have them: it was put back to an earlier time, or
   * a server took over that did not have them. Nothing leads on until a `StoreRestored` accepts that.
   */
  event('RecordsMissed', 'EF911E', () => ({
    /** The newest that is missing of each chain: the id of an execution, or `register`. At most a hundred. */
    records: z
      .array(z.strictObject({ chain: text, n: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/, 'a hash') }))
      .readonly(),
    /** The highest position among all of them. */
    through: z.int().positive(),
  })),
  /**
   * Of a store in a database: the records of executions that have ended left it. A file has all of them, and of them
   * only what rules ask for is in the store (docs/adr/0085).
   */
  event('SegmentRetired', 'EF912W', () => ({
    principal,
    reason: text,
    /** The name of the file, and its SHA-256 in base64. */
    file: z.string().regex(/^executions-\d{1,15}-\d{1,15}-[0-9a-f]{16}\.jsonl$/, 'the name of a segment'),
    digest: text,
    /** How many records each execution has, by its id. */
    executions: z.record(text, z.int().positive()).readonly(),
    /** The root of the Merkle tree over the newest record of each of them, base64. */
    root: text,
    /** The positions of the first and of the last of these records. */
    first: z.int().positive(),
    last: z.int().positive(),
    /** How many of them are left in the store, and the SHA-256 over their hashes by execution and number, base64. */
    carried: z.int().nonnegative(),
    left: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** The store was moved from its file into a database: nothing is written to the file behind this record, and the record goes on there. */
  event('StoreMovedTo', 'EF910W', () => ({
    principal,
    reason: text,
    /** The id of the copy that is the store from here on, and its address without a password. */
    copy: text,
    to: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
] as const

/** The schemas of the events about decisions that belong to no execution: what was not taken, and what became of what was. */
const approvalAuditTypes = [
  /** A decision about a plan was handed in and not taken: its signature, its time, its digest or its signer is not good. */
  event('ApprovalRefused', 'EF306E', () => ({
    plan: text,
    reason: text,
    /** Who the statement says it is from, which need not be true. */
    claimed: text.exactOptional(),
    nonce: text.exactOptional(),
  })),
  /** The approvals of a plan carry to one that was made again of it: they are none for the first any more (docs/approvals.md#an-approval-that-carries). */
  event('ApprovalCarried', 'EF312I', () => ({
    /** The plan that people approved, and the plan that was made again of it, by their digests. */
    plan: text,
    to: text,
    /** The first of them as a text. */
    approved: text,
    /** Counts the plans to which its approvals have carried. */
    nth: count,
    /** The approvals, by their nonces, and the rules of the policy, as `policy`, that let them carry. */
    nonces: texts,
    rules: texts,
    policy: text,
    /** Every line by which the bases differ, redacted, with its sign, its kind and the commands above it, as `block`. */
    differences: z
      .array(z.strictObject({ device: text, block: text, lines: texts, kind: text.exactOptional() }))
      .readonly(),
    /** How many lines more differ than are listed. Absent: none, as always since every line is. */
    more: count.exactOptional(),
    principal,
  })),
] as const

const notice = z.enum(NOTICE_KINDS)

/**
 * The schemas of events that say what is abnormal, and which messages were given up (docs/notifications.md). None belongs to an execution: the one
 * that it is about goes on without it.
 */
const noticeEventTypes = [
  /** Something abnormal has begun. Until it is closed, no second notice has the same cause. */
  event('NoticeOpened', { of: ({ severity }) => severity, codes: { warn: 'EF135W', page: 'EF136E' } }, () => ({
    notice,
    /** What it is about, in one word or two: equal for everything that has the same cause. */
    cause: text,
    severity: z.enum(SEVERITIES).exclude(['info']),
    reason: text,
    /** The execution that it is about. */
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  })),
  /** It has ended. */
  event('NoticeClosed', 'EF137I', () => ({
    notice,
    cause: text,
    /** The number of the record that opened it. */
    opened: z.int().positive(),
    /** The execution that it is about. */
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  })),
  /** A target has taken nothing for so long that what is that old is not sent any more. */
  event('NotificationGivenUp', 'EF138E', () => ({
    target: text,
    /** The first and the last record whose notification it lacks, and how many those are. */
    first: z.int().positive(),
    last: z.int().positive(),
    count: z.int().positive(),
    reason: text,
  })),
  /** Somebody has compared switches with the last configuration that was confirmed on them. */
  event('DriftCompared', 'EF139I', () => ({
    differs: texts,
    same: texts,
    /** Those that had nothing to be compared with. */
    unconfirmed: texts.exactOptional(),
    /** Those that could not be read. */
    unread: texts.exactOptional(),
  })),
] as const

/** The schemas of events about a process that shares the store with others (docs/workers.md). */
const workerEventTypes = [
  /** A process gave no sign of life for its term, and another one has declared it dead: once for each. */
  event('WorkerDied', 'EF701W', () => ({
    /** Its id in the store. */
    worker: text,
    /** `worker`, `server` or `client`. */
    kind: text,
    /**
     * A worker is `worker:NAME` on the records that it has written, with this name; another process has that of its
     * machine. Absent where it was opened without one.
     */
    name: text.exactOptional(),
    sites: texts,
    /** Of eosflow. */
    version: text,
    /** Its last sign of life, and when it was declared dead, ISO 8601 in UTC, both by the clock of the store. */
    lastSign: z.iso.datetime(),
    declared: z.iso.datetime(),
    /** Who has declared it dead; absent where the store does not say. */
    by: z.strictObject({ worker: text, name: text.exactOptional() }).exactOptional(),
  })),
  /** Somebody asks a worker to take nothing more, and to end. */
  event('DrainRequested', 'EF702I', () => ({
    principal,
    /** Its id in the store, and the name with which it is on record. */
    worker: text,
    name: text.exactOptional(),
    sites: texts,
    version: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
] as const

/** How an identity provider was asked who somebody is. */
const flow = z.enum(['browser', 'device-code', 'ci-token', 'client-credentials'])
const transport = z.enum(TRANSPORT_KINDS)
const needs = z.enum(scopes)
const time = z.iso.datetime()
const exportFormat = z.enum(['jsonl', 'rfc5424', 'cef', 'otlp'])

/** The forms in which records leave the store. */
export type ExportFormat = z.output<typeof exportFormat>

/**
 * The schemas of events that are on record for auditors alone: no state of an execution follows from them
 * (docs/audit.md#what-is-on-record). Each belongs to the execution that it happened in, or to none. None ever holds
 * a secret: a reference at most.
 */
export const auditEventTypes = [
  /** A system outside has sent an event that is its own: its signature, its token or its certificate is good. */
  event('EventReceived', 'EF130I', () => ({
    /** Who has sent it, by its name in the settings; the execution that the event begins has the key `hook:NAME:EVENT`. */
    hook: text,
    /** Its name among the events of its sender. */
    event: text,
    address: text,
    /** The body, without secrets. */
    body: text,
    /** What its sender calls events of this kind. */
    kind: text.exactOptional(),
    source: text.exactOptional(),
    /** Why it makes nothing; absent where it may. */
    ignored: text.exactOptional(),
  })),
  /** Something was sent to where events come in, and not taken. Nothing has begun. */
  event('EventRefused', 'EF131W', () => ({
    hook: text,
    reason: text,
    address: text,
    /** The event and its body; absent where nobody knows who has sent it. */
    event: text.exactOptional(),
    body: text.exactOptional(),
    /** How many other refusals of this address, of the minute before, a server has left out. */
    leftOut: count.exactOptional(),
  })),
  /** Somebody was not let do something. Nothing was sent to a switch. */
  event('AccessDenied', 'EF510E', () => ({
    principal,
    needs,
    reason: text,
    /** The rules of the policy that decided, by name; none where nothing allowed it. */
    rules: texts.exactOptional(),
    /** The digest of the policy that decided. */
    policy: text.exactOptional(),
    workflow: text.exactOptional(),
    /** The digest of the plan it was about. */
    plan: text.exactOptional(),
    devices: texts.exactOptional(),
    /** The state that was not begun, and its scope: `Push in RollOutWaves[0].RollOutWave[1]`. */
    place: text.exactOptional(),
    /** How many other denials of this principal, of the minute before, a server has left out. */
    leftOut: count.exactOptional(),
  })),
  /** The gate of the policy was asked about a plan (docs/gates.md). */
  event(
    'GateAsked',
    { of: ({ decision }) => decision, codes: { allow: 'EF517I', deny: 'EF518E', require: 'EF519W', none: 'EF520E' } },
    () => ({
      moment: z.enum(['plan', 'push']),
      /** The digest of the plan; when it is made, of the plan without its answer. */
      plan: text,
      /** The digest of the document that it was asked about. */
      input: text,
      /** `none`: no good answer in time, which is a denial. */
      decision: z.enum(['allow', 'deny', 'require', 'none']),
      /** Its reasons, or why there is no answer. */
      reasons: texts.exactOptional(),
      require: z.strictObject({ count, from: texts }).exactOptional(),
      /** What it says that it decided by. */
      bundle: text.exactOptional(),
    }),
  ),
  /**
   * Somebody has published the files of a project (docs/bundles.md). The newest record says which policy, inventory
   * and trusted keys are in force.
   */
  event('BundlePublished', 'EF516W', () => ({
    /** Its digest: of the list of its files, each with the digest of its content. */
    bundle: text,
    /** The list, with the artefact of each file. */
    manifest: text,
    /** How many files it has. */
    files: count,
    /** The version of eosflow that has validated them. */
    version: text,
    principal,
    reason: text.exactOptional(),
    /** The digest of the bundle before it. */
    before: text.exactOptional(),
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** A policy came into force here that was not the one before. */
  event('PolicyLoaded', 'EF511I', () => ({
    file: text,
    /** Its digest. */
    policy: text,
    /** The text of the file. */
    text: text.exactOptional(),
    /** The digest of the policy that was demanded here until then; absent where none was. */
    before: text.exactOptional(),
  })),
  /** The newest policy that was in force here is to be demanded no longer, by the word of somebody whom it lets say so. */
  event('PolicyRetired', 'EF513W', () => ({
    principal,
    file: text,
    /** The digest of that policy. */
    policy: text,
    /**
     * When it came into force here, ISO 8601 in UTC, and the digest of the one that it took the place of: who edits a
     * policy can let themselves retire it.
     */
    since: time.exactOptional(),
    before: text.exactOptional(),
    reason: text,
    rules: texts,
  })),
  /** Somebody keeps the configurations of switches with their secrets in files, from now on. */
  event('SecretsBackedUp', 'EF521W', () => ({ devices: texts, folder: text })),
  /** Somebody went past the policy by the way that it keeps for emergencies. */
  event('BreakGlassUsed', 'EF512W', () => ({
    principal,
    needs,
    reason: text,
    rules: texts,
    policy: text,
    plan: text.exactOptional(),
    devices: texts.exactOptional(),
    /** Whom to notify, and within how many seconds it is to be reviewed and must be over. */
    notify: texts.exactOptional(),
    reviewWithin: count.exactOptional(),
    maxTtl: count.exactOptional(),
  })),
  /** Somebody has said that nothing new begins until a time, whatever the policy says. The number of this record names the freeze. */
  event('FreezeSet', 'EF514W', () => ({
    principal,
    reason: text,
    /** ISO 8601 in UTC. */
    until: time,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** Somebody has ended a freeze before its time. */
  event('FreezeEnded', 'EF515W', () => ({
    principal,
    /** The number of the record that set it. */
    freeze: z.int().positive(),
    reason: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  ...scheduleEventTypes,
  ...approvalAuditTypes,
  event('LoggedIn', 'EF501I', () => ({
    principal,
    flow,
    /** When the session ends, ISO 8601 in UTC. */
    until: time.exactOptional(),
    /** It was asked for a second proof, for an approval. */
    stepUp: z.literal(true).exactOptional(),
  })),
  event('LoginFailed', 'EF502E', () => ({ issuer: text, flow, reason: text })),
  event('LoggedOut', 'EF503I', () => ({
    principal,
    /** The identity provider has ended the login; absent: the person has. */
    by: z.literal('provider').exactOptional(),
  })),
  /** A secret was asked for by its reference. */
  event('SecretResolved', { of: ({ outcome }) => outcome, codes: { ok: 'EF601I', failed: 'EF602E' } }, () => ({
    reference: text,
    outcome: z.enum(['ok', 'failed']),
    /** The version that its keeper names. */
    version: text.exactOptional(),
    /** When it ends to be good, ISO 8601 in UTC. */
    until: time.exactOptional(),
    device: text.exactOptional(),
    /** The state that needed it. */
    state: text.exactOptional(),
    /** Why it was not had. */
    reason: text.exactOptional(),
  })),
  /** A switch was spoken to without proof of who it is, because both switches that allow it were set. */
  event('InsecureAllowed', 'EF610W', () => ({ device: text, transport })),
  /** The key of a switch was taken as its own the first time it was seen. */
  event('HostTrusted', 'EF611W', () => ({
    device: text,
    transport,
    /** `SHA256:` and base64, as ssh-keygen prints it, or the pin of a certificate's key. */
    fingerprint: text,
  })),
  /** A probe of the conformance kit begins on a lab switch: nothing of it was sent before this is durable. */
  event('ProbeBegun', 'EF613W', () => ({ device: text, probe: text, lines: texts })),
  /** It was ended, and the switch was read: it is as before, it differs, or it could not be read. */
  event(
    'ProbeEnded',
    { of: ({ outcome }) => outcome, codes: { clean: 'EF614I', left: 'EF615E', unknown: 'EF616E' } },
    () => ({
      device: text,
      probe: text,
      outcome: z.enum(['clean', 'left', 'unknown']),
      /** How the switch differs from before, without secrets. */
      remains: texts.exactOptional(),
    }),
  ),
  /** The controller's clock is behind the newest record by more than it may be. */
  event('ClockSetBack', 'EF904W', () => ({ latest: time, now: time })),
  /**
   * A key of this installation was replaced. Keys that sign are named as `ssh-keygen -l` prints them, one that is
   * lost as `lost:` and the key id of its checkpoints; install keys by their checks.
   */
  event('KeyRotated', 'EF612W', () => ({
    key: z.enum(['plan', 'server', 'checkpoint', 'install']),
    from: text,
    to: text,
    reason: text,
    /** Who has replaced the install key. */
    principal: principal.exactOptional(),
    /** What both install keys seal of it: the holder of each has agreed. */
    proofs: z.strictObject({ from: text, to: text }).exactOptional(),
  })),
  /** Somebody vouches for the controller's clock though records are newer than it: times are judged by records from here on. */
  event('ClockAccepted', 'EF905W', () => ({
    principal,
    reason: text,
    /** The highest wall time that was on record, and what the clock said, ISO 8601 in UTC. */
    latest: time,
    now: time,
    /** How many switches were asked whose clocks agree with it. */
    agreeing: z.int().nonnegative(),
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** Somebody verified the record. `size` is the number of records, `root` the hash of the newest in base64. */
  event('AuditVerified', { of: ({ outcome }) => outcome, codes: { intact: 'EF901I', tampered: 'EF902E' } }, () => ({
    size: z.int().nonnegative(),
    root: text,
    outcome: z.enum(['intact', 'tampered']),
    /** How many checkpoints from outside of the store it was held against. */
    anchors: z.int().nonnegative(),
    reason: text.exactOptional(),
  })),
  /** Records from `first` on, up to this one, leave the store for a file or a sink. `html`: the record of one change, as a page. */
  event('AuditExported', 'EF903I', () => ({
    format: z.enum(['jsonl', 'rfc5424', 'cef', 'otlp', 'html']),
    to: text,
    first: z.int().positive(),
  })),
  ...storeEventTypes,
  ...workerEventTypes,
  ...noticeEventTypes,
] as const

/** The body of an event that is on record for auditors alone. */
export type AuditEventBody = BodyOf<typeof auditEventTypes>

const AUDIT_EVENTS: ReadonlySet<string> = new Set(auditEventTypes.map(({ type }) => type))

/** Whether an event is on record for auditors alone. */
export function isAuditEvent<E extends { readonly type: string }>(event: E): event is Extract<E, AuditEventBody> {
  return AUDIT_EVENTS.has(event.type)
}
