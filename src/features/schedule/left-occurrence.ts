import type { Store } from '../../change/record/store/store.ts'
import { occurrenceKey } from '../../change/schedule/schedule.ts'
import type { FiredRecord, KnownAfter } from '../../project/history/schedules/known-schedule.ts'
import { nextLook } from './after-look.ts'
import type { OccurrenceEnd } from './occurrence.ts'

/** How an occurrence ended whose process is gone: what it has begun is found by its key, and is not begun again. `after`: of the after-watch that it is of. */
export async function endOfLeft(
  store: Pick<Store, 'requested'>,
  { schedule, instant, does }: FiredRecord,
  after: KnownAfter | undefined,
): Promise<OccurrenceEnd> {
  if (after !== undefined) return { outcome: 'failed', reason: DIED, looked: unseen(after, instant) }
  const execution = (await store.requested(occurrenceKey(schedule, Date.parse(instant))))?.execution
  const begun = execution === undefined ? {} : { begun: execution }
  if (execution !== undefined && (does === 'plan' || does === 'run'))
    return { outcome: 'ok', reason: `execution ${execution} has begun`, ...begun }
  return { outcome: 'failed', reason: DIED, ...begun }
}

const DIED = 'the process ended before it was done'

/** A look that nobody has heard the end of has judged nothing. */
function unseen({ subject, look }: KnownAfter, instant: string): OccurrenceEnd['looked'] & object {
  const { left = [], devices = subject.devices } = look ?? {}
  const unjudged = devices.map((device) => ({ device, says: DIED }))
  return nextLook(look, { instant, bad: [], unjudged, looked: devices.length, left, devices })
}
