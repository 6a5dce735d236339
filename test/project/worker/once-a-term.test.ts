import { expect, test } from 'vitest'
import { OnceATerm } from '../../../src/project/worker/worker.ts'

test('each execution is sent for once a term, and again where that failed; what was sent for in terms before is forgotten', async () => {
  let now = 100_000
  const once = new OnceATerm({ now: () => now }, 10_000)
  const sent: string[] = []
  const send = (execution: string) => once.during(execution, async (term) => void sent.push(`${execution} ${term}`))
  await send('x1')
  await send('x2')
  await send('x1')
  expect([sent, once.size]).toEqual([['x1 10', 'x2 10'], 2])
  await expect(once.during('x3', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  await send('x3')
  now += 10_000
  await send('x1')
  expect([sent, once.size]).toEqual([['x1 10', 'x2 10', 'x3 10', 'x1 11'], 1])
})
