import { expect, test } from 'vitest'
import { Turns } from '../../src/project/system/process/host.ts'

const NEVER = new AbortController().signal

test('so many have a turn at once, and of those who wait the one with the lowest place is next', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const overs: (() => void)[] = []
  const begin = async (place: number) => {
    const over = await turns.begin(place, NEVER)
    begun.push(place)
    if (over !== undefined) overs.push(over)
  }
  const all = [5, 7, 3, 9, 1, 4].map(begin)
  await Promise.resolve()
  expect(begun).toEqual([5, 7])
  for (let at = 0; at < all.length; at += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    overs.shift()?.()
  }
  await Promise.all(all)
  expect(begun).toEqual([5, 7, 1, 3, 4, 9])
})

test('who waits no longer has no turn, and keeps none from anybody else', async () => {
  const turns = new Turns(1)
  const over = await turns.begin(0, NEVER)
  const stop = new AbortController()
  const [left, next] = [turns.begin(1, stop.signal), turns.begin(2, NEVER)]
  stop.abort()
  expect(await left).toBeUndefined()
  over?.()
  const another = await next
  expect(another).toBeDefined()
  another?.()
  expect(await turns.begin(3, NEVER)).toBeDefined()
  expect(await turns.begin(4, stop.signal)).toBeUndefined()
})
