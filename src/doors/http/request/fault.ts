import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError, type ErrorDecision, type ErrorKind, errorRecord } from '../../../model/error.ts'
import type { Hint } from '../../../model/hint.ts'
import type { Problem } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'

export type HttpKind =
  | 'login-missing'
  | 'logout-refused'
  | 'event-unverified'
  | 'cross-site'
  | 'no-route'
  | 'method-not-allowed'
  | 'changed-meanwhile'
  | 'other-than-path'
  | 'too-large'
  | 'too-many'
  | 'unsupported-media-type'
  | 'wrong-host'
  | 'ending'
  | 'front-gone'

export interface RequestFault {
  readonly kind: ErrorKind | HttpKind | 'input'
  readonly message: string
  readonly hint?: string
  readonly next?: Hint
  readonly device?: string
  readonly problems?: readonly Problem[]
  readonly decision?: ErrorDecision
}

export class RequestRefusal extends Error {
  readonly fault: RequestFault
  readonly headers: Readonly<Record<string, string>>

  constructor(fault: RequestFault, headers: Readonly<Record<string, string>> = {}) {
    super(fault.message)
    this.name = 'Refusal'
    this.fault = fault
    this.headers = headers
  }
}

/** The message of a `bug` stays in this process: nobody knows what it holds. */
export function faultOf(thrown: unknown): RequestFault {
  if (thrown instanceof RequestRefusal) return thrown.fault
  if (thrown instanceof InputError) return { kind: 'input', message: thrown.message, problems: thrown.problems }
  if (thrown instanceof BrokenChainError) return { kind: 'store', message: thrown.message }
  if (!(thrown instanceof EosflowError) || thrown.kind === 'bug') return BUG
  const { kind, message, hint, device } = errorRecord(thrown)
  return {
    kind,
    message,
    ...definedMembers({ hint, next: thrown.next, device, decision: thrown.decision }),
  }
}

const BUG: RequestFault = { kind: 'bug', message: 'eosflow has failed; its log on the server says how' }

export function thrownFrom(fault: RequestFault): Error {
  return new RequestRefusal(fault)
}
