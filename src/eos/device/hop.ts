import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import type { HostKeyMode } from './transport.ts'

/** A jump host: a host with SSH that carries connections to what has no route from here. */
export interface Hop {
  /** Its name under `jumps`. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostKey: HostKeyMode
  /** The name of the user that logs in there. */
  readonly credentials: string
}

/** The names of the jump hosts of a way, in their order: `bastion, core`. */
export function hopNames(hops: readonly Pick<Hop, 'name'>[]): string {
  return hops.map(({ name }) => name).join(', ')
}

/** At which jump host a way ends. */
export interface HopEnd {
  /** The name of the jump host. */
  readonly hop: string
  /** Whether it is logged in to, and what it does not reach is the next host of the way. */
  readonly isPassed: boolean
}

/** The way to a switch ends at a jump host: nothing has reached the switch. */
export class HopError extends EosflowError {
  readonly end: HopEnd

  constructor(end: HopEnd, { kind, message }: Pick<EosflowError, 'kind' | 'message'>, options: ErrorOptions) {
    super(kind, message, options)
    this.end = end
  }
}
