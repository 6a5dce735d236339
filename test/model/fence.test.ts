import { expect, test } from 'vitest'
import { type AskFence, fenceOf, freshFence, longestAge, sendUnder, whateverItsAge } from '../../src/model/fence.ts'

test.each([
  ['nobody is taken over while it lives', undefined, 3000],
  ['the longest owner that counts', 10_000, 3000],
  ['a longer one', 60_000, 3000],
  ['a shorter one', 5_000, 1500],
  ['that of the tests', 2_000, 600],
])('[F40] how old a fence may be: %s', (_what, ttl, longest) => {
  expect(longestAge(ttl)).toBe(longest)
})

test.each([
  [3000, undefined, 'fresh'],
  [3001, undefined, 'leaf1: this process was held up for 3 s: nothing was sent'],
  [600, 600, 'fresh'],
  [601, 600, 'leaf1: this process was held up for 1 s: nothing was sent'],
  [1600, 600, 'leaf1: this process was held up for 2 s: nothing was sent'],
])('a fence of %s ms, which may be %s old: %s', (age, longest, expected) => {
  const fence = fenceOf('leaf1', 5000, () => 5000 + age, longest === undefined ? {} : { longest })
  const judged = () => {
    try {
      fence.requireFresh()
      return 'fresh'
    } catch (error) {
      expect(error).toMatchObject({ kind: 'busy', device: 'leaf1' })
      return (error as Error).message
    }
  }
  expect([fence.isFresh, judged()]).toEqual([expected === 'fresh', expected])
})

test.each([
  [3000, 1],
  [3001, 2],
  [60_000, 2],
  [60_001, 1],
])('a proof that is %s ms old when it is heard is asked for %s times', async (age, times) => {
  let asked = 0
  const ask = async () => {
    asked += 1
    return fenceOf('leaf1', 5000, () => 5000 + (asked === 1 ? age : 0))
  }
  const found = await freshFence(ask)
  expect(asked).toBe(times)
  if (age > 60_000)
    expect(() => found.requireFresh()).toThrow('leaf1: this process was held up for 60 s: nothing was sent')
})

test('a confirm is asked for again however long its process was held up, and sent', async () => {
  let asked = 0
  const ask = async () => {
    asked += 1
    return fenceOf('leaf1', 5000, () => 5000 + (asked === 1 ? 3_600_000 : 0))
  }
  const found = await freshFence(whateverItsAge(ask))
  expect([asked, found.isFresh]).toEqual([2, true])
})

test.each([
  ['a confirm that was held up for an hour behind its fence', whateverItsAge, 3_600_000, [2, true]],
  ['what leads on that was held up for longer than its owner lives', (ask: AskFence) => ask, 20_000, [2, true]],
  ['what leads on that was held up for an hour', (ask: AskFence) => ask, 3_600_000, [1, false]],
])(
  '%s is asked for again in the line before it is sent, unless it is too old itself',
  async (_, kind, age, expected) => {
    let [asked, judged, isSent] = [0, 0, false]
    const ask = kind(async () => {
      asked += 1
      judged = 0
      // The first one is found fresh, and then the process stands still.
      return fenceOf('leaf1', 0, () => (asked === 1 && judged++ > 0 ? age : 0), { term: 10_000 })
    })
    await sendUnder(ask, () => {
      isSent = true
    }).catch(() => undefined)
    expect([asked, isSent]).toEqual(expected)
  },
)
