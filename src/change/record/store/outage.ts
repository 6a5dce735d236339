import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'

/** Only the store that gave it reads it: it knows the bytes that were sent, with their time, and their place. */
export interface WriteInDoubt {
  readonly after: number
  readonly hash: string
}

interface OutageDetails {
  readonly doubt?: WriteInDoubt
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** A store that cannot be reached at the moment (kind `store`): who has time waits. An append gives its `doubt`, whether anything of it has left or not: it is sent again with the time of the call. */
export class OutageError extends EosflowError {
  readonly doubt: WriteInDoubt | undefined

  constructor(message: string, { doubt, hint, cause }: OutageDetails = {}) {
    super('store', message, { retryable: doubt === undefined, cause, ...definedMembers({ hint }) })
    this.name = 'OutageError'
    this.doubt = doubt
  }
}

/** A write that is settled: sent again, byte for byte, where it is not there, or left. */
export interface RepeatedWrite {
  readonly write: WriteInDoubt
  readonly ifLost: 'send' | 'leave'
}
