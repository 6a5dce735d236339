import type { Store } from '../../journal/store.ts'
import { occurrenceKey } from '../../schedule/schedule.ts'
import type { FiredRecord } from './known-schedule.ts'
import type { OccurrenceEnd } from './occurrence.ts'

/** How an occurrence ended whose process is gone: what it has begun is found by its key, and is not begun again. */
export async function endOfLeft(
  store: Pick<Store, 'requested'>,
  { schedule, instant, does }: FiredRecord,
): Promise<OccurrenceEnd> {
  const execution = (await store.requested(occurrenceKey(schedule, Date.parse(instant))))?.execution
  const begun = execution === undefined ? {} : { begun: execution }
  if (execution !== undefined && (does === 'plan' || does === 'run'))
    return { outcome: 'ok', reason: `execution ${execution} has begun`, ...begun }
  return { outcome: 'failed', reason: 'the process ended before it was done', ...begun }
}
