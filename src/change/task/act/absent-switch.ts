import type { EosflowError } from '../../../model/error.ts'

/** A switch that does not answer, and how the last attempt failed. */
export interface AbsentSwitch {
  readonly device: string
  readonly error: EosflowError
}
