import { expect, test } from 'vitest'
import { commitTimers } from '../../../src/change/task/act/context.ts'

test('what is left of a timer is what the switch last said, less the time since; never less than nothing', () => {
  let now = 5000
  const timers = commitTimers({ monotonic: () => now })
  expect([timers.left('leaf1'), timers.slowestConfirm]).toEqual([undefined, 0])
  timers.saw('leaf1', 60)
  timers.saw('leaf2', 10)
  now += 12_500
  expect([timers.left('leaf1'), timers.left('leaf2'), timers.left('leaf3')]).toEqual([47, 0, undefined])
  timers.saw('leaf1', 40)
  expect(timers.left('leaf1')).toBe(40)
})

test('the slowest confirm is remembered', () => {
  const timers = commitTimers({ monotonic: () => 0 })
  timers.tookToConfirm(900)
  timers.tookToConfirm(4000)
  timers.tookToConfirm(1200)
  expect(timers.slowestConfirm).toBe(4000)
})

test('the soonest is the least that any of a list has left, as each last said', () => {
  let now = 0
  const timers = commitTimers({ monotonic: () => now })
  const [both, other] = [['leaf1', 'leaf2'], ['leaf3']]
  expect(timers.soonest(both)).toBeUndefined()
  timers.saw('leaf1', 60)
  expect([timers.soonest(both), timers.soonest(other)]).toEqual([60, undefined])
  timers.saw('leaf2', 50)
  now += 8_000
  expect(timers.soonest(both)).toBe(42)
  timers.saw('leaf2', 90)
  expect(timers.soonest(both)).toBe(52)
  now += 60_000
  expect(timers.soonest(both)).toBe(0)
})
