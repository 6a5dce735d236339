import { fold } from '../../change/engine/fold.ts'
import { scopeAt } from '../../change/engine/fold-scope.ts'
import { devicesAt } from '../../change/engine/scope-path.ts'
import { type ExecutionState, newExecution } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { type AuditOutcome, type EventCode, eventCode, outcomeOf } from '../../change/record/event/event-code.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import type { ErrorRecord } from '../../model/error.ts'
import { definedMembers, type Json, type JsonObject } from '../../model/json.ts'
import type { TraceParent } from '../../model/trace-parent.ts'
import { present, type Style, tallied, visibleLine, wrapped } from '../text/text.ts'
import { traceIdOf } from '../text/trace-id.ts'
import { brief } from './phrase.ts'
import { eventWords } from './table.ts'

export interface HistoryEntry {
  readonly event: JournalEvent
  readonly input?: Json
  readonly device?: string
  readonly attempt?: number
  /** Seconds since what this event ends was begun. */
  readonly duration?: number
  /** The trace of its execution (W3C Trace Context), where it is in one: 32 hex digits. */
  readonly traceId?: string
}

/** Reads the events of one execution, one after the other and from the first one on. */
export function historian(execution: string): (event: JournalEvent) => HistoryEntry {
  let state = newExecution(execution)
  const begun = new Map<string, number>()
  return (event) => {
    state = fold(state, event)
    const since = begunBefore(begun, event)
    const device = deviceOf(state, event)
    const attempt = attemptOf(state, event)
    return {
      event,
      ...definedMembers({
        input: entersState(event) ? scopeAt(state, event.path).input : undefined,
        device,
        attempt,
        duration: since === undefined ? undefined : (Date.parse(event.at) - since) / 1000,
      }),
      ...traceIdOf(state.trace),
    }
  }
}

// When what an event ends was begun, in milliseconds; what it begins and ends is noted.
function begunBefore(begun: Map<string, number>, event: JournalEvent) {
  let since: number | undefined
  for (const one of transitionsOf(event)) {
    const { opens, closes } = spanOf(one)
    if (closes !== undefined) {
      // What is nearest: of a task that was done, and its state left with it, that of the attempt.
      since ??= begun.get(closes)
      begun.delete(closes)
    }
    if (opens !== undefined) begun.set(opens, Date.parse(one.at))
  }
  return since
}

function entersState(event: JournalEvent): event is Extract<JournalEvent, { readonly path: string }> {
  return event.type === 'StateEntered' || (event.type === 'TaskScheduled' && event.entered !== undefined)
}

export function historyOf(execution: string, events: readonly JournalEvent[]): readonly HistoryEntry[] {
  return events.map(historian(execution))
}

function spanOf(event: JournalEvent): { readonly opens?: string; readonly closes?: string } {
  switch (event.type) {
    case 'ExecutionStarted':
    case 'ExecutionRedriven':
      return { opens: 'execution' }
    case 'ExecutionEnded':
      return { closes: 'execution' }
    case 'StateEntered':
      return { opens: `state ${event.path}` }
    case 'StateExited':
    case 'StateFailed':
    case 'StateAborted':
      return { closes: `state ${event.path}` }
    case 'TaskStarted':
    case 'MapStarted':
    case 'ParallelStarted':
      return { opens: `work ${event.path}` }
    case 'TaskSucceeded':
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'MapFailed':
    case 'ParallelFailed':
      return { closes: `work ${event.path}` }
    case 'ActIntended':
      return { opens: `act ${event.device} ${event.act}` }
    case 'ActFinished':
      return { closes: `act ${event.device} ${event.act}` }
    case 'UndoStarted':
      return { opens: `undo ${event.device}` }
    case 'UndoFinished':
      return { closes: `undo ${event.device}` }
    case 'TaskUndoStarted':
      return { opens: `undo ${event.write}` }
    case 'TaskUndoFinished':
      return { closes: `undo ${event.write}` }
    default:
      return {}
  }
}

/** The one switch that an event is about; undefined where it is about several or none. `state` is folded up to the event. */
export function deviceOf(state: ExecutionState, event: JournalEvent): string | undefined {
  if ('device' in event && event.device !== undefined) return event.device
  if (!('path' in event)) return undefined
  const devices = devicesAt(state, event.path)
  return devices.length === 1 ? devices[0] : undefined
}

function attemptOf(state: ExecutionState, event: JournalEvent) {
  if ('attempt' in event) return event.attempt
  switch (event.type) {
    case 'TaskSucceeded':
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'TaskSubmitted':
    case 'MapStarted':
    case 'MapFailed':
    case 'ParallelStarted':
    case 'ParallelFailed':
      return Math.max(1, scopeAt(state, event.path).attempt)
    default:
      return undefined
  }
}

/** An entry as `history --json` and `watch --json` print it: the event with `seq`, `at`, `type`, `execution`, `actor`, and where it applies `state`, `device`, `attempt`, `input`, `output`, `duration` (seconds), `outcome`. */
export function entryJson({ event, ...derived }: HistoryEntry): JsonObject {
  const { machine: _, ...rest } = event as JournalEvent & { machine?: Json }
  return { ...rest, ...derived } as unknown as JsonObject
}

export function historyJson(entries: readonly HistoryEntry[]): string {
  return JSON.stringify(entries.map(entryJson))
}

const WIDE = 100
const SEQ = 5
const TYPE = 19

/** What is longer than `width` goes on below its type; on a narrow screen the date is on a separate line where it changes, and digests are short. */
export function historyText(
  entries: readonly HistoryEntry[],
  style: Style,
  width: number = Number.POSITIVE_INFINITY,
): string {
  const digests = new Set<string>()
  const hang = SEQ + 2 + (width < WIDE ? TIME : DATE_AND_TIME) + 2
  let actor = ''
  let day = ''
  return entries
    .flatMap((entry) => {
      const { seq, at, type } = entry.event
      const by = entry.event.actor === actor ? [] : [`by ${entry.event.actor}`]
      actor = entry.event.actor
      const said = shortDigests(visibleLine([entryWords(entry), ...by].join(' · ')), width < WIDE ? undefined : digests)
      const when = width < WIDE ? at.slice(-TIME) : at
      const rows = wrapped(`${String(seq).padStart(SEQ)}  ${when}  ${type.padEnd(TYPE)} ${said}`, { width, hang })
      const dated = width < WIDE && at.slice(0, DATE) !== day ? [style.bold(at.slice(0, DATE))] : []
      day = at.slice(0, DATE)
      return [...dated, ...rows.map((row, index) => painted(row, { index, hang }, style))]
    })
    .join('\n')
}

// `2026-01-05`, `08:00:00.000Z` and both.
const DATE = 10
const TIME = 13
const DATE_AND_TIME = DATE + 1 + TIME

function painted(row: string, { index, hang }: { readonly index: number; readonly hang: number }, style: Style) {
  if (index > 0) return style.dim(row)
  const words = row.slice(hang + TYPE + 1)
  return `${row.slice(0, hang)}${style.bold(row.slice(hang, hang + TYPE).padEnd(TYPE))} ${style.dim(words)}`.trimEnd()
}

function shortDigests(text: string, seen: Set<string> | undefined) {
  return text.replace(/\b((?:sha256|hmac|blob):)([0-9a-f]{64})\b/g, (digest, kind: string, hex: string) => {
    if (seen === undefined || seen.has(digest)) return `${kind}${hex.slice(0, 8)}`
    seen.add(digest)
    return digest
  })
}

function entryWords({ event, device, attempt, duration, input }: HistoryEntry) {
  const words = eventWords(event)
  const output = 'output' in event ? event.output : undefined
  return present(
    device === undefined ? words : `${device}: ${words}`,
    attempt !== undefined && attempt !== 1 && `attempt ${attempt}`,
    duration !== undefined && `${duration} s`,
    input !== undefined && `in ${brief(input)}`,
    output !== undefined && `out ${brief(output)}`,
  ).join(' · ')
}

export interface Failure {
  readonly path: string
  readonly state: string
  readonly device?: string
  readonly error: ErrorRecord
  readonly caught: boolean
}

interface CallUndo {
  readonly path: string
  readonly state: string
  readonly undone: 'done' | 'failed'
  readonly error?: ErrorRecord
}

/** What went wrong in an execution since it was started or redriven last, and what was tried again. */
export interface Troubles {
  readonly retries: ReadonlyMap<string, number>
  readonly failures: readonly Failure[]
  readonly undos: readonly CallUndo[]
}

export function troublesOf({ id, targets }: ExecutionState, events: readonly JournalEvent[]): Troubles {
  // Most executions have none, and the history of thousands of switches is long.
  if (!isTroubled(events)) return { retries: new Map(), failures: [], undos: [] }
  const entries = historyOf(id, events)
  const own = entries.slice(entries.findLastIndex(({ event }) => event.type === 'ExecutionRedriven') + 1)
  const { failures } = own.reduce(failuresSoFar, NO_FAILURES)
  return { retries: retriesIn(own, targets), failures, undos: own.flatMap(undoIn) }
}

/** Whether anything went wrong, or was tried again: else {@link troublesOf} needs no records of tasks. */
export function isTroubled(events: readonly JournalEvent[]): boolean {
  return events.some(({ type }) => OF_TROUBLE.has(type))
}

const OF_TROUBLE: ReadonlySet<JournalEvent['type']> = new Set([
  'RetryScheduled',
  'TaskUndoFinished',
  'TaskFailed',
  'TaskTimedOut',
  'EvaluationFailed',
  'StateFailed',
])

function retriesIn(entries: readonly HistoryEntry[], targets: readonly string[]): ReadonlyMap<string, number> {
  const isTarget = new Set(targets)
  return tallied(
    entries.flatMap(({ event, device }) => {
      if (event.type !== 'RetryScheduled') return []
      return [device !== undefined && isTarget.has(device) ? device : event.state]
    }),
  )
}

function undoIn({ event }: HistoryEntry): readonly CallUndo[] {
  if (event.type !== 'TaskUndoFinished') return []
  const { path, state, error } = event
  return [{ path, state, ...(error === undefined ? { undone: 'done' } : { undone: 'failed', error }) }]
}

export interface FailureTally {
  readonly faults: ReadonlyMap<string, ErrorRecord | 'of a part'>
  readonly failures: readonly Failure[]
}

export const NO_FAILURES: FailureTally = { faults: new Map(), failures: [] }

/** Folds one event into what has failed since the execution was started or redriven last. */
export function failuresSoFar(before: FailureTally, entry: Pick<HistoryEntry, 'event' | 'device'>): FailureTally {
  return transitionsOf(entry.event).reduce((tally, event) => withTransition(tally, { ...entry, event }), before)
}

function withTransition(before: FailureTally, entry: Pick<HistoryEntry, 'event' | 'device'>) {
  const { event } = entry
  const { faults, failures } = before
  switch (event.type) {
    case 'ExecutionRedriven':
      return NO_FAILURES
    case 'StateEntered': {
      if (!faults.has(event.path)) return before
      const left = new Map(faults)
      left.delete(event.path)
      return { faults: left, failures }
    }
    case 'MapFailed':
    case 'ParallelFailed':
      return { faults: new Map(faults).set(event.path, 'of a part'), failures }
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'EvaluationFailed':
      return { faults: new Map(faults).set(event.path, event.error), failures }
    case 'StateExited': {
      const fault = event.caught === undefined ? undefined : faults.get(event.path)
      if (fault === undefined || fault === 'of a part') return before
      return { faults, failures: [...failures, failureOf(entry, event, fault, true)] }
    }
    case 'StateFailed': {
      const isItsOwn = faults.get(event.path) !== 'of a part' && event.error.kind !== 'cancelled'
      return isItsOwn ? { faults, failures: [...failures, failureOf(entry, event, event.error, false)] } : before
    }
    default:
      return before
  }
}

function failureOf(
  { device }: Pick<HistoryEntry, 'device'>,
  { path, state }: State,
  error: ErrorRecord,
  caught: boolean,
): Failure {
  return { path, state, error, caught, ...definedMembers({ device }) }
}

type State = Pick<Failure, 'path' | 'state'>

export interface AuditRecord {
  readonly event: JournalEvent
  /** The body, byte for byte as it was hashed. */
  readonly body: string
  readonly hash: string
  readonly trace?: TraceParent
}

export interface AuditSource {
  readonly origin: string
  readonly host: string
  readonly version: string
  /** The private enterprise number in the names of structured data (RFC 5424, section 7.2.2). */
  readonly enterprise: number
}

interface AuditFields {
  readonly code: EventCode
  readonly outcome: AuditOutcome
  readonly words: string
  readonly members: Readonly<Record<string, string>>
}

const LONGEST = 1_000

export function auditFields({ event, hash }: AuditRecord, { origin }: AuditSource): AuditFields {
  const code = eventCode(event)
  const words = visibleLine(`${event.type} ${eventWords(event)}`.trim())
  const members = {
    seq: String(event.seq),
    actor: event.actor,
    execution: event.execution,
    device: 'device' in event ? event.device : undefined,
    state: 'state' in event ? event.state : undefined,
    plan: planOf(event),
    outcome: outcomeOf(code),
    origin,
    hash,
  }
  return {
    code,
    outcome: outcomeOf(code),
    // Not in the middle of a character: strict readers of JSON refuse the half of one.
    words: words.length <= LONGEST ? words : `${words.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…`,
    members: Object.fromEntries(
      Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, visibleLine(value)]])),
    ),
  }
}

function planOf(event: JournalEvent) {
  if (event.type === 'PlanMade') return event.digest
  if (event.type === 'ApprovalDecided') return event.statement.plan
  return 'plan' in event && event.type !== 'ExecutionStarted' ? event.plan : undefined
}
