import type { JournalEvent } from '../../../change/record/event/event.ts'
import { eventCode } from '../../../change/record/event/event-code.ts'

/** Which records are asked for; all without any member. */
export interface RecordFilter {
  /** The execution that a record is about: its id, or the beginning of it. */
  readonly execution?: string | undefined
  /** The switch that a record is about. */
  readonly device?: string | undefined
  /** A part of the name of who has acted. */
  readonly actor?: string | undefined
  /** The beginning of the code, in letters of either case. */
  readonly code?: string | undefined
  /** From this time on, in milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Before this time, in milliseconds since the epoch. */
  readonly until?: number | undefined
  /** `acts`: what was asked, decided and ended, without the single steps of executions. */
  readonly kind?: 'acts' | 'all' | undefined
}

/** The codes of steps: of states and tasks, of what is done on each switch, and secrets that were read. */
const STEPS = /^EF(?:2\d\d|4\d\d|601)/
/** What is among those codes and is more than a step: a switch left out, let go, left changed or unknown, a change that is put back, a snapshot. */
const MORE_THAN_A_STEP: ReadonlySet<string> = new Set(['EF414W', 'EF415W', 'EF420W', 'EF425E', 'EF426E', 'EF430I'])

/** Whether a record is one of those that were asked for. */
export function recordFilter({
  execution,
  device,
  actor,
  code,
  since,
  until,
  kind,
}: RecordFilter): (event: JournalEvent) => boolean {
  const wanted: readonly ((event: JournalEvent) => boolean)[] = [
    ...given(execution, (id) => (event: JournalEvent) => executionOf(event).startsWith(id)),
    ...given(device, (name) => (event: JournalEvent) => devicesOf(event).includes(name)),
    ...given(actor, (word) => (event: JournalEvent) => event.actor.includes(word)),
    ...given(code, (start) => (event: JournalEvent) => eventCode(event).startsWith(start.toUpperCase())),
    ...given(since, (time) => (event: JournalEvent) => Date.parse(event.at) >= time),
    ...given(until, (time) => (event: JournalEvent) => Date.parse(event.at) < time),
    ...(kind === 'acts' ? [(event: JournalEvent) => !isStep(eventCode(event))] : []),
  ]
  return (event) => wanted.every((holds) => holds(event))
}

function isStep(code: string): boolean {
  return STEPS.test(code) && !MORE_THAN_A_STEP.has(code)
}

function given<V, T>(value: V | undefined, make: (value: V) => T): readonly T[] {
  return value === undefined ? [] : [make(value)]
}

/** The execution that an event is about, though it may stand outside of it. */
function executionOf(event: JournalEvent): string {
  if (event.type === 'StopRequested') return event.stopped
  return event.type === 'SuspendRequested' ? event.suspended : (event.execution ?? '')
}

/** The switches that a record is about. */
export function devicesOf(event: JournalEvent): readonly string[] {
  if ('device' in event && event.device !== undefined) return [event.device]
  if (event.type === 'ExecutionStarted') return event.targets
  if (event.type === 'ExecutionEnded') return Object.keys(event.devices)
  return 'devices' in event && Array.isArray(event.devices) ? event.devices : []
}
