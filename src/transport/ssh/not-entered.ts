import { EosflowError } from '../../model/error.ts'

/** A failure of the login: nothing of a verb was typed yet, so that one that was lost is `unreachable` and may be tried again. */
export function notEntered(thrown: unknown): unknown {
  if (!(thrown instanceof EosflowError) || thrown.kind !== 'lost-answer') return thrown
  return new EosflowError('unreachable', `the login was not answered: ${thrown.message.replace(/^.*: /, '')}`, {
    retryable: true,
    hint: 'Log in by hand and see what it prints; a switch takes only so many connections (management ssh).',
    cause: thrown,
  })
}
