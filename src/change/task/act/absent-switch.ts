import type { EosflowError } from '../../../model/error.ts'

export interface AbsentSwitch {
  readonly device: string
  readonly error: EosflowError
}
