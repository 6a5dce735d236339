import { InputError } from '../../app/input-error.ts'
import { eventCode } from '../../journal/audit/event-code.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { problemOf } from '../../model/problem.ts'

/** Whether a record is one of those that were asked for. Throws InputError on a time that is none. */
export function auditFilter(options: Readonly<Record<string, unknown>>): (event: JournalEvent) => boolean {
  const { execution, device, actor, code } = options
  const since = timeOf('--since', options.since)
  const until = timeOf('--until', options.until)
  const wanted: readonly ((event: JournalEvent) => boolean)[] = [
    ...given(execution, (id) => (event: JournalEvent) => executionOf(event).startsWith(id)),
    ...given(device, (name) => (event: JournalEvent) => devicesOf(event).includes(name)),
    ...given(actor, (word) => (event: JournalEvent) => event.actor.includes(word)),
    ...given(code, (start) => (event: JournalEvent) => eventCode(event).startsWith(start.toUpperCase())),
    ...(since === undefined ? [] : [(event: JournalEvent) => Date.parse(event.at) >= since]),
    ...(until === undefined ? [] : [(event: JournalEvent) => Date.parse(event.at) < until]),
  ]
  return (event) => wanted.every((holds) => holds(event))
}

function given<T>(value: unknown, make: (text: string) => T): readonly T[] {
  return typeof value === 'string' ? [make(value)] : []
}

/** The execution that an event is about, though it may stand outside of it. */
function executionOf(event: JournalEvent): string {
  if (event.type === 'StopRequested') return event.stopped
  return event.type === 'SuspendRequested' ? event.suspended : (event.execution ?? '')
}

function devicesOf(event: JournalEvent): readonly string[] {
  if ('device' in event && event.device !== undefined) return [event.device]
  if (event.type === 'ExecutionStarted') return event.targets
  if (event.type === 'ExecutionEnded') return Object.keys(event.devices)
  return 'devices' in event && Array.isArray(event.devices) ? event.devices : []
}

function timeOf(flag: string, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const time = Date.parse(value)
  if (!Number.isNaN(time)) return time
  throw new InputError([
    problemOf(flag, 'bad-time', `${value} is no time`, 'for example 2026-01-05 or 2026-01-05T08:00:00Z'),
  ])
}
