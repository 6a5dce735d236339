import type { Principal } from '../../model/principal.ts'
import type { Console } from '../system/process/console.ts'
import type { CallerProof } from './caller-of.ts'

/** Who has asked for a use case, and how they are spoken with. Made for each request. */
export interface Caller extends Console {
  /** Whom the policy judges, and who is named on every record that is made for this request. */
  readonly principal: Principal
  /** The `traceparent` (W3C Trace Context) that whoever asks does this in. Absent: none, or it cannot be read. */
  readonly trace?: string
  /** Asked before an execution begins. Throws `not-authorised` when whoever is calling may begin no other. Absent: any number may begin. */
  readonly begins?: CallerProof['begins']
}

/** Who asks, where nobody has to be spoken with. */
export type SilentCaller = Pick<Caller, 'principal'>
