import { expect, test } from 'vitest'
import { onEachPresent } from '../../../src/change/task/act/act.ts'
import { EosflowError } from '../../../src/model/error.ts'

test('each answer is counted as it comes, and so is a switch that does not answer', async () => {
  const counts: string[] = []
  const context = {
    leaveOut: async () => true,
    answered: ({ done, of }: { readonly done: number; readonly of: number }) => {
      counts.push(`${done} of ${of}`)
    },
  }
  const act = async (name: string) => {
    if (name === 'leaf2') throw new EosflowError('unreachable', `${name} does not answer`, { device: name })
    return name
  }
  expect(await onEachPresent(context, ['leaf1', 'leaf2', 'leaf3'], act)).toEqual(['leaf1', 'leaf3'])
  expect(counts).toEqual(['1 of 3', '2 of 3', '3 of 3'])
})
