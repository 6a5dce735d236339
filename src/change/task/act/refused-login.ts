import { EosflowError, type ErrorKind } from '../../../model/error.ts'

// How a switch says that it takes no new login, or says nothing: AAA, an access list, another key behind the port, a keeper that is silent.
const REFUSALS: ReadonlySet<ErrorKind> = new Set([
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'protocol',
  'refused',
  'secret',
])

export function isRefusedLogin(error: unknown): error is EosflowError {
  return error instanceof EosflowError && REFUSALS.has(error.kind)
}
