import { isStoppedTooLate } from '../../change/engine/outcome.ts'
import { mapsAround } from '../../change/engine/scope-path.ts'
import { differenceWords } from '../../change/plan/carries.ts'
import type { AuditEventBody } from '../../change/record/event/audit-event.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import { driftWords } from '../drift/drift.ts'
import { scheduleWords } from '../phrases/schedule.ts'
import { capital, firstLine, spokenSwitches } from '../phrases/spoken.ts'
import { clockTime, count, duration, hanging, parts, type Style, short, switches } from '../text/text.ts'
import { EXECUTION_WORDS, SWITCH_WORDS } from './executions.ts'
import { brief, errorWords, given, placeOf, withoutChecks } from './phrase.ts'
import { type ShortWords, type StatesAround, tell, type WordsRow, type WordsTable } from './row.ts'

type Of<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }>

const STATE_WORDS = {
  StateEntered: placeOf,
  TaskScheduled: (event) =>
    parts(
      `${placeOf(event)} is due with ${brief(event.arguments)}`,
      event.timeoutSeconds !== undefined && `within ${duration(event.timeoutSeconds)}`,
      event.heartbeatSeconds !== undefined && `heartbeat every ${duration(event.heartbeatSeconds)}`,
    ),
  TaskStarted: {
    long: placeOf,
    terminal: ({ state, device }) => (device === undefined ? tell(`${state} …`, '', { look: 'dim' }) : undefined),
  },
  TaskSucceeded: {
    long: (event) =>
      parts(
        placeOf(event),
        event.exited?.output !== undefined && `leaves ${brief(event.exited.output)}`,
        event.exited?.assigned !== undefined && `assigned ${brief(event.exited.assigned)}`,
      ),
    page: ({ path, state: name, device }, { before }) => {
      const state = before.scopes.get(path)?.machine.states[name]
      const isVerified = device !== undefined && state?.kind === 'Task' && state.task === 'verify'
      return isVerified ? tell('verified', '  ✔ ') : undefined
    },
  },
  TaskSubmitted: {
    long: (event) => `${placeOf(event)} waits for an answer from outside, token ${short(event.token)}`,
    short: (event) =>
      tell(`${placeOf(event)}: waiting for an answer from outside (token ${short(event.token)})`, '', { tone: 'live' }),
  },
  TaskHeartbeat: (event) => `${placeOf(event)}: the outside system is alive (record ${event.signal})`,
  TaskFailed: {
    long: failedAt,
    terminal: ({ state, device, error }) =>
      device !== undefined && error.kind === 'cancelled'
        ? tell(`${state} ended early`, '  ')
        : tell(`${state}: ${error.message}`, '✖ ', { isWhole: true }),
    page: failed,
  },
  TaskTimedOut: { long: failedAt, terminal: ({ error }) => tell(error.message, '✖ '), page: failed },
  TaskWaiting: {
    long: (event) => `${placeOf(event)} waits for an approval of ${event.plan}`,
    terminal: ({ plan }) => tell(`waiting for an approval of ${plan}`),
    page: ({ plan }) => tell(`Waits for an approval of plan ${short(plan)}`, '', { tone: 'live' }),
  },
  MapStarted: {
    long: (event) =>
      parts(
        `${placeOf(event)}: ${count(event.items.length, 'item')} ${brief(event.items)}`,
        event.maxConcurrency !== 0 && `${event.maxConcurrency} at a time`,
        event.tolerated !== undefined && event.tolerated !== 0 && `${event.tolerated} may fail`,
      ),
    page: waveBegins,
  },
  MapFailed: failedAt,
  ParallelStarted: placeOf,
  ParallelFailed: failedAt,
  WaitStarted: {
    long: (event) => `${placeOf(event)} waits until ${event.until}`,
    short: (event) => tell(`${placeOf(event)} waits until ${clockTime(event.until)}`, '', { look: 'dim' }),
  },
  EvaluationFailed: {
    long: (event) => `${evaluated(event)}: ${errorWords(event.error)}`,
    short: (event) => tell(`${evaluated(event)}: ${event.error.message}`, '✖ '),
  },
  RetryScheduled: {
    long: (event) =>
      `${placeOf(event)} is tried again at ${event.until} (retrier ${event.retrier + 1}) after ${errorWords(event.error)}`,
    short: (event) => tell(`${placeOf(event)}: attempt ${event.attempt} at ${clockTime(event.until)}`, '↻ '),
  },
  StateExited: {
    long: (event) =>
      parts(
        placeOf(event),
        event.caught !== undefined && `catcher ${event.caught + 1} took its error`,
        event.next !== undefined && `on to ${event.next}`,
        event.assigned !== undefined && `assigned ${brief(event.assigned)}`,
      ),
    short: (event) => {
      if (event.next === undefined) return undefined
      return event.caught === undefined
        ? tell(`${placeOf(event)}: on to ${event.next}`, '', { look: 'dim' })
        : tell(`${placeOf(event)}: its error is handled, on to ${event.next}`, '↷ ')
    },
  },
  StateFailed: failedAt,
  StateAborted: (event) => `${placeOf(event)}: ended, because another one beside it failed`,
  TaskUndoStarted: {
    long: (event) => `${placeOf(event)}: undoing what it did (record ${event.write})`,
    terminal: undoing,
    // Where the sites save nothing is undone.
    page: (event, { after }) => (isStoppedTooLate(after) ? undefined : undoing(event)),
  },
  TaskUndoFinished: {
    long: (event) =>
      event.error === undefined
        ? `${placeOf(event)}: what it did is undone`
        : `${placeOf(event)}: what it did could not be undone: ${errorWords(event.error)}`,
    terminal: undone,
    page: (event, { after }) => (event.error === undefined && isStoppedTooLate(after) ? undefined : undone(event)),
  },
} satisfies Partial<WordsTable>

type Failed = Of<'TaskFailed' | 'TaskTimedOut' | 'MapFailed' | 'ParallelFailed' | 'StateFailed'>

function failedAt(event: Failed) {
  return `${placeOf(event)}: ${errorWords(event.error)}`
}

function failed(event: Of<'TaskFailed' | 'TaskTimedOut'>) {
  const { device, error } = event
  if (error.kind === 'cancelled') return undefined
  const message = withoutChecks(error.message) ?? error.message
  if (device === undefined) return tell(`${placeOf(event)}: ${message}`, '✖ ')
  return tell(message.startsWith(`${device}: `) ? message.slice(device.length + 2) : message, '✖ ')
}

function evaluated(event: Of<'EvaluationFailed'>) {
  return `${placeOf(event)}${given(event.location, (location) => `, ${location}`)}`
}

function undoing(event: Of<'TaskUndoStarted'>) {
  return tell(`${placeOf(event)}: undoing what it did …`, '↺ ')
}

function undone(event: Of<'TaskUndoFinished'>) {
  return event.error === undefined
    ? tell(`${placeOf(event)}: undone`, '↺ ')
    : tell(`${placeOf(event)}: could not be undone: ${event.error.message}`, '? ')
}

function waveBegins(event: Of<'MapStarted'>, { after }: StatesAround) {
  const waves = after.plan?.waves ?? []
  const state = after.scopes.get(event.path)?.machine.states[event.state]
  const isOfWave = state?.kind === 'Map' && state.items.from === 'wave'
  const isFirst = mapsAround(after, event.path)[0]?.state.iterator.startAt === event.state
  if (!isOfWave || !isFirst || waves.length < 2) return undefined
  const names = event.items.map(String)
  const number = waves.findIndex((wave) => wave.includes(names[0] ?? '')) + 1
  return number === 0 ? undefined : tell(`Wave ${number} begins: ${spokenSwitches(names)}`)
}

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

const AUDIT_WORDS: { readonly [B in AuditEventBody as B['type']]: (event: B) => string } = {
  AccessDenied: ({ principal, needs, reason, rules, workflow, plan, devices, place, leftOut }) =>
    parts(
      `${principal.id} may not ${needs}: ${reason}`,
      place !== undefined && `at ${place}`,
      workflow !== undefined && `workflow ${workflow}`,
      plan !== undefined && `plan ${plan}`,
      devices !== undefined && `on ${devices.join(' ')}`,
      rules !== undefined && rules.length > 0 && `by ${rules.join(', ')}`,
      leftOut !== undefined && `and ${count(leftOut, 'more denial')} of the minute before`,
    ),
  EventReceived: ({ hook, event, address, kind, source, ignored }) =>
    parts(
      `event ${event} of ${hook}, from ${address}`,
      kind,
      source !== undefined && `of ${source}`,
      ignored !== undefined && `it makes nothing: ${ignored}`,
    ),
  EventRefused: ({ hook, event, address, reason, leftOut }) =>
    parts(
      `${event === undefined ? 'something' : `event ${event}`} for ${hook}, from ${address}, was not taken: ${reason}`,
      leftOut !== undefined && `and ${count(leftOut, 'more refusal')} of the minute before`,
    ),
  PolicyLoaded: ({ file, policy, before }) => `${file} is in force: ${policy}${inPlaceOf(before)}`,
  GateAsked: ({ moment, plan, input, decision, reasons, require, bundle }) =>
    parts(
      `the gate of the policy ${GATE_WORDS[decision]} plan ${plan}${moment === 'push' ? ' before a push' : ''}`,
      given(require, ({ count: most, from }) => approvalsWords(most, from)),
      reasons?.join('; '),
      bundle !== undefined && `by ${bundle}`,
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
      plan !== undefined && `plan ${plan}`,
      devices !== undefined && `on ${devices.join(' ')}`,
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
      until !== undefined && `until ${until}`,
    ),
  LoginFailed: ({ issuer, flow, reason }) => `${issuer} by ${flow}: ${reason}`,
  LoggedOut: ({ principal, by }) =>
    `${principal.id} of ${principal.issuer}${by === undefined ? '' : ', by the provider'}`,
  SecretResolved: ({ reference, outcome, version, until, state, reason }) =>
    parts(
      `${reference}${version === undefined ? '' : ` version ${version}`} ${outcome}`,
      state !== undefined && `for ${state}`,
      until !== undefined && `good until ${until}`,
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
      lost !== undefined && `the records from ${records + 1} to ${lost} are lost`,
      open.length > 0 && `open in the backup: ${open.join(' ')}`,
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
      sites.length > 0 && `for ${sites.join(' ')}`,
      `eosflow ${version}`,
    ),
  DrainRequested: ({ principal, worker, name, sites, version }) =>
    parts(
      `${principal.id} asked the worker ${processWords(worker, name)} to drain`,
      sites.length > 0 && `for ${sites.join(' ')}`,
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

const WORDS: WordsTable = { ...EXECUTION_WORDS, ...STATE_WORDS, ...SWITCH_WORDS, ...AUDIT_WORDS }

function rowOf<B extends EventBody>({ type }: B) {
  const row = WORDS[type] as unknown as WordsRow<B> | WordsRow<B>['long']
  return typeof row === 'function' ? { long: row } : row
}

export function eventWords(event: EventBody): string {
  return rowOf(event).long(event)
}

/** What one journal event means to a person who watches; undefined when it means nothing to one. */
export function progressLine(event: JournalEvent, style: Style): string | undefined {
  const { short, terminal = short } = rowOf(event)
  const told = terminal?.(event)
  if (told === undefined) return undefined
  const device = deviceOf(event)
  const named = device === undefined || told.isWhole === true ? told.words : `${device}: ${told.words}`
  return lookOf(told, style)(`${told.mark}${hanging(named)}`)
}

const LOOKS = { ok: 'good', bad: 'bad', live: 'warning', undo: 'warning' } as const

function lookOf({ look, tone, mark }: ShortWords, style: Style): (text: string) => string {
  if (look !== undefined) return style[look]
  if (tone !== 'idle') return style[LOOKS[tone]]
  return mark === '' ? (text) => text : style.dim
}

/** What a record says to a person who reads what happened; undefined where it says nothing that a sentence beside it does not. */
export function pageWords(
  event: JournalEvent,
  states: StatesAround,
): (Pick<ShortWords, 'words' | 'tone'> & { readonly device?: string }) | undefined {
  const { short, page = short } = rowOf(event)
  const told = page?.(event, states)
  if (told === undefined) return undefined
  const [device, words, { tone }] = [deviceOf(event), firstLine(told.words), told]
  if (device !== undefined) return { words, tone, device }
  // A state begins as somebody has named it.
  return { words: 'path' in event ? words : capital(words), tone }
}

const deviceOf = (event: JournalEvent) => ('device' in event ? event.device : undefined)
