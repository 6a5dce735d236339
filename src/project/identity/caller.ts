import type { Principal } from '../../model/principal.ts'
import type { Console } from '../system/process/console.ts'
import type { CallerProof } from './caller-of.ts'

export interface Caller extends Console {
  readonly principal: Principal
  /** The `traceparent` (W3C Trace Context) that whoever asks does this in. */
  readonly trace?: string
  /** Asked before an execution begins. Throws `not-authorised` when whoever is calling may begin no other. */
  readonly begins?: CallerProof['begins']
}

export type SilentCaller = Pick<Caller, 'principal'>
