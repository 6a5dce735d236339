import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heaviestChain, Myers, SequenceMatcher } from '../../../src/eos/config/diff/sequence.ts'

function match(a: readonly number[], b: readonly number[], weight = a.map(() => 1)) {
  return [...new SequenceMatcher().match({ a, b, weight, distinct: 1 + Math.max(-1, ...a, ...b) })]
}

/** Whether a matching pairs equal items and ascends in both sequences. */
function isMatching(a: readonly number[], b: readonly number[], partner: readonly number[]) {
  const pairs = partner.map((j, i) => [i, j] as const).filter(([, j]) => j >= 0)
  return pairs.every(([i, j], at) => a[i] === b[j] && (at === 0 || (pairs[at - 1]?.[1] ?? -1) < j))
}

/** The length of the longest common subsequence, by the textbook recurrence. */
function longestCommon(a: readonly number[], b: readonly number[]) {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const item of a) {
    const next = [0]
    for (let j = 1; j <= b.length; j++) {
      next.push(item === b[j - 1] ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const items = (most: number, maxLength: number) => fc.array(fc.nat(most), { maxLength })

test.each([
  ['nothing', [], [], []],
  ['equal ends', [1, 2, 3], [1, 9, 3], [0, -1, 2]],
  ['nothing in common', [1, 2], [3, 4], [-1, -1]],
  ['a repeated item in the middle', [1, 5, 5, 2], [1, 5, 2], [0, 1, -1, 2]],
])('%s', (_, a, b, expected) => {
  expect(match(a, b)).toEqual(expected)
})

test('the heavier of two that cannot both stay is kept', () => {
  expect(match([1, 2], [2, 1], [1, 30])).toEqual([-1, 0])
  expect(match([1, 2], [2, 1], [30, 1])).toEqual([1, -1])
})

test('short sequences are matched as long as can be', () => {
  fc.assert(
    fc.property(items(4, 40), items(4, 40), (a, b) => {
      const partner = match(a, b)
      expect(isMatching(a, b, partner)).toBe(true)
      expect(partner.filter((j) => j >= 0)).toHaveLength(longestCommon(a, b))
    }),
  )
})

test('long sequences of few values are matched within a tenth of the longest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { minLength: 100, maxLength: 400 }),
      fc.array(fc.nat(5), { minLength: 100, maxLength: 400 }),
      (a, b) => {
        const partner = match(a, b)
        expect(isMatching(a, b, partner)).toBe(true)
        expect(partner.filter((j) => j >= 0).length).toBeGreaterThanOrEqual(longestCommon(a, b) * 0.9)
      },
    ),
    { numRuns: 30 },
  )
})

describe('Myers', () => {
  test('is minimal within its effort', () => {
    fc.assert(
      fc.property(items(3, 60), items(3, 60), (a, b) => {
        const partner = new Int32Array(a.length).fill(-1)
        new Myers(Int32Array.from(a), Int32Array.from(b), partner).match(0, a.length, 0, b.length)
        expect(isMatching(a, b, [...partner])).toBe(true)
        expect(partner.filter((j) => j >= 0)).toHaveLength(longestCommon(a, b))
      }),
    )
  })

  test('answers beyond its effort, near the longest', () => {
    const random = fc.sample(fc.array(fc.nat(49), { minLength: 6000, maxLength: 6000 }), { seed: 1, numRuns: 1 }).flat()
    const [a, b] = [random.slice(0, 3000), random.slice(3000)]
    const partner = new Int32Array(a.length).fill(-1)
    new Myers(Int32Array.from(a), Int32Array.from(b), partner).match(0, a.length, 0, b.length)
    expect(isMatching(a, b, [...partner])).toBe(true)
    expect(partner.filter((j) => j >= 0).length).toBeGreaterThan(longestCommon(a, b) * 0.85)
  })
})

test('of anchors that cross, the heaviest ascending chain is chosen', () => {
  const anchors = { a: Int32Array.of(0, 1, 2, 3), b: Int32Array.of(3, 0, 1, 2), weight: Int32Array.of(2, 1, 1, 1) }
  expect([...heaviestChain(anchors, 4).a]).toEqual([1, 2, 3])
  expect([...heaviestChain({ ...anchors, weight: Int32Array.of(4, 1, 1, 1) }, 4).a]).toEqual([0])
})
