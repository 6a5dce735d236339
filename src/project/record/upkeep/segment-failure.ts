import { OutageError } from '../../../change/record/store/outage.ts'
import { EosflowError } from '../../../model/error.ts'
import { InputError } from '../../system/process/input-error.ts'

/**
 * What a segment that the disk did not take is refused with (`store`); `left` says what is as it was. Anything else that went wrong is
 * given as it is.
 */
export function segmentFailure(folder: string, thrown: unknown, left: string): unknown {
  // The database was not reached: its error names a call of the system as well.
  if (thrown instanceof OutageError) return thrown
  const isWrapped = thrown instanceof EosflowError || thrown instanceof InputError
  const code = codeOf(thrown) ?? (isWrapped ? codeOf(thrown.cause) : undefined)
  if (code === undefined) return thrown
  return new EosflowError('store', `no segment can be put into ${folder} (${code}): ${left}`, {
    hint: 'Check the folder, its rights, and the room on its disk; then seal again.',
    cause: thrown,
  })
}

/** The code of what the system refuses, or SQLite for the same reason; undefined for everything else. */
function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined
  return 'syscall' in thrown || REFUSALS.some((one) => String(thrown.code).startsWith(one)) ? thrown.code : undefined
}

const REFUSALS = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_CANTOPEN']
