import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import type { HostKeyMode } from './transport.ts'

export interface Hop {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostKey: HostKeyMode
  readonly credentials: string
}

/** The names of the jump hosts of a way, in their order: `bastion, core`. */
export function hopNames(hops: readonly Pick<Hop, 'name'>[]): string {
  return hops.map(({ name }) => name).join(', ')
}

export interface HopEnd {
  readonly hop: string
  readonly isPassed: boolean
}

export class HopError extends EosflowError {
  readonly end: HopEnd

  constructor(end: HopEnd, { kind, message }: Pick<EosflowError, 'kind' | 'message'>, options: ErrorOptions) {
    super(kind, message, options)
    this.end = end
  }
}
