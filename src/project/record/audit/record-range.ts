import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import { cursorBehind } from '../../../change/record/event/cursor.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { RecordFilter } from './record-filter.ts'
import { auditRecord } from './records.ts'

/** Several machines write, each by its own clock: records are in the order of their times but for so many milliseconds. */
export const SLACK = 3_600_000

export interface RecordRange {
  readonly from: number
  readonly through: number
}

/** Throws as the store does. */
export async function rangeOf(
  app: ProjectStore,
  { execution, since: earliest, until }: RecordFilter,
): Promise<RecordRange> {
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
