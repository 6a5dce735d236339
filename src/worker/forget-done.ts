import type { Dispatcher } from '../dispatch/dispatcher.ts'
import type { Workers } from '../journal/workers.ts'

/** How often it is looked for what is done, in milliseconds. */
export const FORGET = 60_000

/** Whose queues they are, and how long what is done stays in them. */
export interface ForgetOptions {
  readonly workers: Pick<Workers, 'own' | 'list'>
  readonly dispatcher: Pick<Dispatcher, 'forgetDone'>
  /** In seconds. */
  readonly keep: number
  /** This worker ends: what is left is another one's. */
  readonly over: AbortSignal
}

/**
 * Forgets what was done long ago: the queues would grow with each activation. The oldest living worker does it for all of them. Two that take each
 * other for dead do it both, which does no harm. Throws as the store and the dispatcher do.
 */
export async function forgetDone({ workers, dispatcher, keep, over }: ForgetOptions): Promise<void> {
  const oldest = (await workers.list()).find(({ kind, dead }) => kind === 'worker' && dead === undefined)
  if (oldest?.id !== workers.own) return
  while (!over.aborted && (await dispatcher.forgetDone(keep)) > 0);
}
