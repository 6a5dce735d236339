import { z } from 'zod'
import type { Problem } from '../../../model/problem.ts'
import { formatDuration } from '../../../text/source/duration.ts'
import { duration } from '../../../text/source/duration-schema.ts'
import { keyPlaceOf, type LocatedValue, placeOf } from '../../../text/source/located.ts'
import type { Workflow } from './workflow.ts'

const DAY = 86_400
// The time between two looks, in seconds, unless the workflow says so.
const EVERY = 600

/** For how long the checks of a change are judged on after its confirm, as a workflow file says it under `after`. */
export const afterSchema = z
  .strictObject({
    checks: duration(600, 14 * DAY, '24h').describe(
      'For how long the checks and the outside judges of `verify` are judged on after the confirm.',
    ),
    every: duration(60, 14 * DAY, '10m')
      .default(EVERY)
      .describe('The time from one look to the next.'),
  })
  .describe(
    'The checks and the judges of `verify` are judged on by a schedule after the confirm. The first failure is a notice; nothing is put back by itself.',
  )

export function afterProblems(
  { after, checks, judges }: Pick<Workflow, 'after' | 'checks' | 'judges'>,
  located: LocatedValue,
): readonly Problem[] {
  if (after === undefined) return []
  const isNeverLooked = after.every > after.checks
  const isNothing = checks.length + judges.length === 0
  return [
    ...(isNeverLooked
      ? [
          {
            code: 'after-every',
            message: `the checks are kept for ${formatDuration(after.checks)}, and the first look would be after ${formatDuration(after.every)}`,
            at: placeOf(located, ['after', 'every']),
            hint: 'make `every` at most as long as `checks`',
          },
        ]
      : []),
    ...(isNothing
      ? [
          {
            code: 'after-nothing',
            message: '`after` keeps what `verify` judges, and the workflow verifies nothing',
            at: keyPlaceOf(located, ['after']),
            hint: 'add `- verify: { checks: [...] }`, or delete `after`',
          },
        ]
      : []),
  ]
}
