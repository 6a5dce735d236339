import { EosflowError } from '../../../model/error.ts'

export function isRefusal(error: unknown): error is EosflowError {
  return error instanceof EosflowError && error.kind === 'refused'
}
