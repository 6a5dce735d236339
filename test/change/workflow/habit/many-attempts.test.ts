import { expect, test } from 'vitest'
import { manyAttempts } from '../../../../src/change/workflow/habit/habits.ts'
import { machineOf } from '../states-file.ts'

const retried = (MaxAttempts: number) =>
  manyAttempts(
    machineOf({
      ReadState: {
        Type: 'Task',
        Resource: 'eosflow:ready',
        Retry: [{ ErrorEquals: ['eosflow.unreachable'], MaxAttempts }],
        End: true,
      },
    }),
  ).map(({ code, message }) => `${code}: ${message}`)

test('more than five retries are named', () => {
  expect(retried(6)).toEqual(['many-attempts: `ReadState` is tried again 6 times after eosflow.unreachable'])
  expect(retried(5)).toEqual([])
  expect(retried(0)).toEqual([])
})
