import { EosflowError, messageOf } from '../../model/error.ts'
import { InputError } from '../../project/system/process/input-error.ts'

/** What was thrown as one of the two errors that leave the library, without secrets: neither in its words, nor in its causes and its stack. */
export function scrubbedFailure(thrown: unknown, scrub: (text: string) => string): InputError | EosflowError {
  const failure = failureOf(thrown, scrub)
  if (thrown instanceof Error && thrown.stack !== undefined) failure.stack = scrub(thrown.stack)
  return failure
}

function failureOf(thrown: unknown, scrub: (text: string) => string): InputError | EosflowError {
  if (thrown instanceof InputError)
    return new InputError(
      thrown.problems.map(({ code, message, at, hint }) => ({
        code,
        message: scrub(message),
        at: { ...at, file: scrub(at.file) },
        ...(hint === undefined ? {} : { hint: scrub(hint) }),
      })),
    )
  if (!(thrown instanceof EosflowError)) return unforeseen(thrown, scrub)
  const { kind, message, retryable, device, command, hint, decision } = thrown
  return new EosflowError(kind, scrub(message), {
    retryable,
    ...(device === undefined ? {} : { device }),
    ...(command === undefined ? {} : { command: scrub(command) }),
    ...(hint === undefined ? {} : { hint: scrub(hint) }),
    ...(decision === undefined
      ? {}
      : { decision: { rules: decision.rules.map(scrub), demands: decision.demands.map(scrub) } }),
  })
}

function unforeseen(thrown: unknown, scrub: (text: string) => string): EosflowError {
  const message = scrub(messageOf(thrown))
  const isEnded = thrown instanceof Error && thrown.name === 'AbortError'
  return new EosflowError(isEnded ? 'cancelled' : 'bug', message)
}
