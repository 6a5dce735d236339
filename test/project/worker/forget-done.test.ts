import { expect, test } from 'vitest'
import type { WorkerRecord } from '../../../src/change/record/store/workers.ts'
import { forgetDone } from '../../../src/project/worker/worker.ts'

const row = (id: string, kind: string, dead?: string) => ({
  id,
  kind,
  sites: [],
  version: '0',
  since: '',
  beat: '1',
  ttl: 1,
  age: 0,
  lastSign: '1',
  driven: [],
  ...(dead === undefined ? {} : { dead }),
})

/** How often a process asks to have something forgotten, where so many are forgotten each time. */
async function asked(own: string, rows: readonly WorkerRecord[], given: readonly number[]) {
  const left = [...given]
  const seconds: number[] = []
  await forgetDone({
    workers: { own, list: async () => rows },
    dispatcher: {
      forgetDone: async (keep) => {
        seconds.push(keep)
        return left.shift() ?? 0
      },
    },
    keep: 3600,
    over: new AbortController().signal,
  })
  return seconds
}

test.each([
  ['the only worker, until nothing is left', 'a', [row('a', 'worker')], [1000, 1000, 7], 4],
  ['the oldest worker', 'a', [row('a', 'worker'), row('b', 'worker')], [], 1],
  ['not a younger one', 'b', [row('a', 'worker'), row('b', 'worker')], [5], 0],
  ['the next one where the oldest is dead', 'b', [row('a', 'worker', 'at noon'), row('b', 'worker')], [], 1],
  ['no server and no command counts', 'b', [row('s', 'server'), row('c', 'client'), row('b', 'worker')], [], 1],
  ['not one that the store does not know yet', 'b', [], [5], 0],
])('what is done is forgotten by %s', async (_, own, rows, given, times) => {
  expect(await asked(own, rows, given)).toEqual(Array.from({ length: times }, () => 3600))
})

test('a worker that ends asks no more', async () => {
  const ends = new AbortController()
  let times = 0
  await forgetDone({
    workers: { own: 'a', list: async () => [row('a', 'worker')] },
    dispatcher: {
      forgetDone: async () => {
        times += 1
        ends.abort()
        return 1000
      },
    },
    keep: 3600,
    over: ends.signal,
  })
  expect(times).toBe(1)
})
