import { fold } from '../../change/engine/fold.ts'
import { scopeAt } from '../../change/engine/fold-scope.ts'
import { devicesAt } from '../../change/engine/scope-path.ts'
import { type ExecutionState, newExecution } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { present } from '../text/present.ts'
import { traceIdOf } from '../text/trace-id.ts'
import { type Style, visibleLine, wrapped } from '../text/visible.ts'
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
      ...(entersState(event) ? { input: scopeAt(state, event.path).input } : {}),
      ...definedMembers({ device, attempt }),
      ...(since === undefined ? {} : { duration: (Date.parse(event.at) - since) / 1000 }),
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
