import type { History } from '../history.ts'
import type { Sent } from '../watch.ts'
import type { OfExecution } from './record.ts'

/** For how long an act may have waited for its store since its approval was judged, in milliseconds. */
export function mayHaveWaited({ workers }: History): number {
  return workers === undefined ? 0 : 75_000
}

/**
 * Whether a request is an abort of who was taken over on another machine. It needs no fence, and may still be sent: it ends a session that
 * nobody uses any more. That its sender has announced it is I32.
 */
export function isLateAbort({ workers }: History, { life, request }: Sent, { writer }: OfExecution): boolean {
  return workers !== undefined && (request.verb === 'abort' || request.verb === 'release') && writer !== life
}
