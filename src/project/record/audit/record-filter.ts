import type { JournalEvent } from '../../../change/record/event/event.ts'
import { eventCode } from '../../../change/record/event/event-code.ts'

export interface RecordFilter {
  readonly execution?: string | undefined
  readonly device?: string | undefined
  readonly actor?: string | undefined
  readonly code?: string | undefined
  /** From this time on, in milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Before this time, in milliseconds since the epoch. */
  readonly until?: number | undefined
  /** `acts`: what was asked, decided and ended, without the single steps of executions. */
  readonly kind?: 'acts' | 'all' | undefined
}

const STEPS = /^EF(?:2\d\d|4\d\d|601)/
const MORE_THAN_A_STEP: ReadonlySet<string> = new Set(['EF414W', 'EF415W', 'EF420W', 'EF425E', 'EF426E', 'EF430I'])

export function recordFilter(filter: RecordFilter): (event: JournalEvent) => boolean {
  const { execution, device, actor, code, since, until, kind } = filter
  return (event) =>
    holds(execution, (id) => executionOf(event).startsWith(id)) &&
    holds(device, (name) => devicesOf(event).includes(name)) &&
    holds(actor, (word) => event.actor.includes(word)) &&
    holds(code, (start) => eventCode(event).startsWith(start.toUpperCase())) &&
    holds(since, (time) => Date.parse(event.at) >= time) &&
    holds(until, (time) => Date.parse(event.at) < time) &&
    (kind !== 'acts' || !isStep(eventCode(event)))
}

function holds<V>(asked: V | undefined, test: (value: V) => boolean) {
  return asked === undefined || test(asked)
}

function isStep(code: string) {
  return STEPS.test(code) && !MORE_THAN_A_STEP.has(code)
}

function executionOf(event: JournalEvent) {
  if (event.type === 'StopRequested') return event.stopped
  return event.type === 'SuspendRequested' ? event.suspended : (event.execution ?? '')
}

export function devicesOf(event: JournalEvent): readonly string[] {
  if ('device' in event && event.device !== undefined) return [event.device]
  if (event.type === 'ExecutionStarted') return event.targets
  if (event.type === 'ExecutionEnded') return Object.keys(event.devices)
  return 'devices' in event && Array.isArray(event.devices) ? event.devices : []
}
