import { expect, test } from 'vitest'
import { OutageError } from '../../src/change/record/store/journal.ts'
import { EosflowError } from '../../src/model/error.ts'
import { patientStore } from '../../src/project/history/watch/patient-store.ts'
import { openForTest } from '../change/record/sqlite/open-for-test.ts'

/** A store in memory that is away for so many questions, under a clock that only sleeping moves. */
async function awayFor(questions: number, refusal = (): Error => new OutageError('away')) {
  let left = questions
  const told = { now: 0 }
  const clock = {
    now: () => told.now,
    monotonic: () => told.now,
    sleep: async (milliseconds: number) => {
      told.now += milliseconds
    },
  }
  const inner = await openForTest(':memory:', clock)
  const ask = () => {
    if (left === 0) return
    left -= 1
    throw refusal()
  }
  inner.read = async () => {
    ask()
    return []
  }
  const { fence } = inner
  inner.fence = async (execution, device) => {
    ask()
    return fence.call(inner, execution, device)
  }
  return { store: patientStore(inner, inner, clock), told }
}

test('a question waits until the store is there again, however long that is', async () => {
  const { store, told } = await awayFor(500)
  expect(await store.read('x')).toEqual([])
  expect(told.now).toBe(500_000)
})

test('what the store refuses is refused at once', async () => {
  const { store, told } = await awayFor(1, () => new EosflowError('store', 'does not verify'))
  await expect(store.read('x')).rejects.toMatchObject({ message: 'does not verify' })
  expect(told.now).toBe(0)
})

test.each([
  [30, 'given', 30_000],
  [59, 'given', 59_000],
  [60, 'leaf1: the store came back too late: nothing was sent', 60_000],
])('a fence that was kept waiting for %i s: %s', async (questions, expected, milliseconds) => {
  const { store, told } = await awayFor(questions)
  const outcome = await store.fence('x', 'leaf1').then(
    (fence) => (fence.isFresh ? 'given' : 'too old'),
    (error: unknown) => (error as Error).message,
  )
  expect([outcome, told.now]).toEqual([expected, milliseconds])
})
