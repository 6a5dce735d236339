import { faultOf } from './request/readable.ts'

export function logWords(error: unknown): string {
  const { kind, message, hint } = faultOf(error)
  if (kind === 'bug' && error instanceof Error) return error.stack ?? error.message
  return hint === undefined ? message : `${message} (${hint})`
}
