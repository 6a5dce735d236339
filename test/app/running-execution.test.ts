import { expect, test } from 'vitest'
import { isExecutionRunning } from '../../src/app/execution/running-execution.ts'
import type { Claims } from '../../src/journal/claims.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'

test.each([
  ['that is claimed', [true], true],
  ['whose process has put its beginning on record, and claims it a moment later', [false, true], true],
  ['that nobody claims in half a second', [false, false], false],
])('an execution %s', async (_name, claimed, expected) => {
  const clock = new VirtualClock()
  let asked = 0
  const claims = { isClaimed: async () => claimed[asked++] === true } as unknown as Claims
  const answer = isExecutionRunning({ claims, clock }, 'e-1')
  await new Promise((resolve) => setImmediate(resolve))
  if (clock.sleeping > 0) await clock.advance(500)
  expect(await answer).toBe(expected)
  expect(asked).toBe(claimed.length)
})
