import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** The reason of `--reason`, without what the process keeps secret. Throws InputError where none is given: `what` says what it is about. */
export function givenReason({ io, options }: Invocation, what: string): string {
  const reason = typeof options.reason === 'string' ? io.scrubber.scrub(options.reason).trim() : ''
  if (reason !== '') return reason
  throw new InputError([
    problemOf('--reason', 'no-reason', 'a reason is missing: it goes on record', `Say ${what}: --reason TEXT`),
  ])
}
