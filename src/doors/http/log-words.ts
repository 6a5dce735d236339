import { faultOf } from './request/fault.ts'

/** What has failed, as the log of a server has it: where eosflow itself has, with the place. */
export function logWords(error: unknown): string {
  const { kind, message, hint } = faultOf(error)
  if (kind === 'bug' && error instanceof Error) return error.stack ?? error.message
  return hint === undefined ? message : `${message} (${hint})`
}
