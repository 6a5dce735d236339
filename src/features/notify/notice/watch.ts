import { fold } from '../../../change/engine/fold.ts'
import { devicesAt } from '../../../change/engine/scope-path.ts'
import { type ExecutionState, newExecution, startedTimers } from '../../../change/engine/state.ts'
import type { EventBody, EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { type AfterFinding, type AfterLook, UNJUDGED_IN_A_ROW } from '../../../model/after.ts'
import { definedMembers } from '../../../model/json.ts'
import type { NoticeKind } from '../../../model/notice.ts'
import { networkInShort } from '../../../report/phrases/disruption.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'
import { duration, switches } from '../../../report/text/text.ts'
import { findingWords } from '../../../report/view/after-words.ts'
import { severityOfKind } from './message/notification.ts'

function withKey<T>(before: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(before).set(key, value)
}

function withoutKey<T>(before: ReadonlyMap<string, T>, key: string) {
  return before.has(key) ? new Map([...before].filter(([one]) => one !== key)) : before
}

interface OpenChange {
  readonly first: number
  readonly execution: ExecutionState
  readonly verified: ReadonlySet<string>
  readonly glass?: { readonly by: string; readonly reason: string }
}

// `before`: undefined for its first record.
function changeAfter(before: OpenChange | undefined, event: JournalEvent): OpenChange {
  const known = before ?? { first: event.seq, execution: newExecution(event.execution ?? ''), verified: new Set() }
  return {
    ...known,
    execution: fold(known.execution, event),
    verified: verifiedAfter(known, event),
    ...(event.type === 'BreakGlassUsed' ? { glass: { by: event.principal.id, reason: event.reason } } : {}),
  }
}

function verifiedAfter({ execution, verified }: OpenChange, event: JournalEvent) {
  if (event.type === 'ActIntended' && event.act === 'arm') {
    return new Set([...verified].filter((name) => name !== event.device))
  }
  if (event.type !== 'TaskSucceeded') return verified
  const state = execution.scopes.get(event.path)?.machine.states[event.state]
  if (state?.kind !== 'Task' || state.task !== 'verify') return verified
  return new Set([...verified, ...devicesAt(execution, event.path)])
}

interface OpenNotice {
  readonly seq: number
  readonly kind: NoticeKind
  readonly concerns?: string
  readonly devices?: readonly string[]
}

// What goes on until a record ends it.
interface Condition extends OpenNotice {
  readonly reason: string
}

// By the execution, the switch or the schedule that each is about.
type Conditions = ReadonlyMap<string, Condition>

interface TamperedRecord {
  readonly seq: number
  readonly reason: string
  readonly anchors: number
}

export interface Watch {
  /** The number of the newest record that it is folded from; 0 before the first. */
  readonly seq: number
  readonly open: ReadonlyMap<string, OpenChange>
  /** Executions that have left something so that a person has to look at it. */
  readonly left: Conditions
  readonly networks: Conditions
  readonly afters: Conditions
  readonly drifted: Conditions
  readonly missed: Conditions
  readonly tampered: TamperedRecord | undefined
  readonly notices: ReadonlyMap<string, OpenNotice>
}

export const NOTHING_SEEN: Watch = {
  seq: 0,
  open: new Map(),
  left: new Map(),
  networks: new Map(),
  afters: new Map(),
  drifted: new Map(),
  missed: new Map(),
  tampered: undefined,
  notices: new Map(),
}

/** One of an execution whose first record was not folded says nothing of it: see {@link recalled}. */
export function watched(before: Watch, event: JournalEvent): Watch {
  return {
    seq: event.seq,
    open: openAfter(before.open, event),
    left: leftAfter(before.left, event, partsOf(before.open, event)),
    networks: networksAfter(before.networks, event),
    afters: aftersAfter(before.afters, event),
    drifted: driftedAfter(before.drifted, event),
    missed: missedAfter(before.missed, event),
    tampered: tamperedAfter(before.tampered, event),
    notices: noticesAfter(before.notices, event),
  }
}

export function recalled(before: Watch, execution: string, events: readonly JournalEvent[]): Watch {
  const change = events.reduce<OpenChange | undefined>(changeAfter, undefined)
  return change === undefined ? before : { ...before, open: withKey(before.open, execution, change) }
}

/** The first record that the watch has to be folded from after a restart. */
export function neededFrom({ seq, open, left, networks, afters, drifted, missed, tampered, notices }: Watch): number {
  return Math.min(
    seq + 1,
    ...[...open.values()].map(({ first }) => first),
    ...[left, networks, afters, drifted, missed, notices].flatMap((some) => [...some.values()].map((one) => one.seq)),
    ...(tampered === undefined ? [] : [tampered.seq]),
  )
}

function openAfter(before: Watch['open'], event: JournalEvent) {
  const { execution, type } = event
  if (execution === undefined) return before
  if (type === 'ExecutionEnded') return withoutKey(before, execution)
  const known = before.get(execution)
  if (known === undefined && type !== 'ExecutionStarted') return before
  try {
    return withKey(before, execution, changeAfter(known, event))
  } catch {
    // A machine that this version refuses is not watched; the others are.
    return withoutKey(before, execution)
  }
}

function partsOf(open: Watch['open'], { execution = '' }: JournalEvent) {
  return open.get(execution)?.execution.sites.sites.map((part) => part.execution) ?? []
}

function driftedAfter(before: Conditions, event: JournalEvent) {
  if (event.type === 'ExecutionEnded') return withEnd(event, 'changed').reduce<Conditions>(withoutKey, before)
  if (event.type !== 'DriftCompared') return before
  const same = event.same.reduce<Conditions>(withoutKey, before)
  const found = {
    seq: event.seq,
    kind: 'drift-found',
    reason: 'its configuration is not the one that was confirmed last',
  } as const
  return event.differs.reduce(
    (known, name) => (known.has(name) ? known : withKey(known, name, { ...found, devices: [name] })),
    same,
  )
}

function missedAfter(before: Conditions, event: JournalEvent) {
  switch (event.type) {
    case 'ScheduleMissed': {
      // Whoever has paused it knows.
      if (event.because === 'paused') return before
      const { schedule, seq } = event
      const reason = `nobody was there to run ${schedule} when it was due`
      return withKey(before, schedule, { seq, kind: 'schedule-missed', reason })
    }
    case 'ScheduleFired':
      return withoutKey(before, event.schedule)
    case 'ScheduleChanged':
      return event.change === 'removed' ? withoutKey(before, event.schedule) : before
    default:
      return before
  }
}

function tamperedAfter(before: Watch['tampered'], event: JournalEvent) {
  if (event.type !== 'AuditVerified') return before
  const { seq, outcome, reason = 'it does not hold', anchors } = event
  const least = before?.anchors ?? 0
  if (outcome === 'intact') return anchors < least ? before : undefined
  return { seq: before?.seq ?? seq, reason, anchors: Math.max(least, anchors) }
}

function noticesAfter(before: Watch['notices'], event: JournalEvent) {
  if (event.type === 'NoticeClosed') return withoutKey(before, event.cause)
  if (event.type !== 'NoticeOpened') return before
  const { seq, notice: kind, cause, concerns, devices } = event
  return withKey(before, cause, { seq, kind, ...definedMembers({ concerns, devices }) })
}

function networksAfter(before: Conditions, event: JournalEvent) {
  switch (event.type) {
    case 'NetworkRead': {
      const { seq, device, network, execution = '' } = event
      if (network === 'same') return before.get(device)?.concerns === execution ? withoutKey(before, device) : before
      const kind = network === 'differs' ? 'network-differs' : 'network-unknown'
      const reason = `${device} was put back, ${networkInShort(event)}`
      return withKey(before, device, { seq, kind, reason, concerns: execution, devices: [device] })
    }
    case 'SnapshotTaken':
      return event.notices.reduce(withoutKey<Condition>, before)
    default:
      return before
  }
}

// Confirmed changes whose checks fail since, or could not be judged for a while.
function aftersAfter(before: Conditions, event: JournalEvent) {
  switch (event.type) {
    case 'ScheduleFinished':
      return event.looked === undefined ? before : looked(before, event, event.looked)
    case 'ScheduleChanged':
      return event.change === 'removed' && event.principal !== undefined
        ? withoutKey(before, executionOf(event.schedule))
        : before
    case 'ExecutionEnded':
      return knownIn(before, withEnd(event, 'changed'), (one) => one !== event.execution)
    case 'SnapshotTaken':
      return knownIn(before, event.notices)
    default:
      return before
  }
}

function looked(before: Conditions, { schedule, seq }: EventOf<'ScheduleFinished'>, look: AfterLook) {
  const execution = executionOf(schedule)
  const kind = kindOf(look)
  if (kind === undefined) return withoutKey(before, execution)
  const known = before.get(execution)
  if (known?.kind === kind || look.found.length === 0) return before
  const devices = [...new Set(look.found.map(({ device }) => device))]
  return withKey(before, execution, {
    seq,
    kind,
    reason: reasonOf(kind, execution, look),
    concerns: execution,
    devices,
  })
}

function kindOf({ failedSince, unjudgedInARow, devices }: AfterLook) {
  if (devices.length === 0) return undefined
  if (failedSince !== undefined) return 'after-failed'
  return unjudgedInARow >= UNJUDGED_IN_A_ROW ? 'after-unjudged' : undefined
}

function reasonOf(kind: NoticeKind, execution: string, { found, unjudgedInARow }: AfterLook) {
  const [first, ...others] = found.map(toldOf)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const what = kind === 'after-failed' ? '' : `not judged ${unjudgedInARow} times in a row: `
  return `${what}${first}${more}. Look: eosflow show ${execution}. Roll back: eosflow rollback ${execution}`
}

function toldOf(finding: AfterFinding) {
  const isText = finding.check?.split(' ', 1)[0] === 'running-config'
  const [line = ''] = findingWords(isText ? { ...finding, says: 'it is not as approved' } : finding).split('\n', 1)
  return line
}

function executionOf(schedule: string) {
  return schedule.slice(schedule.indexOf(':') + 1)
}

// `parts`: the executions of the sites of the one that the record is of.
function leftAfter(before: Conditions, event: JournalEvent, parts: readonly string[]) {
  const { execution = '' } = event
  switch (event.type) {
    case 'UndoFinished': {
      const { device, end, detail } = event
      if (end !== 'unknown' && end !== 'changed') return knownIn(before, [device], (one) => one === execution)
      return notUndone(before, event, [device], `${device} was not put back: ${detail}`)
    }
    case 'TaskUndoFinished':
      if (event.error === undefined) return before
      return notUndone(before, event, [], `${event.state} was not undone: ${event.error.message}`)
    case 'ExecutionEnded':
      return ended(before, event, parts)
    case 'SnapshotTaken':
      return knownIn(before, event.notices)
    default:
      return before
  }
}

function notUndone(before: Conditions, event: JournalEvent, devices: readonly string[], reason: string) {
  const { execution = '', seq } = event
  const known = before.get(execution) ?? { seq, kind: 'undo-failed', reason, concerns: execution }
  return withKey(before, execution, { ...known, devices: [...(known.devices ?? []), ...devices] })
}

function ended(before: Conditions, event: EventOf<'ExecutionEnded'>, parts: readonly string[]) {
  const { execution = '', seq, outcome, error, devices } = event
  const others = knownIn(before, withEnd(event, 'changed', 'reverted'), (one) => one !== execution)
  if (outcome !== 'unknown') return withoutKey(others, execution)
  const known = others.get(execution)
  // What no switch carries is looked at where the whole change was.
  if (known !== undefined)
    return known.devices?.length ? others : withKey(others, execution, { ...known, devices: Object.keys(devices) })
  const unknown = withEnd(event, 'unknown')
  // What the part of a site has left is a person's to look at already: the whole would wake them once more for the same switch.
  const named = new Set(parts.flatMap((part) => others.get(part)?.devices ?? []))
  const unnamed = unknown.filter((name) => !named.has(name))
  if (unknown.length > 0 && unnamed.length === 0) return others
  const toLookAt = unknown.length > 0 ? unnamed : Object.keys(devices)
  const reason = error?.message ?? 'nobody has read what it has left'
  return withKey(others, execution, { seq, kind: 'unknown-end', reason, concerns: execution, devices: toLookAt })
}

function withEnd({ devices }: EventOf<'ExecutionEnded'>, ...ends: readonly string[]) {
  return Object.entries(devices).flatMap(([name, end]) => (ends.includes(end) ? [name] : []))
}

// The switches are looked at, so that nothing of them goes on: of the executions, or of all, that are meant.
function knownIn(before: Conditions, names: readonly string[], isMeant: (execution: string) => boolean = () => true) {
  if (names.length === 0 || before.size === 0) return before
  return new Map(
    [...before].flatMap(([execution, one]) => {
      const { devices = [] } = one
      const left = isMeant(execution) ? devices.filter((name) => !names.includes(name)) : devices
      return devices.length > 0 && left.length === 0 ? [] : [[execution, { ...one, devices: left }]]
    }),
  )
}

// An approval that is waited for longer, in milliseconds, gets a notice.
const WAITS = 15 * 60_000
const NEAR = 0.25
// An anchor has to take a checkpoint within so many milliseconds: one is signed each day.
const OLD = 25 * 3_600_000

export interface NoticeContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** How much the disk of the store has to give, and below which a notice is opened, in bytes; undefined where nobody has looked. */
  readonly disk?: { readonly free: number; readonly least: number }
  /** Since when each anchor lacks a checkpoint: when the newest was signed that it has taken, or the first of all, in milliseconds since the epoch. */
  readonly anchors?: readonly { readonly name: string; readonly lacksSince: number | undefined }[]
}

interface Abnormality {
  readonly notice: NoticeKind
  readonly cause: string
  readonly reason: string
  readonly concerns?: string
  readonly devices?: readonly string[]
}

export function noticesDue(watch: Watch, moment: NoticeContext): readonly EventBody[] {
  const found = abnormal(watch, moment)
  const causes = new Set(found.map(({ cause }) => cause))
  const unseen = unseenIn(moment)
  const opened = found
    .filter(({ cause }) => !watch.notices.has(cause))
    .map(
      ({ notice, ...rest }): EventBody => ({ type: 'NoticeOpened', notice, severity: severityOfKind(notice), ...rest }),
    )
  const closed = [...watch.notices].flatMap(([cause, { seq, kind, ...about }]): readonly EventBody[] => {
    if (causes.has(cause) || unseen.includes(kind)) return []
    return [{ type: 'NoticeClosed', notice: kind, cause, opened: seq, ...about }]
  })
  return [...opened, ...closed]
}

function unseenIn({ disk, anchors }: NoticeContext): readonly NoticeKind[] {
  return [
    ...(disk === undefined ? (['disk-low'] as const) : []),
    ...(anchors === undefined ? (['anchor-old'] as const) : []),
  ]
}

function abnormal(watch: Watch, moment: NoticeContext): readonly Abnormality[] {
  const changes = [...watch.open.values()]
  return [
    ...[watch.left, watch.networks, watch.afters].flatMap(goingOn),
    ...notIntact(watch),
    ...changes.flatMap((change) => [...nearEnd(change, moment), ...waiting(change, moment), ...brokenGlass(change)]),
    ...[watch.drifted, watch.missed].flatMap(goingOn),
    ...oldAnchors(moment),
    ...lowDisk(moment),
  ]
}

function goingOn(conditions: Conditions) {
  return [...conditions].map(
    ([about, { seq: _, kind: notice, devices = [], ...rest }]): Abnormality => ({
      notice,
      cause: `${notice} ${about}`,
      ...rest,
      ...(devices.length === 0 ? {} : { devices }),
    }),
  )
}

function notIntact({ tampered }: Watch): readonly Abnormality[] {
  if (tampered === undefined) return []
  return [{ notice: 'record-not-intact', cause: 'record-not-intact', reason: tampered.reason }]
}

function nearEnd({ execution, verified }: OpenChange, { now }: NoticeContext): readonly Abnormality[] {
  if (execution.status !== 'running') return []
  const near = startedTimers(execution).filter(({ device, until }) => {
    const seconds = execution.devices.get(device)?.timer ?? 0
    return !verified.has(device) && until - now < NEAR * seconds * 1000
  })
  const [first] = near
  if (first === undefined) return []
  const devices = near.map(({ device }) => device)
  const reason = `${devices.length === 1 ? first.device : switches(devices.length)} not verified, and less than a quarter of the commit timer is left`
  return [
    { notice: 'timer-near-end', cause: `timer-near-end ${execution.id}`, reason, concerns: execution.id, devices },
  ]
}

function waiting({ execution }: OpenChange, { now }: NoticeContext): readonly Abnormality[] {
  const since = waitingFor(execution).flatMap(({ path, waitsFor }) =>
    waitsFor === 'approval' ? [execution.scopes.get(path)?.enteredAt ?? now] : [],
  )
  if (since.length === 0 || now - Math.min(...since) <= WAITS) return []
  const reason = `nobody has decided about its plan for ${duration(WAITS / 1000)}`
  return [{ notice: 'approval-waits', cause: `approval-waits ${execution.id}`, reason, concerns: execution.id }]
}

function brokenGlass({ execution: { id }, glass }: OpenChange): readonly Abnormality[] {
  if (glass === undefined) return []
  const reason = `${glass.by} broke the glass: ${glass.reason}`
  return [{ notice: 'break-glass', cause: `break-glass ${id}`, reason, concerns: id }]
}

function oldAnchors({ now, anchors = [] }: NoticeContext): readonly Abnormality[] {
  return anchors
    .filter(({ lacksSince }) => lacksSince !== undefined && now - lacksSince > OLD)
    .map(({ name }) => {
      const reason = `the anchor ${name} has taken no checkpoint for more than ${duration(OLD / 1000)}`
      return { notice: 'anchor-old', cause: `anchor-old ${name}`, reason }
    })
}

function lowDisk({ disk }: NoticeContext): readonly Abnormality[] {
  if (disk === undefined || disk.free >= disk.least) return []
  const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`
  return [
    { notice: 'disk-low', cause: 'disk-low', reason: `the disk of the store has less than ${mib(disk.least)} to give` },
  ]
}
