import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planWaves, type WaveMarks, type WaveSize } from '../../../src/change/inventory/waves.ts'

const leaves = (count: number) => Array.from({ length: count }, (_, n) => `leaf${n + 1}`)

/** leaf1 and leaf2, leaf3 and leaf4, and so on. */
const paired = (a: string, b: string) => pairOf(a) === pairOf(b)
const pairOf = (name: string) => Math.ceil(Number(name.slice('leaf'.length)) / 2)
const nobody = () => false

/** Each of these switches is its mark, and shuns those that it is apart from. */
const keeping =
  (names: readonly string[], apart: (a: string, b: string) => boolean) =>
  (name: string): WaveMarks => ({
    marks: [name],
    shuns: names.filter((other) => other !== name && apart(name, other)),
  })

describe('planWaves', () => {
  test.each<[string, number, WaveSize[], (a: string, b: string) => boolean, string[][]]>([
    ['all at once', 3, ['100%'], nobody, [['leaf1', 'leaf2', 'leaf3']]],
    ['one by one, the last size repeats', 3, [1], nobody, [['leaf1'], ['leaf2'], ['leaf3']]],
    [
      'one first, then half of all, then the rest',
      5,
      [1, '50%', '100%'],
      nobody,
      [['leaf1'], ['leaf2', 'leaf3', 'leaf4'], ['leaf5']],
    ],
    ['a percentage is rounded up', 3, ['10%', '34%'], nobody, [['leaf1'], ['leaf2', 'leaf3']]],
    [
      'pairs apart',
      4,
      ['100%'],
      paired,
      [
        ['leaf1', 'leaf3'],
        ['leaf2', 'leaf4'],
      ],
    ],
    ['the flagship rollout on two pairs', 4, [1, '50%', '100%'], paired, [['leaf1'], ['leaf2', 'leaf3'], ['leaf4']]],
    ['a pair that is all there is', 2, [2], paired, [['leaf1'], ['leaf2']]],
    ['nobody', 0, [1], nobody, []],
  ])('%s', (_, count, sizes, apart, expected) => {
    expect(planWaves(leaves(count), { sizes, apart: keeping(leaves(count), apart) })).toEqual(expected)
  })

  test('a percentage of more than those that are ordered', () => {
    expect(planWaves(leaves(5), { sizes: ['20%'], of: 10 })).toEqual([
      ['leaf1', 'leaf2'],
      ['leaf3', 'leaf4'],
      ['leaf5'],
    ])
  })

  test.each<[string, string[], string[][]]>([
    ['before all waves', ['leaf4'], [['leaf4'], ['leaf1'], ['leaf2', 'leaf3']]],
    ['together, however small the first wave', ['leaf1', 'leaf3'], [['leaf1', 'leaf3'], ['leaf2'], ['leaf4']]],
    ['apart, where they are a pair', ['leaf1', 'leaf2'], [['leaf1'], ['leaf2'], ['leaf3'], ['leaf4']]],
    ['not at all, where they do not change', ['leaf9'], [['leaf1'], ['leaf2', 'leaf3'], ['leaf4']]],
  ])('canaries go %s', (_, canaries, expected) => {
    const apart = keeping(leaves(4), paired)
    expect(planWaves(leaves(4), { sizes: [1, '50%'], canaries: new Set(canaries), apart })).toEqual(expected)
  })

  test('every switch once, no wave too large, no pair in one wave, canaries before all others', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 100 }).map((percent): WaveSize => `${percent}%`),
    )
    const member = fc.record({ pair: fc.integer({ min: 0, max: 8 }), goesFirst: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(member, { maxLength: 40 }),
        fc.array(size, { minLength: 1, maxLength: 4 }),
        (members, sizes) => {
          const names = members.map((_, n) => `d${n}`)
          const pair = new Map(members.map((one, n) => [`d${n}`, one.pair]))
          const canaries = new Set(members.flatMap(({ goesFirst }, n) => (goesFirst ? [`d${n}`] : [])))
          const apart = (a: string, b: string) => pair.get(a) !== 0 && pair.get(a) === pair.get(b)
          const planned = planWaves(names, { sizes, canaries, apart: keeping(names, apart) })
          expect(planned.flat().sort()).toEqual(names.toSorted())
          const first = planned.filter((wave) => wave.some((name) => canaries.has(name)))
          expect(planned.slice(0, first.length)).toEqual(first)
          expect(first.flat().every((name) => canaries.has(name))).toBe(true)
          for (const [index, wave] of planned.slice(first.length).entries()) {
            const asked = sizes[Math.min(index, sizes.length - 1)] ?? 0
            const limit =
              typeof asked === 'number' ? asked : Math.ceil((names.length * Number(asked.slice(0, -1))) / 100)
            expect(wave.length).toBeLessThanOrEqual(limit)
          }
          for (const wave of planned) {
            expect(wave.length).toBeGreaterThan(0)
            const pairs = wave.flatMap((name) => (pair.get(name) === 0 ? [] : [pair.get(name)]))
            expect(new Set(pairs).size).toBe(pairs.length)
          }
        },
      ),
      { seed: 5 },
    )
  })
})

test('rules that contradict each other, which an edited plan may have, are refused', () => {
  const [a, b] = leaves(2)
  const partner = (name: string) => (name === a ? b : a)
  expect(() => planWaves(leaves(2), { sizes: ['100%'], apart: keeping(leaves(2), () => true), partner })).toThrow(
    'leaf1 fits into no wave: what is kept apart from it goes with it',
  )
})
