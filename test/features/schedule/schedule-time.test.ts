import { describe, expect, test } from 'vitest'
import { cronFault, instantsBetween, isSameWhen, nextInstant } from '../../../src/change/schedule/schedule.ts'
import { oracle } from './virtual-runner.ts'

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
const at = (text: string) => Date.parse(text)

/** Zones that change their clocks, each with what is due in the hour that is missing and in the one that is there twice. */
test.each([
  ['Europe/Berlin', '30 2 * * *', '*/20 1-3 * * 0', '15,45 2-3 * * *', '0 6 * * mon-fri'],
  ['America/New_York', '30 2 * * *', '*/20 1-3 * * 0'],
  ['Australia/Lord_Howe', '10 2 * * *', '*/15 1-2 * * 0'],
  ['Pacific/Auckland', '30 2 * * *', '*/20 1-3 * * 0'],
  ['America/Santiago', '30 0 * * *', '*/20 0,23 * * 0,6'],
])('the instants of a year in %s are those of croner', (tz, nightly, steps, ...others) => {
  const [begin, end] = [at('2026-01-01T00:00:00.000Z'), at('2027-01-01T00:00:00.000Z')]
  for (const cron of [nightly, steps, ...others]) {
    const found = instantsBetween({ cron, tz }, begin, end, 100_000).instants.map(iso)
    expect([cron, found]).toEqual([cron, oracle(cron, tz, begin, end)])
    expect(found.length).toBeGreaterThan(150)
  }
  expect(oracle(nightly, tz, begin, end)).toHaveLength(365)
})

/** Worked by hand from the dates on which each zone changes its clock in 2026. */
describe('a time on the wall on the day when the clock is changed', () => {
  test.each([
    // The clock is put forward: the first instant after the gap.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    [
      '10 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:30:00.000Z',
      '2026-10-04T15:10:00.000Z',
    ],
    ['30 2 * * *', 'Pacific/Auckland', '2026-09-26T12:00:00Z', '2026-09-26T14:00:00.000Z', '2026-09-27T13:30:00.000Z'],
    ['30 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', '2026-09-06T04:00:00.000Z', '2026-09-07T03:30:00.000Z'],
    // It is put back: once, at the first of the two.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    [
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T12:00:00Z',
      '2026-04-04T14:45:00.000Z',
      '2026-04-05T15:15:00.000Z',
    ],
    ['30 2 * * *', 'Pacific/Auckland', '2026-04-04T12:00:00Z', '2026-04-04T13:30:00.000Z', '2026-04-05T14:30:00.000Z'],
    ['30 23 * * *', 'America/Santiago', '2026-04-04T12:00:00Z', '2026-04-05T02:30:00.000Z', '2026-04-06T03:30:00.000Z'],
  ])('%s in %s behind %s', (cron, tz, behind, first, second) => {
    const next = nextInstant({ cron, tz }, at(behind))
    expect([iso(next), iso(nextInstant({ cron, tz }, next ?? 0))]).toEqual([first, second])
  })

  test('several times of one hour that does not exist are one, and each of one that exists twice is due once', () => {
    const when = { cron: '0,30 2 * * *', tz: 'Europe/Berlin' }
    const of = (from: string, to: string) => instantsBetween(when, at(from), at(to), 10).instants.map(iso)
    expect(of('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual(['2026-03-29T01:00:00.000Z'])
    expect(of('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ])
  })

  test('steps run in both hours', () => {
    const found = instantsBetween(
      { cron: '*/20 * * * *', tz: 'Europe/Berlin' },
      at('2026-10-24T23:50:00Z'),
      at('2026-10-25T01:50:00Z'),
      100,
    )
    expect(found.instants.map((one) => iso(one)?.slice(11, 16))).toEqual([
      '00:00',
      '00:20',
      '00:40',
      '01:00',
      '01:20',
      '01:40',
    ])
  })
})

test('elapsed time counts from the instant before, whatever the clock on the wall does', () => {
  const found = instantsBetween(
    { every: 6 * 3600, tz: 'Europe/Berlin' },
    at('2026-10-24T20:10:00Z'),
    at('2026-10-25T09:00:00Z'),
    10,
  )
  expect(found).toEqual({ instants: [at('2026-10-25T02:10:00Z'), at('2026-10-25T08:10:00Z')], more: false })
})

test('an instant is behind the one before, to the millisecond', () => {
  const when = { cron: '0 8 * * *', tz: 'UTC' }
  expect(iso(nextInstant(when, at('2026-01-05T08:00:00.000Z')))).toBe('2026-01-06T08:00:00.000Z')
  expect(iso(nextInstant(when, at('2026-01-05T07:59:59.999Z')))).toBe('2026-01-05T08:00:00.000Z')
  expect(iso(nextInstant(when, at('2026-01-05T08:00:00.001Z')))).toBe('2026-01-06T08:00:00.000Z')
})

test('at most so many instants are given, and that more follow is said', () => {
  const when = { cron: '* * * * *', tz: 'UTC' }
  const [from, to] = [at('2026-01-05T08:00:00Z'), at('2026-01-05T08:03:00Z')]
  expect(instantsBetween(when, from, to, 2)).toMatchObject({ more: true })
  expect(instantsBetween(when, from, to, 3)).toMatchObject({ more: false })
  expect(instantsBetween(when, from, to, 3).instants).toHaveLength(3)
})

test('what is wrong with a pattern is said, also that it is due on no day', () => {
  expect(cronFault('0 23 * * *')).toBeUndefined()
  expect(cronFault('0 25 * * *')).toBe('`0 25 * * *` is no pattern: Invalid value for hour: 25')
  expect(cronFault('0 0 30 2 *')).toBe('`0 0 30 2 *` is due on no day')
})

test('a pattern in another zone is another time', () => {
  const one = { cron: '0 8 * * *', tz: 'UTC' }
  expect(isSameWhen(one, { ...one })).toBe(true)
  expect(isSameWhen(one, { ...one, tz: 'Europe/Berlin' })).toBe(false)
  expect(isSameWhen(one, { every: 60, tz: 'UTC' })).toBe(false)
})
