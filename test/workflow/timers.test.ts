import { describe, expect, test } from 'vitest'
import { type TimerTerms, timerFault, timerHint } from '../../src/workflow/timers.ts'

const terms = (atomic: TimerTerms['atomic'], confirmWithin: number, more: Partial<TimerTerms['timers']> = {}) => ({
  atomic,
  concurrency: 10,
  timers: { confirmWithin, verifyWithin: 180, perRound: 180, perWave: 0, soak: 0, ...more },
})
const wave = (switches: number, within = 180) => ({ switches, within })

/** Five waves of twelve, two rounds each: 5 * 2 * 180 s. */
const SIXTY = [wave(12), wave(12), wave(12), wave(12), wave(12)]

describe('what a commit timer must outlive', () => {
  test.each<[string, TimerTerms, readonly ReturnType<typeof wave>[], number]>([
    ['change: every wave', terms('change', 1), SIXTY, 1830],
    ['wave: its own', terms('wave', 1), SIXTY, 390],
    ['wave: the longest', terms('wave', 1), [wave(1), wave(31), wave(2)], 750],
    ['device: its own verification', terms('device', 1), SIXTY, 210],
    ['change: a canary that is watched longer', terms('change', 1), [wave(1, 750), wave(10)], 960],
    ['wave: a canary alone', terms('wave', 1), [wave(1, 750), wave(10)], 780],
    ['device: a canary alone', terms('device', 1), [wave(1, 750), wave(10)], 780],
    ['change: waits once', terms('change', 1, { soak: 60 }), [wave(1), wave(1)], 450],
    ['wave: waits of its own', terms('wave', 1, { soak: 60 }), [wave(1), wave(1)], 270],
    ['change: what is waited per wave', terms('change', 1, { perWave: 30 }), [wave(1), wave(1)], 450],
    ['a longer way than the verification grows with it', terms('change', 1, { perRound: 200 }), [wave(1, 360)], 430],
  ])('%s', (_, given, waves, needed) => {
    expect(timerFault(given, waves)?.needed).toBe(needed)
    const longer = (confirmWithin: number) => ({ ...given, timers: { ...given.timers, confirmWithin } })
    expect(timerFault(longer(needed), waves)?.needed).toBe(needed)
    expect(timerFault(longer(needed + 1), waves)).toBeUndefined()
  })

  test('the message has the sum, and the hint what would do', () => {
    const fault = timerFault(terms('wave', 300, { soak: 60 }), [wave(12)])
    expect(fault?.message).toBe(
      'the commit timer of 5m cannot hold: 6m of verification in the longest wave + 1m of waiting + 30s in reserve is 7m30s',
    )
    expect(fault && timerHint(fault)).toBe('set `confirmWithin` above 7m30s, or make fewer waves or a shorter `within`')
    expect(timerFault(terms('device', 60), [wave(12)])?.message).toBe(
      'the commit timer of 1m cannot hold: 3m of verification of one switch + 30s in reserve is 3m30s',
    )
  })
})
