import { differenceWords } from '../../change/plan/carries.ts'
import type { AuditEventBody } from '../../change/record/event/audit-event.ts'
import { driftWords } from '../drift/drift-sum.ts'
import { scheduleWords } from '../phrases/schedule-words.ts'
import { count, short, switches } from '../text/count.ts'
import { given, parts } from './phrase.ts'

const inPlaceOf = (before: string | undefined) => (before === undefined ? '' : `, in place of ${before}`)

const processWords = (id: string, name: string | undefined) => (name === undefined ? id : `${name} (${id})`)

const GATE_WORDS = {
  allow: 'allows',
  deny: 'denies',
  require: 'demands approvals of',
  none: 'gave no answer about',
} as const

const approvalsWords = (most: number, from: readonly string[]) =>
  `${count(most, 'approval')}${from.length === 0 ? '' : ` of ${from.join(', ')}`}`

/** How long a policy has been in force, and what it took the place of: behind its digest. */
export function inForceSince(since: string | undefined, before: string | undefined): string {
  return `${since === undefined ? '' : `, in force since ${since}`}${inPlaceOf(before)}`
}

export const AUDIT_WORDS: { readonly [B in AuditEventBody as B['type']]: (event: B) => string } = {
  AccessDenied: ({ principal, needs, reason, rules, workflow, plan, devices, place, leftOut }) =>
    parts(
      `${principal.id} may not ${needs}: ${reason}`,
      given(place, (place) => `at ${place}`),
      given(workflow, (workflow) => `workflow ${workflow}`),
      given(plan, (plan) => `plan ${plan}`),
      given(devices, (devices) => `on ${devices.join(' ')}`),
      ...(rules === undefined || rules.length === 0 ? [] : [`by ${rules.join(', ')}`]),
      given(leftOut, (leftOut) => `and ${count(leftOut, 'more denial')} of the minute before`),
    ),
  EventReceived: ({ hook, event, address, kind, source, ignored }) =>
    parts(
      `event ${event} of ${hook}, from ${address}`,
      kind,
      given(source, (source) => `of ${source}`),
      given(ignored, (ignored) => `it makes nothing: ${ignored}`),
    ),
  EventRefused: ({ hook, event, address, reason, leftOut }) =>
    parts(
      `${event === undefined ? 'something' : `event ${event}`} for ${hook}, from ${address}, was not taken: ${reason}`,
      given(leftOut, (leftOut) => `and ${count(leftOut, 'more refusal')} of the minute before`),
    ),
  PolicyLoaded: ({ file, policy, before }) => `${file} is in force: ${policy}${inPlaceOf(before)}`,
  GateAsked: ({ moment, plan, input, decision, reasons, require, bundle }) =>
    parts(
      `the gate of the policy ${GATE_WORDS[decision]} plan ${plan}${moment === 'push' ? ' before a push' : ''}`,
      given(require, ({ count: most, from }) => approvalsWords(most, from)),
      given(reasons, (reasons) => reasons.join('; ')),
      given(bundle, (bundle) => `by ${bundle}`),
      `asked about ${input}`,
    ),
  BundlePublished: ({ principal, bundle, files, before, reason }) =>
    `${principal.id} published ${count(files, 'file')}: ${bundle}${inPlaceOf(before)}${reason === undefined ? '' : ` · ${reason}`}`,
  PolicyRetired: ({ principal, file, policy, since, before, reason, rules }) =>
    `${principal.id} retired ${file} (${policy}${inForceSince(since, before)}): ${reason} · by ${rules.join(', ')}`,
  SecretsBackedUp: ({ devices, folder }) =>
    `configurations of ${devices.join(' ')} are kept with their secrets in ${folder}`,
  BreakGlassUsed: ({ principal, needs, reason, rules, plan, devices }) =>
    parts(
      `${principal.id} broke the glass for ${needs}: ${reason}`,
      given(plan, (plan) => `plan ${plan}`),
      given(devices, (devices) => `on ${devices.join(' ')}`),
      `by ${rules.join(', ')}`,
    ),
  FreezeSet: ({ principal, until, reason }) => `${principal.id} froze: nothing new begins until ${until}: ${reason}`,
  FreezeEnded: ({ principal, freeze, reason }) => `${principal.id} ended the freeze ${freeze}: ${reason}`,
  ScheduleChanged: scheduleWords,
  ScheduleFired: scheduleWords,
  ScheduleSkipped: scheduleWords,
  ScheduleMissed: scheduleWords,
  ScheduleFinished: scheduleWords,
  ApprovalRefused: ({ plan, reason, claimed }) =>
    `${plan}: ${reason}${claimed === undefined ? '' : ` (it says it is from ${claimed})`}`,
  ApprovalCarried: ({ plan, to, nth, nonces, rules, differences, more = 0 }) =>
    `${count(nonces.length, 'approval')} of ${plan} carried to ${to} by ${rules.join(', ')} (${nth}); ${differences.map(differenceWords).join('; ')}${more === 0 ? '' : `; ${count(more, 'line')} not listed`}`,
  LoggedIn: ({ principal, flow, until, stepUp }) =>
    parts(
      `${principal.id} of ${principal.issuer} by ${flow}${stepUp === true ? ', asked again for an approval' : ''}`,
      given(until, (until) => `until ${until}`),
    ),
  LoginFailed: ({ issuer, flow, reason }) => `${issuer} by ${flow}: ${reason}`,
  LoggedOut: ({ principal, by }) =>
    `${principal.id} of ${principal.issuer}${by === undefined ? '' : ', by the provider'}`,
  SecretResolved: ({ reference, outcome, version, until, state, reason }) =>
    parts(
      `${reference}${version === undefined ? '' : ` version ${version}`} ${outcome}`,
      given(state, (state) => `for ${state}`),
      given(until, (until) => `good until ${until}`),
      reason,
    ),
  InsecureAllowed: ({ transport }) => `spoken to over ${transport} without proof of who it is`,
  HostTrusted: ({ transport, fingerprint }) => `its ${transport} key is ${fingerprint}, seen for the first time`,
  ProbeBegun: ({ probe, lines }) => `probe ${probe} of the conformance kit, ${lines.length} commands`,
  ProbeEnded: ({ probe, outcome, remains }) =>
    `probe ${probe} of the conformance kit: ${outcome}${remains === undefined ? '' : `: ${remains.join('; ')}`}`,
  ClockSetBack: ({ latest, now }) => `the clock says ${now}, the newest record ${latest}`,
  KeyRotated: ({ key, from, to, reason }) => {
    const [old, now] = key === 'install' ? [from.slice(0, 8), to.slice(0, 8)] : [from, to]
    return `the ${key} key ${old} was replaced by ${now}: ${reason}`
  },
  ClockAccepted: ({ principal, latest, now, agreeing, reason }) =>
    `${principal.id} accepts the clock, ${now}, against records up to ${latest}; ${switches(agreeing)} agreed: ${reason}`,
  AuditVerified: ({ size, root, outcome, anchors, reason }) =>
    `${outcome}: ${size} records, head ${short(root)}, against ${anchors} checkpoints from outside${reason === undefined ? '' : `; ${reason}`}`,
  AuditExported: ({ format, to, first }) => `records from ${first} on to ${to}, as ${format}`,
  StoreBackedUp: ({ to }) => `the store, up to this record, to ${to}`,
  StoreRestored: ({ principal, reason, records, lost, open }) =>
    parts(
      records === 0
        ? `${principal.id} began a new store in the place of one that is lost: ${reason}`
        : `${principal.id} restored the store from a backup of ${records} records: ${reason}`,
      given(lost, (lost) => `the records from ${records + 1} to ${lost} are lost`),
      ...(open.length === 0 ? [] : [`open in the backup: ${open.join(' ')}`]),
    ),
  RecordsMissed: ({ records, through }) =>
    `the store lacks records that it has acknowledged, up to ${through}: ${records.map(({ chain, n }) => `${n} of ${chain}`).join(', ')}`,
  SegmentRetired: ({ principal, reason, executions, file }) =>
    `${principal.id} took the records of ${count(Object.keys(executions).length, 'execution')} out of the store into the segment ${file}: ${reason}`,
  StoreMovedTo: ({ principal, reason, to }) => `${principal.id} moved the store to ${to}: ${reason}`,
  WorkerDied: ({ worker, kind, name, sites, version, lastSign, declared, by }) =>
    parts(
      `the ${kind} ${processWords(worker, name)} is dead: its last sign of life was at ${lastSign}`,
      `declared at ${declared}${by === undefined ? '' : ` by ${processWords(by.worker, by.name)}`}`,
      ...(sites.length === 0 ? [] : [`for ${sites.join(' ')}`]),
      `eosflow ${version}`,
    ),
  DrainRequested: ({ principal, worker, name, sites, version }) =>
    parts(
      `${principal.id} asked the worker ${processWords(worker, name)} to drain`,
      ...(sites.length === 0 ? [] : [`for ${sites.join(' ')}`]),
      `eosflow ${version}`,
    ),
  NoticeOpened: ({ cause, reason }) => `${cause}: ${reason}`,
  NoticeClosed: ({ cause, opened }) => `${cause} has ended; it was opened by record ${opened}`,
  NotificationGivenUp: ({ target, first, last, count: given, reason }) =>
    `${target} lacks ${count(given, 'notification')} about the records from ${first} to ${last}: ${reason}`,
  DriftCompared: ({ differs, same, unconfirmed = [], unread = [] }) => {
    const found = {
      differs: differs.length,
      same: same.length,
      neverConfirmed: unconfirmed.length,
      unread: unread.length,
    }
    const words = driftWords({ compared: found.differs + found.same, ...found })
    return differs.length === 0 ? words : `${words}; differs: ${differs.join(', ')}`
  },
}
