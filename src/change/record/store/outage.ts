import { EosflowError } from '../../../model/error.ts'

/**
 * A write of which its store has not said whether it is durable. Only the store that gave it reads it: it knows the bytes that were sent,
 * with their time, and their place.
 */
export interface WriteInDoubt {
  /** The newest record that the execution had when it was written. */
  readonly after: number
  /** The hash over its chain up to the last of its records, in hexadecimal. */
  readonly hash: string
}

/** What is known of an outage. */
interface OutageDetails {
  readonly doubt?: WriteInDoubt
  /** What a person does. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/**
 * A store that cannot be reached at the moment (kind `store`): who has time waits. An append gives its `doubt`, whether anything of it has left or
 * not: it is sent again with the time of the call. A question has none. Only a store behind a network throws it, and within ten seconds of the call; that of one file
 * knows what it has written, and fails for good or is locked.
 */
export class OutageError extends EosflowError {
  readonly doubt: WriteInDoubt | undefined

  constructor(message: string, { doubt, hint, cause }: OutageDetails = {}) {
    super('store', message, { retryable: doubt === undefined, cause, ...(hint === undefined ? {} : { hint }) })
    this.name = 'OutageError'
    this.doubt = doubt
  }
}

/** A write that is settled: sent again, byte for byte, where it is not there, or left. */
export interface RepeatedWrite {
  readonly write: WriteInDoubt
  readonly ifLost: 'send' | 'leave'
}

/**
 * What became of a write, by the newest record that its execution has now. `mine`: it was written. `lost`: it was not. `other`: somebody else
 * has written. A `lost` is not the last word: what was sent first may still be under way, so that the same bytes are sent again under the same
 * condition, and a refusal of those is judged once more.
 */
export function becameOf(
  { after, hash }: WriteInDoubt,
  newest: { readonly seq: number; readonly hash: string },
): 'mine' | 'lost' | 'other' {
  if (newest.hash === hash) return 'mine'
  return newest.seq === after ? 'lost' : 'other'
}
