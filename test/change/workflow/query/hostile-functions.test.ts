import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../../extent.ts'
import { tooLarge } from '../../../hostile/as-thread.ts'
import { hostileExpressions } from './hostile-functions.ts'

/** An evaluation is over after so many milliseconds of the processor. */
const SLOWEST = 10_000

test('[3G3] whatever a function of JSONata makes of large values is bounded in memory and time', {
  tags: 'long',
  timeout: 1_200_000,
}, async () => {
  const expressions = hostileExpressions()
  expect(expressions.length).toBeGreaterThan(5_000)
  const some = everyNthOfLong(97, 'expressions of large values', expressions)
  expect(await tooLarge(new URL('hostile-functions.ts', import.meta.url), some, SLOWEST)).toEqual([])
})
