import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'

/** The time that a flag gives, in milliseconds since the epoch; undefined where it is not given. Throws InputError on a time that is none. */
export function timeOf(flag: string, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const time = Date.parse(value)
  if (!Number.isNaN(time)) return time
  throw new InputError([
    problemOf(flag, 'bad-time', `${value} is no time`, 'for example 2026-01-05 or 2026-01-05T08:00:00Z'),
  ])
}
