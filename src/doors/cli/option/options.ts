import { inputError } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** The value of a flag that takes a text; undefined where it is not given. */
export function text(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined
}

export function texts(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : []
}

/** The time that a flag gives, in milliseconds since the epoch; undefined where it is not given. Throws InputError on a time that is none. */
export function timeOf(flag: string, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const time = Date.parse(value)
  if (!Number.isNaN(time)) return time
  throw inputError(flag, 'bad-time', `${value} is no time`, 'for example 2026-01-05 or 2026-01-05T08:00:00Z')
}

/** The one of some words that was given. Throws InputError of `fault` for any other. */
export function oneOf<T extends string>(
  words: readonly T[],
  given: unknown,
  ...fault: Parameters<typeof inputError>
): T {
  const found = words.find((one) => one === given)
  if (found !== undefined) return found
  throw inputError(...fault)
}

/** The reason of `--reason`, without what the process keeps secret. Throws InputError where none is given: `what` says what it is about. */
export function givenReason({ io, options }: Invocation, what: string): string {
  const reason = typeof options.reason === 'string' ? io.scrubber.scrub(options.reason).trim() : ''
  if (reason !== '') return reason
  throw inputError('--reason', 'no-reason', 'a reason is missing: it goes on record', `Say ${what}: --reason TEXT`)
}
