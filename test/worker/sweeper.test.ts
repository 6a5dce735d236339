import { expect, test } from 'vitest'
import { ONE_SITE } from '../../src/engine/sites.ts'
import type { WorkerRecord } from '../../src/journal/workers.ts'
import { Sweeper } from '../../src/worker/sweeper.ts'

/** A sweeper over executions that nobody drives; each post is lost unless the test drives the execution. */
function swept(...open: readonly string[]) {
  let now = 1_000_000
  const seen = { posted: [] as string[], asked: [] as (readonly string[] | 'all')[], isAway: false }
  const undriven = new Set(open)
  const onItsWay = new Set<string>()
  const sweeper = new Sweeper({
    clock: { now: () => now },
    workers: { list: async (): Promise<readonly WorkerRecord[]> => [] },
    dispatcher: {
      posted: async () => {
        if (seen.isAway) throw new Error('the store is away')
        return new Set(onItsWay)
      },
    },
    undriven: async (among) => {
      seen.asked.push(among === undefined ? 'all' : [...among])
      return [...undriven]
        .filter((id) => among?.has(id) !== false)
        .map((id) => ({ id, targets: ['leaf1'], sites: ONE_SITE }))
    },
    post: async ({ id }, cause) =>
      void seen.posted.push(`${id} ${cause.why} ${cause.why === 'left' ? cause.period : ''}`),
  })
  /** Looks so many times, two seconds apart; gives after how many of them something was posted. */
  const looks = async (count: number): Promise<readonly number[]> => {
    const at: number[] = []
    for (let look = 1; look <= count; look += 1) {
      now += 2_000
      const before = seen.posted.length
      await sweeper.look().catch(() => undefined)
      if (seen.posted.length > before) at.push(look)
    }
    return at
  }
  return { sweeper, seen, undriven, onItsWay, looks }
}

test('what somebody has written about is posted at the second look, and again at ever longer distances: a post may be lost', async () => {
  const { sweeper, seen, looks } = swept('x1', 'x2')
  sweeper.hear('x1')
  expect(await looks(40)).toEqual([2, 4, 8, 16])
  expect(seen.posted).toEqual(['x1 left 502', 'x1 left 504', 'x1 left 508', 'x1 left 516'])
  expect(seen.asked).toEqual([['x1'], ['x1'], ['x1'], ['x1']])
  sweeper.hear('x1')
  expect(await looks(3)).toEqual([2])
})

test('what is on its way is not posted and not read, and is posted once it was lost', async () => {
  const { sweeper, seen, onItsWay, looks } = swept('x1')
  onItsWay.add('x1')
  sweeper.hear('x1')
  expect(await looks(5)).toEqual([])
  expect(seen.asked).toEqual([])
  onItsWay.clear()
  expect(await looks(3)).toEqual([3])
})

test('what is driven, and what there is nothing to do for, is looked at once', async () => {
  const { sweeper, seen, looks } = swept()
  sweeper.hear('x1')
  sweeper.hear('')
  expect(await looks(20)).toEqual([])
  expect(seen.asked).toEqual([['x1']])
})

test('where the store was away everything is looked at as soon as it is back', async () => {
  const { sweeper, seen, looks } = swept('x1', 'x2')
  seen.isAway = true
  sweeper.hear('x1')
  sweeper.hear(undefined)
  expect(await looks(7)).toEqual([])
  seen.isAway = false
  expect(await looks(1)).toEqual([1])
  expect(seen.asked).toEqual(['all', ['x1']])
  expect(seen.posted.slice(0, 2)).toEqual(['x1 left 508', 'x2 left 508'])
})

test('a word that comes while it looks is looked at as any other', async () => {
  const { sweeper, undriven, looks, seen } = swept()
  sweeper.hear('x1')
  await looks(1)
  const looking = looks(1)
  sweeper.hear('x1')
  await looking
  undriven.add('x1')
  expect(await looks(2)).toEqual([2])
  expect(seen.posted).toHaveLength(1)
})
