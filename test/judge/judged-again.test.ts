import { describe, expect, test } from 'vitest'
import { judgedLab, records, values } from './judged-lab.ts'
import { sharedAt, WAVES } from './judged-rounds.ts'

describe('what was before', () => {
  test.each(['before-open', 'arm-journalled', 'in-verify'])(
    'is on record when the process dies at %s',
    async (point) => {
      let drops = 100
      const { lab, killAt, resume } = judgedLab((here, nth) => values({ leaf1: drops })(here, nth))
      await killAt(point)
      drops = 900
      const { code, out, err } = await resume()
      expect([code, out + err]).toEqual([6, expect.stringContaining('actual: 900, before 100')])
      expect((await records(lab)).filter(({ type }) => type === 'JudgesMeasured')).toHaveLength(1)
    },
  )

  test('is measured anew by a redrive when nothing has stayed', { tags: 'long' }, async () => {
    let drops = 100
    const { lab } = judgedLab((here, nth) => values({ leaf1: nth > 2 ? drops : 100 })(here, nth))
    drops = 900
    expect((await lab.change()).code).toBe(6)
    expect(await lab.agreed('redrive', '@latest')).toMatchObject({ code: 0 })
    expect((await records(lab)).filter(({ type }) => type === 'JudgesMeasured')).toHaveLength(2)
  })

  test('is one for all waves', { tags: 'long' }, async () => {
    const all = { leaf1: 1, leaf2: 2, leaf3: 3, leaf4: 4 }
    const { lab, seen } = judgedLab(values(all), { targets: 'leaf*', more: WAVES })
    expect((await lab.change()).code).toBe(0)
    const events = await records(lab)
    expect(events.flatMap((one) => (one.type === 'JudgesMeasured' ? [one.series] : []))).toEqual([4])
    const passed = events.flatMap((one) =>
      one.type === 'VerdictGiven' && one.verdict.status === 'pass' && one.check === 'prometheus core'
        ? [one.device]
        : [],
    )
    expect(passed.toSorted()).toEqual(['leaf1', 'leaf2', 'leaf3', 'leaf4'])
    // One to try it, one before the push, and in both waves about eleven rounds: that of the second asks for three switches.
    expect(seen.length).toBe(25)
  })
})

describe('300 switches', () => {
  test('ask once in a round', async () => {
    // Their ten rounds begin together and drift apart by a fifth of a pause each.
    expect(await sharedAt({ switches: 300, rounds: 10, every: 5 })).toEqual({ asked: 11, verdicts: 3_000 })
  })
})
