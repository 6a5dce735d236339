import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import { cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { eventCode } from '../../../change/record/event/event-code.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { AuditRecord } from '../../../report/event-words/history.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { auditRecord, batches } from './records.ts'

/** Several machines write, each by its own clock: records are in the order of their times but for so many milliseconds. */
export const SLACK = 3_600_000

interface RecordRange {
  readonly from: number
  readonly through: number
}

// Throws as the store does.
async function rangeOf(app: ProjectStore, { execution, since: earliest, until }: RecordFilter): Promise<RecordRange> {
  const { store } = app
  const { seq } = await store.head()
  const about = execution === undefined ? undefined : await rangeAbout(store, execution)
  const { from = 1, through = seq } = about ?? {}
  // Where a clock was accepted, records before that may have later times.
  if ((await store.newestOf('ClockAccepted', 1)).length > 0) return { from, through }
  const trail = trailOf(app)
  const first = earliest === undefined ? 1 : (await lastBefore(trail, earliest - SLACK, through)) + 1
  const last = until === undefined ? through : await lastBefore(trail, until + SLACK, through)
  return { from: Math.max(from, first), through: Math.min(through, last) }
}

async function rangeAbout(store: Store, word: string): Promise<RecordRange | undefined> {
  const found = await store.resolveExecution(word)
  if (found.found !== 'one') return undefined
  const events = await store.read(found.id)
  const start = cursorBehind(undefined)
  const words = [await store.stopRequest(found.id, start), await store.suspendRequest(found.id, start)]
  const [first, last] = [events[0], events.at(-1)]
  if (first === undefined || last === undefined) return undefined
  return { from: first.seq, through: Math.max(last.seq, ...words.map((one) => one?.seq ?? 0)) }
}

/** The number of the last record up to `through` that was written before a time; 0 where there is none. */
export async function lastBefore(trail: Pick<AuditTrail, 'records'>, time: number, through: number): Promise<number> {
  let [low, high] = [0, through]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [row] = await trail.records(middle, 1)
    if (row === undefined || Date.parse(auditRecord(row).event.at) < time) low = middle
    else high = middle - 1
  }
  return low
}

/** Throws `not-authorised`. */
export async function* recordsWanted(
  app: RecordApp,
  caller: SilentCaller,
  filter: RecordFilter,
): AsyncGenerator<readonly AuditRecord[]> {
  await requireAllowed(app, caller, 'audit.read')
  const isWanted = recordFilter(filter)
  const { from, through } = await rangeOf(app, filter)
  for await (const rows of batches(trailOf(app), from, through)) {
    const wanted = rows.map(auditRecord).filter(({ event }) => isWanted(event))
    if (wanted.length > 0) yield wanted
  }
}

/** Throws `not-authorised`. */
export async function notOnRecord(
  app: RecordApp,
  caller: SilentCaller,
  filter: RecordFilter,
): Promise<readonly string[]> {
  const { device, actor } = filter
  if (device === undefined && actor === undefined) return []
  const [named, acting] = [new Set<string>(), new Set<string>()]
  for await (const some of recordsWanted(app, caller, {}))
    for (const { event } of some) {
      for (const name of devicesOf(event)) named.add(name)
      acting.add(event.actor)
    }
  const [switches, people] = [[...named].sort(), [...acting].sort()]
  return [
    ...(device === undefined || switches.includes(device)
      ? []
      : [`no record is about a switch \`${device}\`: ${nearest(device, switches)}`]),
    ...(actor === undefined || people.some((one) => one.includes(actor))
      ? []
      : [`no record is of anybody with \`${actor}\` in the name: ${nearest(actor, people)}`]),
  ]
}

function nearest(word: string, known: readonly string[]) {
  return known.length === 0 ? 'none is on record' : didYouMean(word, known)
}

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

function devicesOf(event: JournalEvent): readonly string[] {
  if ('device' in event && event.device !== undefined) return [event.device]
  if (event.type === 'ExecutionStarted') return event.targets
  if (event.type === 'ExecutionEnded') return Object.keys(event.devices)
  return 'devices' in event && Array.isArray(event.devices) ? event.devices : []
}
