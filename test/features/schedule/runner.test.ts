import { describe, expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { schedulesOf, type VirtualSchedules, virtualSchedules } from './virtual-runner.ts'

const at = (text: string) => Date.parse(text)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ANN: Principal = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' }

/** What is on record, each in a few words: the hour and minute of the instant, and what became of it. */
async function told(schedules: VirtualSchedules) {
  return (await schedules.records()).flatMap((record) => {
    if (record.type === 'ScheduleChanged') return record.change === 'loaded' ? [] : [record.change]
    const when = record.instant.slice(11, 16)
    if (record.type === 'ScheduleFired') return [`${when} fired`]
    if (record.type === 'ScheduleFinished') return [`${when} ${record.outcome}`]
    if (record.type === 'ScheduleSkipped') return [`${when} skipped: ${record.reason}`]
    return [`${record.instants.map((one) => one.slice(11, 16)).join(' ')} missed: ${record.because}`]
  })
}

const hourly = (more = '') =>
  virtualSchedules(
    `schedules:\n  - { name: hourly, cron: '0 * * * *', tz: UTC, do: drift${more} }\n`,
    '2026-01-05T07:30:00.000Z',
  )

describe('instants at which nobody ran schedules', () => {
  test('are missed, each on record, and none is made up for', async () => {
    const schedules = await hourly()
    await schedules.live(schedules.process(), at('2026-01-05T08:30:00Z'))
    await schedules.clock.advance(3 * HOUR)
    await schedules.live(schedules.process(), at('2026-01-05T12:30:00Z'))
    expect(await told(schedules)).toEqual([
      '08:00 fired',
      '08:00 ok',
      '09:00 10:00 11:00 missed: down',
      '12:00 fired',
      '12:00 ok',
    ])
  })

  test('are missed but for the latest where that is made up for, in time', async () => {
    const schedules = await hourly(', missed: latest, catchUp: 40m')
    await schedules.process().look()
    await schedules.clock.advance(3 * HOUR)
    await schedules.process().look()
    await schedules.clock.advance(1)
    await schedules.clock.advance(HOUR + 15 * MINUTE)
    await schedules.process().look()
    expect(await told(schedules)).toEqual(['08:00 09:00 missed: down', '10:00 fired', '10:00 ok', '11:00 missed: down'])
  })

  test('an occurrence that is a minute late is on time, and one that is later is not', async () => {
    const schedules = await hourly()
    await schedules.process().look()
    await schedules.clock.advance(at('2026-01-05T08:01:00Z') - schedules.clock.now())
    await schedules.process().look()
    await schedules.clock.advance(at('2026-01-05T09:01:00.001Z') - schedules.clock.now())
    await schedules.process().look()
    expect(await told(schedules)).toEqual(['08:00 fired', '08:00 ok', '09:00 missed: down'])
  })

  test('a month of minutes is on record in order, a thousand at a time', { tags: ['long', 'turn'] }, async () => {
    const schedules = await virtualSchedules(
      "schedules:\n  - { name: often, cron: '* * * * *', tz: UTC, do: drift }\n",
      '2026-01-05T00:00:00.000Z',
    )
    await schedules.process().look()
    await schedules.clock.advance(3 * 24 * HOUR)
    await schedules.process().look()
    const missed = (await schedules.records()).flatMap((one) => (one.type === 'ScheduleMissed' ? [one.instants] : []))
    // The last of the 4,320 is due at this moment, and begins.
    expect(missed.map((one) => one.length)).toEqual([1000, 1000, 1000, 1000, 319])
    expect(missed.flat().toSorted()).toEqual(missed.flat())
  })
})

describe('an occurrence while the one before still runs', () => {
  test('is skipped', async () => {
    const schedules = await hourly()
    schedules.takes = () => 90 * MINUTE
    await schedules.live(schedules.process(), at('2026-01-05T10:30:00Z'), 10 * MINUTE)
    expect(await told(schedules)).toEqual([
      '08:00 fired',
      '09:00 skipped: the occurrence before still runs',
      '08:00 ok',
      '10:00 fired',
    ])
  })

  test('waits where one may, and a later one takes its place', async () => {
    const schedules = await hourly(', overlap: one')
    schedules.takes = ({ instant }) => (instant === at('2026-01-05T08:00:00Z') ? 150 * MINUTE : MINUTE)
    await schedules.live(schedules.process(), at('2026-01-05T10:50:00Z'), 10 * MINUTE)
    expect(await told(schedules)).toEqual([
      '08:00 fired',
      '09:00 skipped: a later occurrence is due',
      '08:00 ok',
      '10:00 fired',
      '10:00 ok',
    ])
    expect([...schedules.begun.values()]).toEqual([1, 1])
  })

  test('is skipped by a process that lets none wait', async () => {
    const schedules = await hourly(', overlap: one')
    schedules.takes = () => 90 * MINUTE
    await schedules.live(schedules.process({ mayWait: false }), at('2026-01-05T09:30:00Z'), 10 * MINUTE)
    expect(await told(schedules)).toContain('09:00 skipped: the occurrence before still runs')
  })
})

describe('an occurrence outside of a window', () => {
  const closedUntil = (schedules: VirtualSchedules, end: string) => {
    schedules.outside = (now) => (now < at(end) ? 'the window is closed' : undefined)
  }

  test('is skipped', async () => {
    const schedules = await hourly()
    closedUntil(schedules, '2026-01-05T08:20:00Z')
    await schedules.live(schedules.process(), at('2026-01-05T08:30:00Z'), 5 * MINUTE)
    expect(await told(schedules)).toEqual(['08:00 skipped: the window is closed'])
  })

  test('waits until the window opens where it may, and no longer than it may', async () => {
    const schedules = await hourly(', outside: wait, catchUp: 30m')
    closedUntil(schedules, '2026-01-05T08:20:00Z')
    await schedules.live(schedules.process(), at('2026-01-05T08:50:00Z'), 5 * MINUTE)
    closedUntil(schedules, '2026-01-05T09:40:00Z')
    await schedules.live(schedules.process(), at('2026-01-05T09:00:00Z'), 5 * MINUTE)
    await schedules.live(schedules.process(), at('2026-01-05T09:45:00Z'), 5 * MINUTE)
    expect(await told(schedules)).toEqual(['08:00 fired', '08:00 ok', '09:00 skipped: the window is closed'])
    const [, fired] = (await schedules.records()).filter(({ type }) => type !== 'ScheduleFinished')
    expect(fired?.at).toBe('2026-01-05T08:20:00.000Z')
  })
})

describe('a schedule that is paused', () => {
  test('misses its instants, on record as they pass', async () => {
    const schedules = await hourly()
    const runner = schedules.process()
    await schedules.live(runner, at('2026-01-05T08:30:00Z'))
    await schedules.change('hourly', 'paused')
    await schedules.live(runner, at('2026-01-05T10:30:00Z'), 10 * MINUTE)
    await schedules.change('hourly', 'continued')
    await schedules.live(runner, at('2026-01-05T11:30:00Z'))
    expect(await told(schedules)).toEqual([
      '08:00 fired',
      '08:00 ok',
      'paused',
      '09:00 missed: paused',
      '10:00 missed: paused',
      'continued',
      '11:00 fired',
      '11:00 ok',
    ])
  })

  test('makes up for the latest when it is continued in time', async () => {
    const schedules = await hourly(', missed: latest, catchUp: 40m')
    const runner = schedules.process()
    await runner.look()
    await schedules.change('hourly', 'paused')
    await schedules.live(runner, at('2026-01-05T09:30:00Z'), 10 * MINUTE)
    await schedules.change('hourly', 'continued')
    await schedules.live(runner, at('2026-01-05T09:35:00Z'))
    expect(await told(schedules)).toEqual(['paused', '08:00 missed: paused', 'continued', '09:00 fired', '09:00 ok'])
  })
})

test('[G108] a clock that is set back runs no instant twice', async () => {
  const schedules = await hourly()
  const runner = schedules.process()
  await schedules.live(runner, at('2026-01-05T10:30:00Z'))
  const { now } = schedules.clock
  const real = now.bind(schedules.clock)
  schedules.clock.now = () => real() - 2 * HOUR
  await schedules.live(runner, at('2026-01-05T11:30:00Z'))
  expect(await told(schedules)).toEqual([
    '08:00 fired',
    '08:00 ok',
    '09:00 fired',
    '09:00 ok',
    '10:00 fired',
    '10:00 ok',
    '11:00 fired',
    '11:00 ok',
  ])
  expect([...schedules.begun.values()]).toEqual([1, 1, 1, 1])
})

test('a schedule begins after its instant by the delay of its name', async () => {
  const schedules = await virtualSchedules(
    "schedules:\n  - { name: nightly-drift, cron: '0 * * * *', tz: UTC, do: drift, spread: 5m }\n",
    '2026-01-05T07:30:00.000Z',
  )
  await schedules.live(schedules.process(), at('2026-01-05T08:30:00Z'))
  const fired = (await schedules.records()).find(({ type }) => type === 'ScheduleFired')
  expect(fired).toMatchObject({ at: '2026-01-05T08:00:45.000Z', instant: '2026-01-05T08:00:00.000Z' })
})

test('two processes on one store decide about an instant once', async () => {
  const schedules = await hourly()
  const [one, other] = [schedules.process(), schedules.process()]
  await one.look()
  await schedules.clock.advance(30 * MINUTE)
  await Promise.all([one.look(), other.look()])
  await Promise.all([one.end(), other.end()])
  expect(await told(schedules)).toEqual(['08:00 fired', '08:00 ok'])
  expect([...schedules.begun.values()]).toEqual([1])
})

test('what a process has left in the middle is not begun again', async () => {
  const schedules = await hourly()
  schedules.takes = () => 10 * MINUTE
  await schedules.live(schedules.process(), at('2026-01-05T08:00:01Z'))
  // The first process is gone; its timer is nobody's.
  await schedules.process().look()
  expect((await schedules.records()).at(-1)).toMatchObject({
    type: 'ScheduleFinished',
    outcome: 'failed',
    reason: 'the process ended before it was done',
  })
  expect([...schedules.begun.values()]).toEqual([1])
})

test('a schedule that is due at other times is judged by the old ones until then, and by the new ones from then on', async () => {
  const schedules = await hourly()
  await schedules.live(schedules.process(), at('2026-01-05T08:30:00Z'))
  await schedules.clock.advance(2 * HOUR)
  schedules.schedules = schedulesOf("schedules:\n  - { name: hourly, cron: '30 * * * *', tz: UTC, do: drift }\n")
  await schedules.live(schedules.process(), at('2026-01-05T11:45:00Z'))
  schedules.schedules = []
  await schedules.process().look()
  expect(await told(schedules)).toEqual([
    '08:00 fired',
    '08:00 ok',
    '09:00 10:00 missed: down',
    '11:30 fired',
    '11:30 ok',
    'removed',
  ])
})

describe('a schedule that is started by hand', () => {
  test('begins at once, in the name of whoever starts it, and its instants go on', async () => {
    const schedules = await hourly()
    const runner = schedules.process()
    const [hourlyOne] = schedules.schedules
    if (hourlyOne === undefined) throw new Error('no schedule')
    await runner.look()
    const { key, principal } = await runner.byHand(hourlyOne, ANN)
    expect([key, principal.id, principal.onBehalfOf]).toEqual([
      'schedule:hourly:2026-01-05T07:30:00.000Z',
      'schedule:hourly',
      { issuer: 'local', id: 'local:1000:ann@box' },
    ])
    await runner.end()
    await schedules.live(runner, at('2026-01-05T08:30:00Z'))
    expect(await told(schedules)).toEqual(['07:30 fired', '07:30 ok', '08:00 fired', '08:00 ok'])
  })

  test('is refused while one runs', async () => {
    const schedules = await hourly()
    schedules.takes = () => HOUR
    const runner = schedules.process()
    await schedules.live(runner, at('2026-01-05T08:10:00Z'))
    const [one] = schedules.schedules
    if (one === undefined) throw new Error('no schedule')
    await expect(runner.byHand(one, ANN)).rejects.toThrow('hourly is not begun: the occurrence before still runs')
    expect(await told(schedules)).toEqual(['08:00 fired'])
  })

  test('takes the place of an instant that waits', async () => {
    const schedules = await hourly(', outside: wait')
    schedules.outside = () => 'the window is closed'
    const runner = schedules.process()
    await schedules.live(runner, at('2026-01-05T08:10:00Z'))
    const [one] = schedules.schedules
    if (one === undefined) throw new Error('no schedule')
    await runner.byHand(one, ANN)
    await runner.end()
    expect(await told(schedules)).toEqual(['08:00 skipped: it was started by hand', '08:10 fired', '08:10 ok'])
  })
})
