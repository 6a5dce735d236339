import { expect, test } from 'vitest'
import { leadsOn, releaseSwitch } from '../../../src/change/task/act/act.ts'
import type { TaskContext } from '../../../src/change/task/act/context.ts'

test('what is done before the timed commit took effect is not done without its owner session, all else is', () => {
  const before = ['stage', 'replay', 'prune', 'arm'] as const
  const behind = ['hold', 'release', 'confirm', 'save', 'abort', 'restore', 'boot'] as const
  expect(before.map(leadsOn)).toEqual([true, true, true, true])
  expect(behind.map(leadsOn)).toEqual([false, false, false, false, false, false, false])
})

test('where there is no owner session the switch is not asked, and has not answered', async () => {
  let asked = 0
  const context = {
    history: () => ({}),
    fleet: {
      device: async () => {
        asked += 1
      },
    },
  } as unknown as TaskContext<unknown>
  expect(await releaseSwitch(context, 'leaf1')).toBe(false)
  expect(asked).toBe(0)
})
