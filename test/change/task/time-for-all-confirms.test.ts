import { expect, test } from 'vitest'
import { commitTimers, type TaskContext } from '../../../src/change/task/act/context.ts'
import { confirm } from '../../../src/change/task/builtin/confirm.ts'
import type { Phase } from '../../../src/eos/device/history.ts'
import { partOf } from '../../lab/part-of.ts'

const PHASES: Readonly<Record<string, Phase>> = {
  leaf1: 'armed',
  leaf2: 'confirming',
  leaf3: 'armed',
  leaf4: 'confirmed',
}

const ALL = ['leaf1', 'leaf2', 'leaf3', 'leaf4']
const OPEN = ['leaf1', 'leaf2', 'leaf3']

/** Begins the confirm of leaf1, one of four switches that are confirmed one by one; the slowest confirm took 4 s. What it throws. */
async function confirmed(secondsLeft: Readonly<Record<string, number>>, open: () => readonly string[] = () => OPEN) {
  const timers = commitTimers({ monotonic: () => 0 })
  timers.tookToConfirm(4_000)
  for (const [name, left] of Object.entries(secondsLeft)) timers.saw(name, left)
  const group = {
    planned: ALL,
    concurrency: 1,
    roundTrip: 1_000,
    get open() {
      return open()
    },
  }
  const context = partOf<TaskContext<Record<string, never>>>({
    devices: ['leaf1'],
    isHeldOver: () => false,
    approval: { requireUnrevoked: async () => undefined },
    change: { confirmedWith: async () => group },
    timers,
    history: (name: string) => ({ phase: PHASES[name] }),
    clock: { monotonic: () => 0 },
    signal: new AbortController().signal,
    fleet: { device: async () => Promise.reject(new Error('leaf1 is read')) },
  })
  return confirm.run(context).then(
    () => undefined,
    (error: Error) => error.message,
  )
}

// Three are open: three rounds of two trips of 2 s, and 20 ms for each, are 13 s; ten more must be left behind them.
test('[P20] a confirm is not begun where the timer of any that is still to be confirmed may end before its own confirm', async () => {
  const message = (left: number, name: string) =>
    `leaf1: not confirmed: only ${left} s are left of the commit timer of ${name}, and 3 to confirm take 13 s`
  expect(await confirmed({ leaf1: 60, leaf2: 23, leaf3: 60, leaf4: 60 })).toBe(message(23, 'leaf2'))
  expect(await confirmed({ leaf1: 60, leaf2: 60, leaf3: 1, leaf4: 60 })).toBe(message(1, 'leaf3'))
  expect(await confirmed({ leaf1: 24, leaf2: 24, leaf3: 24, leaf4: 24 })).toBe('leaf1 is read')
})

test('what is confirmed already has no timer that anybody waits for', async () => {
  expect(await confirmed({ leaf1: 60, leaf2: 60, leaf3: 60, leaf4: 1 })).toBe('leaf1 is read')
})

test('a switch that has not said what is left of its timer stops nobody', async () => {
  expect(await confirmed({})).toBe('leaf1 is read')
  expect(await confirmed({ leaf1: 60 })).toBe('leaf1 is read')
})

// Were all four still open, their rounds would take 17 s, and ten more must be left.
test('nobody looks which are still open where every timer outlives the confirms of all', async () => {
  const notAsked = (): never => {
    throw new Error('it was asked which are open')
  }
  expect(await confirmed({ leaf1: 60, leaf2: 28, leaf3: 60, leaf4: 60 }, notAsked)).toBe('leaf1 is read')
  expect(await confirmed({ leaf1: 60, leaf2: 27, leaf3: 60, leaf4: 60 }, notAsked)).toBe('it was asked which are open')
})
