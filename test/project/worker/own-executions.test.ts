import { expect, test } from 'vitest'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { OwnExecutions } from '../../../src/project/worker/worker.ts'

/** Executions of a process whose store refuses so many times to have one given up. */
function own(refusals = 0) {
  const said: string[] = []
  const clock = new VirtualClock()
  const over = new AbortController()
  let left = refusals
  const executions = new OwnExecutions({
    workers: {
      leave: async (execution) => {
        if (left > 0) {
          left -= 1
          throw new Error('the store is away')
        }
        said.push(`${execution} left`)
      },
    },
    clock,
    over: over.signal,
    failed: (execution) => void said.push(`${execution} not left`),
  })
  const driven = (execution: string) => {
    let end: () => void = () => undefined
    const done = executions.during(execution, async () => {
      said.push(`${execution} driven`)
      await new Promise<void>((resolve) => {
        end = resolve
      })
    })
    return { done, end: () => end() }
  }
  return { said, clock, over, driven }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

test('an execution that was brought twice is given up behind the last who drives it, and others on their own', async () => {
  const { said, driven } = own()
  const [first, second, other] = [driven('x1'), driven('x1'), driven('x2')]
  await soon()
  second.end()
  await second.done
  other.end()
  await other.done
  expect(said).toEqual(['x1 driven', 'x1 driven', 'x2 driven', 'x2 left'])
  first.end()
  await first.done
  expect(said.at(-1)).toBe('x1 left')
})

test('where the store is away it is given up once that is back, and nobody takes it up here before', async () => {
  const { said, clock, driven } = own(40)
  const first = driven('x1')
  await soon()
  first.end()
  await soon()
  const second = driven('x1')
  await clock.advance(39_000)
  expect(said).toEqual(['x1 driven', 'x1 not left'])
  await clock.advance(1_000)
  await soon()
  expect(said).toEqual(['x1 driven', 'x1 not left', 'x1 left', 'x1 driven'])
  second.end()
  await Promise.all([first.done, second.done])
})

test('that one could not be given up is said at once, also where the next try does it', async () => {
  const { said, clock, driven } = own(1)
  const first = driven('x1')
  await soon()
  first.end()
  await soon()
  expect(said).toEqual(['x1 driven', 'x1 not left'])
  await clock.advance(1_000)
  await first.done
  expect(said).toEqual(['x1 driven', 'x1 not left', 'x1 left'])
})

test('a process that ends does not wait for the store: its term ends', async () => {
  const { said, over, driven } = own(1_000)
  const first = driven('x1')
  await soon()
  first.end()
  await soon()
  over.abort()
  await first.done
  expect(said).toEqual(['x1 driven', 'x1 not left'])
})
