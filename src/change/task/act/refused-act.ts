import { EosflowError } from '../../../model/error.ts'

/** Whether a switch has answered an act with an error or a complaint. What it has done all the same only the switch shows. */
export function isRefusal(error: unknown): error is EosflowError {
  return error instanceof EosflowError && error.kind === 'refused'
}
