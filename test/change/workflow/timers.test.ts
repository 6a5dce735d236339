import { describe, expect, test } from 'vitest'
import { FAILOVER_RESERVE, type TimerTerms, timerFault, timerHint } from '../../../src/change/workflow/timers.ts'
import { confirmSeconds, pushSeconds, slowestRoundTrip } from '../../../src/model/commit-time.ts'

const terms = (
  atomic: TimerTerms['atomic'],
  confirmWithin: number,
  more: Partial<TimerTerms['timers']> = {},
  others: Partial<TimerTerms> = {},
) => ({
  atomic,
  concurrency: 10,
  timers: { confirmWithin, verifyWithin: 180, perRound: 180, perWave: 0, soak: 0, ...more },
  ...others,
})
const wave = (switches: number, within = 180) => ({ switches, within })
const watched = (within: number) => ({ verifyWithin: within, perRound: within })

describe('how long switches are pushed and confirmed', () => {
  // Per round four round trips and two; per switch 30 ms and 20 ms of this process.
  test.each<[string, number, number, number, number, number]>([
    ['one switch', 1, 10, 200, 0.83, 0.42],
    ['one round', 10, 10, 200, 1.1, 0.6],
    ['a round more for one switch more', 11, 10, 200, 1.93, 1.02],
    ['fifty slow ones, five at a time', 50, 5, 8000, 321.5, 161],
    ['a thousand, two hundred at a time', 1000, 200, 200, 34, 22],
    ['none', 0, 10, 200, 0, 0],
  ])('%s', (_, switches, concurrency, roundTrip, push, confirm) => {
    expect(pushSeconds({ switches, concurrency, roundTrip })).toBeCloseTo(push, 9)
    expect(confirmSeconds({ switches, concurrency, roundTrip })).toBeCloseTo(confirm, 9)
  })

  test.each<[string, readonly number[], number]>([
    ['where nothing was measured', [], 200],
    ['never less than a commit takes', [3, 5, 4], 200],
    ['of the slowest', [300, 2500, 40], 2460],
    [
      'those that only waited for each other are no slower: 20 ms each',
      Array.from({ length: 100 }, (_, n) => n * 20),
      200,
    ],
  ])('the round trip to count with: %s', (_, measured, expected) => {
    expect(slowestRoundTrip(measured)).toBe(expected)
  })
})

/** Five waves of twelve, two rounds each: 5 * 2 * 180 s. */
const SIXTY = [wave(12), wave(12), wave(12), wave(12), wave(12)]

describe('what a commit timer must outlive', () => {
  test.each<[string, TimerTerms, readonly ReturnType<typeof wave>[], number]>([
    ['change: every wave', terms('change', 1), SIXTY, 1844],
    ['wave: its own', terms('wave', 1), SIXTY, 393],
    ['wave: the longest', terms('wave', 1), [wave(1), wave(31), wave(2)], 757],
    ['device: its own verification', terms('device', 1), SIXTY, 212],
    ['change: a canary that is watched longer', terms('change', 1), [wave(1, 750), wave(10)], 963],
    ['wave: a canary alone', terms('wave', 1), [wave(1, 750), wave(10)], 782],
    ['device: a canary alone', terms('device', 1), [wave(1, 750), wave(10)], 782],
    ['change: waits once', terms('change', 1, { soak: 60 }), [wave(1), wave(1)], 453],
    ['wave: waits of its own', terms('wave', 1, { soak: 60 }), [wave(1), wave(1)], 272],
    ['change: what is waited per wave', terms('change', 1, { perWave: 30 }), [wave(1), wave(1)], 453],
    ['a longer way than the verification grows with it', terms('change', 1, { perRound: 200 }), [wave(1, 360)], 432],
    // 10 rounds of 3 s; push 10 x 32 + 1.5, confirm 10 x 16 + 1.
    [
      'fifty slow switches, five at a time',
      terms('change', 75, watched(3), { concurrency: 5, roundTrip: 8000 }),
      [wave(50, 3)],
      543,
    ],
    // 5 rounds of 2 s; push 5 x 0.8 + 30, confirm 5 x 0.4 + 20.
    ['a thousand switches in 90 s', terms('change', 90, watched(2), { concurrency: 200 }), [wave(1000, 2)], 96],
    // Confirmed one at a time: 12 x 0.4 + 0.24.
    ['confirms that come one after the other', terms('change', 1, {}, { confirmConcurrency: 1 }), [wave(12)], 397],
  ])('%s', (_, given, waves, needed) => {
    expect(timerFault(given, waves)?.needed).toBe(needed)
    const longer = (confirmWithin: number) => ({ ...given, timers: { ...given.timers, confirmWithin } })
    expect(timerFault(longer(needed), waves)?.needed).toBe(needed)
    expect(timerFault(longer(needed + 1), waves)).toBeUndefined()
  })

  test('the message has the sum, and the hint what would do', () => {
    const fault = timerFault(terms('wave', 300, { soak: 60 }), [wave(12)])
    expect(fault?.message).toBe(
      'the commit timer of 5m cannot hold: 6m of verification in the longest wave + 1m of waiting + 3s to push and confirm 12 switches + 30s in reserve is 7m33s',
    )
    expect(timerFault(terms('device', 60), [wave(12)])?.message).toBe(
      'the commit timer of 1m cannot hold: 3m of verification of one switch + 2s to push and confirm it + 30s in reserve is 3m32s',
    )
  })

  test('where workers drive, one may die: its term is counted, and where it is said a minute instead of the 30 s', () => {
    // 2 rounds of 20 s; push and confirm 1.66 s and 0.84 s.
    const given = (confirmWithin: number, failover: number, reserve?: number) =>
      terms('change', confirmWithin, { ...watched(20), failover, ...(reserve === undefined ? {} : { reserve }) })
    const waves = [wave(1, 20), wave(1, 20)]
    expect(timerFault(terms('change', 120, watched(20)), waves)).toBeUndefined()
    const fault = timerFault(given(120, 60), waves)
    expect(fault?.message).toBe(
      'the commit timer of 2m cannot hold: 40s of verification in 2 waves + 3s to push and confirm 2 switches + 1m until a worker that died is replaced (`ttl`) + 30s in reserve is 2m13s',
    )
    expect(fault && timerHint(given(120, 60), waves, fault)).toBe(
      'set `confirmWithin` above 2m13s, or `atomic: wave`, or a shorter `within`, or `ttl` of `workers` to 46s at most',
    )
    expect(timerFault(given(120, 46), waves)).toBeUndefined()
    expect(timerFault(given(120, 47), waves)?.needed).toBe(120)
    expect(timerFault(given(134, 60), waves)).toBeUndefined()
    expect(timerFault(given(134, 60, FAILOVER_RESERVE), waves)?.message).toBe(
      'the commit timer of 2m14s may run out when a worker dies: 40s of verification in 2 waves + 3s to push and confirm 2 switches + 1m until a worker that died is replaced (`ttl`) + 1m in reserve is 2m43s',
    )
    expect(timerFault(given(164, 60, FAILOVER_RESERVE), waves)).toBeUndefined()
  })

  /** Each hint, and the terms that it asks for: with them the timer holds. */
  test.each<
    [
      string,
      TimerTerms,
      readonly ReturnType<typeof wave>[],
      string,
      readonly [TimerTerms, readonly ReturnType<typeof wave>[]][],
    ]
  >([
    [
      'a wave of two rounds',
      terms('wave', 300, { soak: 60 }),
      [wave(12)],
      'set `confirmWithin` above 7m33s, or `concurrency: 12`, or `waves: [10]`, or a shorter `within`',
      [
        [terms('wave', 454, { soak: 60 }), [wave(12)]],
        [terms('wave', 300, { soak: 60 }, { concurrency: 12 }), [wave(12)]],
        [terms('wave', 300, { soak: 60 }), [wave(10)]],
      ],
    ],
    [
      'many small waves',
      terms('change', 600),
      [wave(1), wave(3), wave(3), wave(3)],
      "set `confirmWithin` above 12m35s, or `waves: ['100%']`, or `atomic: wave`, or a shorter `within`",
      [
        [terms('change', 756), [wave(1), wave(3), wave(3), wave(3)]],
        [terms('change', 600), [wave(10)]],
        [terms('wave', 600), [wave(1), wave(3), wave(3), wave(3)]],
      ],
    ],
    [
      '1,000 switches in 90 s',
      terms('change', 90, watched(2), { concurrency: 50 }),
      [wave(1000, 2)],
      'set `confirmWithin` above 2m24s, or `concurrency: 200` with `confirmWithin` above 1m36s, or `atomic: wave` with `waves: [500]`, or a shorter `within`',
      [
        [terms('change', 145, watched(2), { concurrency: 50 }), [wave(1000, 2)]],
        [terms('change', 97, watched(2), { concurrency: 200 }), [wave(1000, 2)]],
        [terms('wave', 90, watched(2), { concurrency: 50 }), [wave(500, 2), wave(500, 2)]],
      ],
    ],
    [
      '5,000 switches with the usual waits: 25 h',
      terms('change', 600),
      [wave(5000)],
      'a commit timer runs for 24h at most: set `concurrency: 200` with `confirmWithin` above 1h20m10s, or `atomic: wave` with `waves: [30]`, or a shorter `within`',
      [
        [terms('change', 4811, {}, { concurrency: 200 }), [wave(5000)]],
        [terms('wave', 600), [wave(30)]],
      ],
    ],
    [
      'states of their own',
      terms('change', 300, {}, { form: 'states' }),
      [wave(12)],
      'set `confirmWithin` above 6m33s, or `MaxConcurrency: 12` in the Maps that push and confirm, or a shorter `within`',
      [[terms('change', 300, {}, { concurrency: 12 }), [wave(12)]]],
    ],
    ['one switch', terms('change', 60), [wave(1)], 'set `confirmWithin` above 3m32s, or a shorter `within`', []],
  ])('the hint names values that hold: %s', (_, given, waves, hint, mended) => {
    const fault = timerFault(given, waves)
    expect(fault && timerHint(given, waves, fault)).toBe(hint)
    for (const [terms, shaped] of mended) expect(timerFault(terms, shaped)).toBeUndefined()
  })
})
