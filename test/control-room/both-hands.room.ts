import { expect, test } from 'vitest'
import { workWithBothHands } from './both-hands.ts'

const SEED = 20_261_121
/** `npm run soak -- serve` does 200. */
const ACTS = 50

test('a command line and a server work on one store at once: nobody has a switch that another has, and a page shows both', async () => {
  const { wrong, ...end } = await workWithBothHands(SEED, ACTS)
  process.stdout.write(`${JSON.stringify(end)}\n`)
  expect(wrong).toEqual([])
  expect(Object.values(end.ends).reduce((sum, count) => sum + count, 0)).toBe(ACTS)
  expect(end.executions).toBeGreaterThan(1)
  expect(end.shown.count).toBeGreaterThan(0)
})
