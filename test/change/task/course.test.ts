import { describe, expect, test } from 'vitest'
import type { JudgedCheck } from '../../../src/change/task/act/context.ts'
import {
  courseFrom,
  decidedAt,
  hopelessness,
  isStable,
  oldestLook,
  type Round,
  withRound,
} from '../../../src/change/task/act/verify-round.ts'

const DOWN: JudgedCheck = { check: 'peers', verdict: { status: 'fail', reasons: ['a is down', 'b is down'] } }
const UNKNOWN: JudgedCheck = { check: 'x', verdict: { status: 'error', reason: '`show x` was refused: Invalid input' } }

const round = (at: number, ...verdicts: readonly JudgedCheck[]) => ({
  at,
  until: at,
  good: verdicts.length === 0,
  isNewLogin: false,
  isRefused: false,
  verdicts,
  firstAsked: verdicts,
  look: undefined,
  since: {},
})
const seen = (...rounds: readonly Round[]) => rounds.reduce((course, one) => withRound(course, one), courseFrom(0))
const terms = { within: 60, stableFor: 30 }

describe('a course', () => {
  test('is stable when every round was good for so long, counted from when they began', () => {
    expect(isStable(seen(round(0), round(29_999)), 30)).toBe(false)
    expect(isStable(seen(round(0), round(30_000)), 30)).toBe(true)
    expect(isStable(seen(round(0), round(20_000, DOWN), round(25_000), round(50_000)), 30)).toBe(false)
    expect(isStable(seen(round(5)), 0)).toBe(true)
    expect(isStable(seen(round(5, DOWN)), 0)).toBe(false)
  })

  test('begins to be good with the last question of a round, however old the answers of neighbours are', () => {
    const early = { ...round(10_000), at: 7500 }
    expect(isStable(seen(round(0, DOWN), early, round(39_000)), 30)).toBe(false)
    expect(isStable(seen(round(0, DOWN), early, round(40_000)), 30)).toBe(true)
  })

  test('takes no refusal for certain of what was answered before the change', () => {
    const known = (at: number) => ({ ...round(at, UNKNOWN), firstAsked: [] })
    expect(hopelessness(seen(known(0), known(1), known(2)), terms, 3)).toBeUndefined()
  })

  test('has its time from the first round', () => {
    expect(decidedAt(seen(round(700), round(5000)), { within: 30, stableFor: 30 })).toBe(30_700)
  })

  test('has hope as long as it could still be good for long enough', () => {
    expect(hopelessness(seen(round(0, DOWN)), terms, 30_000)).toBeUndefined()
    expect(hopelessness(seen(round(0, DOWN)), terms, 30_001)).toEqual({
      because: 'late',
      lines: ['peers: a is down', 'peers: b is down'],
    })
    expect(hopelessness(seen(round(0), round(29_000)), terms, 29_000)).toBeUndefined()
  })

  test('has none when the commit timer ends before', () => {
    const armed = withRound(courseFrom(0), round(0, DOWN), 40_000)
    expect(hopelessness(armed, terms, 10_000)).toBeUndefined()
    expect(hopelessness(armed, terms, 10_001)?.because).toBe('timer')
    expect(decidedAt(armed, terms)).toBe(10_000)
  })

  test('has none when a check asks three times what the switch does not know', () => {
    expect(hopelessness(seen(round(0, UNKNOWN), round(1, UNKNOWN)), terms, 2)).toBeUndefined()
    expect(hopelessness(seen(round(0, UNKNOWN), round(1), round(2, UNKNOWN)), terms, 3)).toBeUndefined()
    expect(hopelessness(seen(round(0, UNKNOWN), round(1, UNKNOWN), round(2, UNKNOWN)), terms, 3)).toEqual({
      because: 'certain',
      lines: ['x could not be judged: `show x` was refused: Invalid input'],
    })
    expect(hopelessness(seen(round(0, DOWN), round(1, DOWN), round(2, DOWN)), terms, 3)).toBeUndefined()
  })

  test('takes a look of somebody else’s unless its round decides', () => {
    const course = seen(round(0), round(10_000))
    expect(oldestLook(courseFrom(7), terms, { now: 9, every: 5 })).toBe(7)
    expect(oldestLook(course, terms, { now: 20_000, every: 5 })).toBe(17_500)
    expect(oldestLook(course, terms, { now: 11_000, every: 5 })).toBe(10_001)
    expect(oldestLook(course, terms, { now: 30_000, every: 5 })).toBe(30_000)
  })
})
