import { expect, test } from 'vitest'
import { ONE_SITE } from '../../../src/change/engine/sites.ts'
import { Sweeper } from '../../../src/project/worker/sweeper.ts'

/** Executions that nobody drives, and a queue that carries each id once and loses what it carries. */
function project(...open: readonly string[]) {
  const shared = {
    now: 1_000_000,
    posted: [] as string[],
    asked: [] as (readonly string[] | 'all')[],
    isAway: false,
    undriven: new Set(open),
    onItsWay: new Set<string>(),
    unread: new Set<string>(),
  }
  const worker = () =>
    new Sweeper({
      clock: { now: () => shared.now },
      workers: { list: async () => [] },
      dispatcher: {
        posted: async () => {
          if (shared.isAway) throw new Error('the store is away')
          return new Set(shared.onItsWay)
        },
      },
      undriven: async (unread, among) => {
        shared.asked.push(among === undefined ? 'all' : [...among])
        const ids = [...shared.undriven].filter((id) => among?.has(id) !== false)
        for (const id of ids) if (shared.unread.has(id)) unread(id)
        return ids.filter((id) => !shared.unread.has(id)).map((id) => ({ id, targets: ['leaf1'], sites: ONE_SITE }))
      },
      post: async ({ id }, cause) => {
        const text = `${id} ${cause.why} ${cause.why === 'left' ? cause.period : ''}`
        if (!shared.posted.includes(text)) shared.posted.push(text)
      },
    })
  return { shared, worker }
}

/** One worker that has looked at everything a moment ago. */
async function swept(...open: readonly string[]) {
  const { shared, worker } = project()
  const sweeper = worker()
  await sweeper.look()
  shared.asked.length = 0
  for (const id of open) shared.undriven.add(id)
  /** Looks so many times, two seconds apart; gives after how many of them something was posted. */
  const looks = async (count: number) => {
    const at: number[] = []
    for (let look = 1; look <= count; look += 1) {
      shared.now += 2_000
      const before = shared.posted.length
      await sweeper.look().catch(() => undefined)
      if (shared.posted.length > before) at.push(look)
    }
    return at
  }
  return { sweeper, shared, looks }
}

test('what somebody has written about is posted at the second look, and again at ever longer distances: a post may be lost', async () => {
  const { sweeper, shared, looks } = await swept('x1')
  sweeper.hear('x1')
  expect(await looks(14)).toEqual([2, 4, 8])
  expect(shared.posted).toEqual(['x1 left 502', 'x1 left 504', 'x1 left 508'])
  expect(shared.asked).toEqual([['x1'], ['x1'], ['x1']])
  // The fifteenth looks at everything; the last one of the word is the sixteenth.
  expect(await looks(14)).toEqual([1, 2])
  expect(shared.posted.slice(3)).toEqual(['x1 left 34', 'x1 left 516'])
  sweeper.hear('x1')
  expect(await looks(2)).toEqual([2])
})

test('what fails is looked at ever more rarely, however often it fails, and a word is looked at soon again', async () => {
  const { sweeper, looks } = await swept('x1')
  const failing = async (count: number) => {
    const at: number[] = []
    for (let look = 1; look <= count; look += 1) {
      sweeper.again('x1')
      if ((await looks(1)).length > 0) at.push(look)
    }
    return at
  }
  expect(await failing(14)).toEqual([2, 4, 8])
  sweeper.hear('x1')
  expect((await looks(4)).slice(0, 1)).toEqual([1])
})

test('what is on its way is not posted and not read, and is posted once it was lost', async () => {
  const { sweeper, shared, looks } = await swept('x1')
  shared.onItsWay.add('x1')
  sweeper.hear('x1')
  expect(await looks(5)).toEqual([])
  expect(shared.asked).toEqual([])
  shared.onItsWay.clear()
  expect(await looks(3)).toEqual([3])
})

test('what is driven, and what there is nothing to do for, is looked at once', async () => {
  const { sweeper, shared, looks } = await swept()
  sweeper.hear('x1')
  sweeper.hear('')
  expect(await looks(14)).toEqual([])
  expect(shared.asked).toEqual([['x1']])
})

test('where the store was away everything is looked at as soon as it is back', async () => {
  const { sweeper, shared, looks } = await swept('x1', 'x2')
  shared.isAway = true
  sweeper.hear('x1')
  sweeper.hear(undefined)
  expect(await looks(7)).toEqual([])
  shared.isAway = false
  expect(await looks(1)).toEqual([1])
  expect(shared.asked).toEqual([['x1'], 'all'])
  expect(shared.posted).toEqual(['x1 left 508', 'x2 left 508'])
})

test('a look at everything that fails is made again at the next look', async () => {
  const { shared, looks } = await swept('x1')
  expect(await looks(14)).toEqual([])
  shared.isAway = true
  expect(await looks(3)).toEqual([])
  shared.isAway = false
  expect(await looks(16)).toEqual([1, 16])
})

test('what could not be looked at is looked at again, and is no reason to look at the others', async () => {
  const { sweeper, shared, looks } = await swept('x1', 'x2')
  shared.unread.add('x1')
  sweeper.hear(undefined)
  expect(await looks(1)).toEqual([1])
  expect(shared.posted).toEqual(['x2 left 501'])
  expect(await looks(2)).toEqual([])
  shared.unread.clear()
  expect(await looks(4)).toEqual([2])
  expect(shared.asked).toEqual(['all', ['x1'], ['x1']])
})

test('a word that comes while it looks is looked at as any other', async () => {
  const { sweeper, shared, looks } = await swept()
  sweeper.hear('x1')
  await looks(1)
  const looking = looks(1)
  sweeper.hear('x1')
  await looking
  shared.undriven.add('x1')
  expect(await looks(2)).toEqual([2])
})

test('what a dead worker had taken is looked at now', async () => {
  const { sweeper, shared } = await swept('x1', 'x2')
  await sweeper.passOn(new Set(['x2']))
  expect(shared.posted).toEqual(['x2 left 500'])
})

test('what fails whenever it is driven is driven once in half a minute, however many workers look', async () => {
  const { shared, worker } = project('x1')
  const workers = Array.from({ length: 10 }, worker)
  // Each looks every two seconds, and no two at the same time, for five minutes.
  for (let step = 0; step < 1_500; step += 1) {
    shared.now += 200
    await workers[step % 10]?.look()
  }
  expect(shared.posted).toHaveLength(10)
})
