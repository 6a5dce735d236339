import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChangeWindow } from '../../../src/change/policy/policy.ts'
import { freezeWithin, isWithin, nextOpening, openUntil } from '../../../src/change/policy/window.ts'

const NIGHT: ChangeWindow = { tz: 'Europe/Berlin', days: ['mo', 'tu', 'we', 'th'], from: '22:00', to: '04:00' }
const at = (text: string) => Date.parse(text)
const holds = (windows: readonly ChangeWindow[], from: string, to: string) =>
  isWithin(windows, { from: at(from), to: at(to) })

describe('a window over midnight, by the clock on the wall', () => {
  test.each([
    ['before it begins', '2026-03-02T21:59:59+01:00', '2026-03-02T22:30:00+01:00', false],
    ['when it begins', '2026-03-02T22:00:00+01:00', '2026-03-02T22:30:00+01:00', true],
    ['after midnight, which belongs to the day before', '2026-03-03T03:00:00+01:00', '2026-03-03T03:30:00+01:00', true],
    ['to its very end', '2026-03-03T03:30:00+01:00', '2026-03-03T04:00:00+01:00', true],
    ['a second over its end', '2026-03-03T03:30:00+01:00', '2026-03-03T04:00:01+01:00', false],
    ['at its end', '2026-03-03T04:00:00+01:00', '2026-03-03T04:00:00+01:00', false],
    ['on Friday night, which is none of its days', '2026-03-06T23:00:00+01:00', '2026-03-06T23:10:00+01:00', false],
    ['on Friday morning, which is Thursday night', '2026-03-06T01:00:00+01:00', '2026-03-06T01:10:00+01:00', true],
    ['in summer, when the zone is two hours ahead', '2026-07-06T20:00:00Z', '2026-07-06T21:00:00Z', true],
    ['in winter at the same time of UTC', '2026-01-05T20:00:00Z', '2026-01-05T20:30:00Z', false],
  ])('%s', (_name, from, to, expected) => expect(holds([NIGHT], from, to)).toBe(expected))
})

/** In Berlin the clock goes from 02:00 to 03:00 on 2026-03-29 at 01:00Z, and from 03:00 to 02:00 on 2026-10-25 at 01:00Z (EU Directive 2000/84/EC). */
describe('where the clock is put forward or back', () => {
  const window = (from: string, to: string): ChangeWindow => ({ tz: 'Europe/Berlin', days: ['sa', 'su'], from, to })

  test.each([
    ['forward: the night is an hour shorter', '22:00', '04:00', '2026-03-28T21:00:00Z', '2026-03-29T02:00:00Z', true],
    ['forward: not a minute longer', '22:00', '04:00', '2026-03-29T01:30:00Z', '2026-03-29T02:01:00Z', false],
    ['back: the night is an hour longer', '22:00', '04:00', '2026-10-24T20:00:00Z', '2026-10-25T03:00:00Z', true],
    [
      'an end that does not exist is the earlier one',
      '00:30',
      '02:30',
      '2026-03-28T23:30:00Z',
      '2026-03-29T00:30:00Z',
      true,
    ],
    ['and nothing is left behind it', '00:30', '02:30', '2026-03-29T00:29:00Z', '2026-03-29T00:31:00Z', false],
    [
      'a begin that exists twice is the later one',
      '02:30',
      '05:00',
      '2026-10-25T01:30:00Z',
      '2026-10-25T02:00:00Z',
      true,
    ],
    ['and not the earlier one', '02:30', '05:00', '2026-10-25T00:45:00Z', '2026-10-25T00:50:00Z', false],
  ])('%s', (_name, from, to, begin, end, expected) => expect(holds([window(from, to)], begin, end)).toBe(expected))
})

describe('several windows', () => {
  const day = (from: string, to: string): ChangeWindow => ({ tz: 'UTC', days: ['mo'], from, to })

  test('that touch are one', () => {
    expect(holds([day('08:00', '12:00'), day('12:00', '16:00')], '2026-01-05T11:00:00Z', '2026-01-05T13:00:00Z')).toBe(
      true,
    )
    expect(holds([day('08:00', '12:00'), day('12:01', '16:00')], '2026-01-05T11:00:00Z', '2026-01-05T13:00:00Z')).toBe(
      false,
    )
  })

  test('one of a single day ends at its very millisecond', () => {
    expect(holds([day('10:00', '10:10')], '2026-01-05T10:00:00Z', '2026-01-05T10:10:00Z')).toBe(true)
    expect(holds([day('10:00', '10:10')], '2026-01-05T10:00:00Z', '2026-01-05T10:10:00.001Z')).toBe(false)
  })

  test('all days from 00:00 to 24:00 are always', () => {
    const always: ChangeWindow = {
      tz: 'UTC',
      days: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'],
      from: '00:00',
      to: '24:00',
    }
    expect(holds([always], '2026-01-05T23:00:00Z', '2026-01-07T05:00:00Z')).toBe(true)
  })
})

test('the next opening is the first one that is long enough', () => {
  const short: ChangeWindow = { tz: 'UTC', days: ['tu'], from: '10:00', to: '10:10' }
  const long: ChangeWindow = { tz: 'UTC', days: ['we'], from: '10:00', to: '12:00' }
  const monday = at('2026-01-05T08:00:00Z')
  expect(nextOpening([short, long], monday, 300_000)).toBe(at('2026-01-06T10:00:00Z'))
  expect(nextOpening([short, long], monday, 1_800_000)).toBe(at('2026-01-07T10:00:00Z'))
  expect(nextOpening([short], monday, 1_800_000)).toBeUndefined()
})

/** In Berlin only the night of 2026-10-25 is five hours long. */
test('the next opening is looked for in the next eight days, and no further', () => {
  const night: ChangeWindow = { tz: 'Europe/Berlin', days: ['su'], from: '01:00', to: '05:00' }
  expect(nextOpening([night], at('2026-10-17T23:30:00Z'), 18_000_000)).toBe(at('2026-10-24T23:00:00Z'))
  expect(nextOpening([night], at('2026-10-16T21:30:00Z'), 18_000_000)).toBeUndefined()
})

test('a window that is open closes when it closes; one that is not open, or never closes, has no such time', () => {
  const always: ChangeWindow = {
    ...NIGHT,
    days: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'],
    from: '00:00',
    to: '24:00',
  }
  expect(openUntil([NIGHT], at('2026-03-02T23:00:00+01:00'))).toBe(at('2026-03-03T04:00:00+01:00'))
  expect(openUntil([NIGHT], at('2026-03-02T21:59:59+01:00'))).toBeUndefined()
  expect(openUntil([NIGHT], at('2026-03-03T04:00:00+01:00'))).toBeUndefined()
  expect(openUntil([always], at('2026-03-02T23:00:00+01:00'))).toBeUndefined()
})

test('a freeze holds from its first instant on, and no longer at its last; a change that runs into it is in it', () => {
  const freeze = { name: 'f', from: '2026-12-18T00:00:00Z', to: '2027-01-04T00:00:00Z' }
  const found = (from: string, to: string) => freezeWithin([freeze], { from: at(from), to: at(to) })?.name
  expect(found('2026-12-17T23:59:59Z', '2026-12-17T23:59:59Z')).toBeUndefined()
  expect(found('2026-12-17T23:59:59.999Z', '2026-12-17T23:59:59.999Z')).toBeUndefined()
  expect(found('2026-12-18T00:00:00Z', '2026-12-18T00:00:00Z')).toBe('f')
  expect(found('2026-12-17T23:50:00Z', '2026-12-18T00:10:00Z')).toBe('f')
  expect(found('2027-01-04T00:00:00Z', '2027-01-04T00:10:00Z')).toBeUndefined()
})

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
] as const
const YEAR = { min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }

test('what a window holds it holds in every part, and no window is longer than its clock says by more than the clock is put back', () => {
  const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const [hours, minutes] = [Math.floor(quarter / 4), (quarter % 4) * 15]
    return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  })
  const windows = fc.record({
    tz: fc.constantFrom(...ZONES),
    days: fc.constant(['mo', 'we', 'sa'] as ChangeWindow['days']),
    from: clock,
    to: clock,
  })
  let held = 0
  fc.assert(
    fc.property(
      windows,
      fc.integer(YEAR),
      fc.integer({ min: 1, max: 30 * 3_600_000 }),
      fc.nat(),
      (window, from, length, part) => {
        fc.pre(window.from !== window.to)
        if (!isWithin([window], { from, to: from + length })) return
        held += 1
        const inner = part % length
        expect(isWithin([window], { from: from + inner, to: from + length })).toBe(true)
        expect(isWithin([window], { from, to: from + inner })).toBe(true)
        expect(length).toBeLessThanOrEqual(25 * 3_600_000)
      },
    ),
    { seed: 20_260_105, numRuns: 600 },
  )
  expect(held).toBeGreaterThan(40)
})
