import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { History } from '../history.ts'
import type { Sent } from '../watch.ts'
import type { OfExecution } from './record.ts'

/** The longest that an act may have waited for a store that was away or has left a write in doubt, in milliseconds. */
const LONGEST_WAIT = 75_000
/** How long its announcement takes where the store answers: the records before it are written first. */
const ANNOUNCING = 5_000

/**
 * For how long an act may have waited for its store since its approval was judged, in milliseconds. Clocks that are off let a record of another process
 * be newer than the judgement.
 */
export function mayHaveWaited({ workers, timeline }: History, life: Life): number {
  if (workers === undefined) return 0
  const { cluster } = workers
  if (cluster.hasHeldUp(life, timeline.now - LONGEST_WAIT)) return LONGEST_WAIT
  return ANNOUNCING + 2 * cluster.machines.skew
}

/**
 * Whether a request is an abort of who was taken over on another machine. It needs no fence, and may still be sent: it ends a session that
 * nobody uses any more. That its sender has announced it is I32.
 */
export function isLateAbort({ workers }: History, { life, request }: Sent, { writer }: OfExecution): boolean {
  return workers !== undefined && (request.verb === 'abort' || request.verb === 'release') && writer !== life
}
