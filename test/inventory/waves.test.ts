import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planWaves, type WaveSize } from '../../src/inventory/waves.ts'

const leaves = (count: number, pair = true) =>
  Array.from({ length: count }, (_, n) => ({
    name: `leaf${n + 1}`,
    tags: pair ? { mlag: `pair${Math.floor(n / 2) + 1}` } : {},
  }))

describe('planWaves', () => {
  test.each<[string, number, WaveSize[], string | undefined, string[][]]>([
    ['all at once', 3, ['100%'], undefined, [['leaf1', 'leaf2', 'leaf3']]],
    ['one by one, the last size repeats', 3, [1], undefined, [['leaf1'], ['leaf2'], ['leaf3']]],
    [
      'a canary, then half of all, then the rest',
      5,
      [1, '50%', '100%'],
      undefined,
      [['leaf1'], ['leaf2', 'leaf3', 'leaf4'], ['leaf5']],
    ],
    ['a percentage is rounded up', 3, ['10%', '34%'], undefined, [['leaf1'], ['leaf2', 'leaf3']]],
    [
      'pairs apart',
      4,
      ['100%'],
      'mlag',
      [
        ['leaf1', 'leaf3'],
        ['leaf2', 'leaf4'],
      ],
    ],
    ['the flagship rollout on two pairs', 4, [1, '50%', '100%'], 'mlag', [['leaf1'], ['leaf2', 'leaf3'], ['leaf4']]],
    ['a pair that is all there is', 2, [2], 'mlag', [['leaf1'], ['leaf2']]],
    ['a tag nobody has keeps nothing apart', 2, [2], 'site', [['leaf1', 'leaf2']]],
    ['nobody', 0, [1], undefined, []],
  ])('%s', (_, count, waves, keepApart, expected) => {
    expect(planWaves(leaves(count), { waves, keepApart })).toEqual(expected)
  })

  test('every switch once, no wave too large, no pair in one wave', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 100 }).map((percent): WaveSize => `${percent}%`),
    )
    const member = fc.record({ pair: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }) })
    fc.assert(
      fc.property(
        fc.array(member, { maxLength: 40 }),
        fc.array(size, { minLength: 1, maxLength: 4 }),
        (members, waves) => {
          const devices = members.map(({ pair }, n) => ({
            name: `d${n}`,
            tags: (pair === undefined ? {} : { pair: `${pair}` }) as Record<string, string>,
          }))
          const planned = planWaves(devices, { waves, keepApart: 'pair' })
          expect(planned.flat().sort()).toEqual(devices.map(({ name }) => name).sort())
          for (const [index, wave] of planned.entries()) {
            const asked = waves[Math.min(index, waves.length - 1)] ?? 0
            const limit =
              typeof asked === 'number' ? asked : Math.ceil((devices.length * Number(asked.slice(0, -1))) / 100)
            expect(wave.length).toBeGreaterThan(0)
            expect(wave.length).toBeLessThanOrEqual(limit)
            const pairs = wave.flatMap((name) => devices.find((one) => one.name === name)?.tags.pair ?? [])
            expect(new Set(pairs).size).toBe(pairs.length)
          }
        },
      ),
    )
  })
})
