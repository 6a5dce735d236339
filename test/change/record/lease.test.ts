import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import {
  barredUntil,
  type Lease,
  LONGEST_QUARANTINE,
  leasedAct,
  QUARANTINE_ON_ONE_MACHINE,
  QUARANTINE_WITH_WORKERS,
  quarantined,
  requireToken,
  takeLease,
} from '../../../src/change/record/store/lease.ts'
import { workerSettings } from '../../../src/project/files/settings/worker-settings.ts'

const OWN = { execution: 'one', device: 'leaf1' }
const NOON = '2026-01-05T12:00:00.000Z'
const lease = (given: Partial<Lease> = {}) => ({
  device: 'leaf1',
  execution: 'one',
  token: 7,
  until: '2026-01-05T12:03:00.000Z',
  ...given,
})
const act = (execution: string, at = NOON, seconds = 0) => ({
  execution,
  at,
  seconds,
  device: 'leaf1',
  quarantineSeconds: 10,
})
const intended = (given: object) =>
  ({ type: 'ActIntended', device: 'leaf1', session: 'eosflow-00000001-1', ...given }) as EventBody

describe('the lease that an event needs', () => {
  test.each<[string, EventBody, object | undefined]>([
    ['a session that is to be committed', intended({ act: 'stage', checkpoint: 'c' }), { device: 'leaf1', seconds: 0 }],
    ['the session of a plan', intended({ act: 'stage' }), undefined],
    [
      'a timed commit, for as long as its timer',
      intended({ act: 'arm', seconds: 300 }),
      { device: 'leaf1', seconds: 300 },
    ],
    [
      'one whose answer is waited for longer than usual',
      intended({ act: 'arm', seconds: 300, patience: 180 }),
      { device: 'leaf1', seconds: 480 },
    ],
    ['a replay', intended({ act: 'replay', checkpoint: 'c' }), { device: 'leaf1', seconds: 0 }],
    ['checkpoints that go', intended({ act: 'prune', checkpoints: ['c'] }), { device: 'leaf1', seconds: 0 }],
    ['a confirm', intended({ act: 'confirm' }), { device: 'leaf1', seconds: 0 }],
    ['a save', intended({ act: 'save' }), { device: 'leaf1', seconds: 0 }],
    ['a checkpoint put back', intended({ act: 'restore', checkpoint: 'c' }), { device: 'leaf1', seconds: 0 }],
    ['an abort, which names a session of its own', intended({ act: 'abort' }), undefined],
    ['an outcome', { type: 'ActFinished', device: 'leaf1', act: 'arm', session: 's', outcome: 'done' }, undefined],
  ])('%s', (_name, event, expected) => {
    expect(leasedAct(event)).toEqual(expected)
  })
})

describe('the quarantine of a switch', () => {
  const kept = quarantined(lease({ until: null }), NOON, QUARANTINE_ON_ONE_MACHINE)

  test('lasts ten seconds from the takeover on', () => {
    expect(kept).toEqual({ ...lease({ until: null }), quarantine: '2026-01-05T12:00:10.000Z' })
  })

  test('keeps another execution out to its last millisecond, and says until when and what ends it', () => {
    const refused = expect.objectContaining({
      kind: 'busy',
      device: 'leaf1',
      message: expect.stringContaining('leaf1 is kept from other executions until 2026-01-05T12:00:10.000Z'),
      hint: expect.stringContaining('eosflow release-device leaf1 --reason'),
    })
    expect(() => takeLease(kept, undefined, act('two', NOON))).toThrow(refused)
    expect(() => takeLease(kept, undefined, act('two', '2026-01-05T12:00:09.999Z'))).toThrow(refused)
    const taken = takeLease(kept, undefined, act('two', '2026-01-05T12:00:10.000Z'))
    expect(taken).toEqual({ device: 'leaf1', execution: 'two', token: 8, until: '2026-01-05T12:03:10.000Z' })
  })

  test('[F40] lasts three minutes where processes of several machines share the store', () => {
    const long = quarantined(lease({ until: null }), NOON, QUARANTINE_WITH_WORKERS)
    expect(long.quarantine).toBe('2026-01-05T12:03:00.000Z')
    expect(barredUntil(long, 'two', '2026-01-05T12:02:59.999Z', 180)).toBe('2026-01-05T12:03:00.000Z')
    expect(barredUntil(long, 'two', '2026-01-05T12:03:00.000Z', 180)).toBeUndefined()
    // What three minutes allow is more than a clock that jumped would have under ten seconds.
    expect(barredUntil(long, 'two', NOON, 10)).toBeUndefined()
  })

  test('is heeded by a process whose own value is shorter, up to the longest that settings allow', () => {
    const long = quarantined(lease({ until: null }), NOON, LONGEST_QUARANTINE)
    expect(long.quarantine).toBe('2026-01-06T13:00:00.000Z')
    expect(barredUntil(long, 'two', NOON, 180)).toBe('2026-01-06T13:00:00.000Z')
    expect(barredUntil(long, 'two', '2026-01-05T11:59:59.999Z', 180)).toBeUndefined()
    expect(LONGEST_QUARANTINE).toBe(90_000)
    expect(workerSettings.parse({ quarantine: '3600s', idleTimeout: '86400s' })).toMatchObject({
      quarantine: 3600,
      idleTimeout: 86_400,
    })
    expect(workerSettings.safeParse({ quarantine: '3601s' }).success).toBe(false)
    expect(workerSettings.safeParse({ idleTimeout: '86401s' }).success).toBe(false)
  })

  test('does not keep its own execution out, and outlives what that does', () => {
    const again = takeLease(kept, undefined, act('one', NOON))
    expect(again).toMatchObject({ execution: 'one', token: 8, quarantine: '2026-01-05T12:00:10.000Z' })
    expect(takeLease(again, 8, act('one', NOON))).toMatchObject({ quarantine: '2026-01-05T12:00:10.000Z' })
  })

  test('never outlives its bound: a clock that is set back keeps it for twice the time at the most', () => {
    expect(barredUntil(kept, 'two', '2026-01-05T11:59:50.000Z', 10)).toBe('2026-01-05T12:00:10.000Z')
    expect(barredUntil(kept, 'two', '2026-01-05T11:59:49.999Z', 10)).toBeUndefined()
    expect(barredUntil(kept, 'two', '2025-01-05T12:00:00.000Z', 10)).toBeUndefined()
  })

  test.each<[string, Lease | undefined, string | undefined, string, string | undefined]>([
    ['another one', kept, 'two', NOON, '2026-01-05T12:00:10.000Z'],
    ['one that is not begun yet', kept, undefined, NOON, '2026-01-05T12:00:10.000Z'],
    ['its own', kept, 'one', NOON, undefined],
    ['another one later', kept, 'two', '2026-01-05T12:00:10.000Z', undefined],
    ['another one, of a switch that is in none', lease(), 'two', NOON, undefined],
    ['one of a switch that nobody ever had', undefined, 'two', NOON, undefined],
  ])('is asked about for %s', (_name, present, execution, at, until) => {
    expect(barredUntil(present, execution, at, 10)).toBe(until)
  })
})

describe('taking a lease', () => {
  test('of a switch that nobody ever had: token 1, until three minutes beyond the commit timer', () => {
    expect(takeLease(undefined, undefined, act('one', NOON, 300))).toEqual({
      device: 'leaf1',
      execution: 'one',
      token: 1,
      until: '2026-01-05T12:08:00.000Z',
    })
  })

  test.each<[string, Lease, string, number | undefined]>([
    ['given back by its execution', lease({ until: null }), NOON, undefined],
    ['whose time is over', lease(), '2026-01-05T12:03:00.000Z', undefined],
  ])('%s: the next token', (_name, present, at, held) => {
    expect(takeLease(present, held, act('two', at))).toMatchObject({ execution: 'two', token: 8 })
  })

  test('by another process of the same execution: the next token, at once', () => {
    expect(takeLease(lease(), undefined, act('one'))).toMatchObject({ execution: 'one', token: 8 })
  })

  test('of another execution whose time is not over: busy, naming who has it and until when', () => {
    expect(() => takeLease(lease(), undefined, act('two', '2026-01-05T12:02:59.999Z'))).toThrow(
      expect.objectContaining({
        kind: 'busy',
        device: 'leaf1',
        message: 'execution one changes leaf1 at this moment, until 2026-01-05T12:03:00.000Z at the latest',
        hint: 'eosflow watch one',
      }),
    )
  })

  test('again keeps the token and never shortens the time', () => {
    const armed = lease({ until: '2026-01-05T12:08:00.000Z' })
    expect(takeLease(armed, 7, act('one'))).toEqual(armed)
    expect(takeLease(lease(), 7, act('one', '2026-01-05T12:01:00.000Z'))).toMatchObject({
      token: 7,
      until: '2026-01-05T12:04:00.000Z',
    })
  })

  test('again after it went to somebody else: busy, even when that one has given it back', () => {
    const theirs = lease({ execution: 'two', token: 8, until: null })
    expect(() => takeLease(theirs, 7, act('one'))).toThrow(
      expect.objectContaining({
        kind: 'busy',
        message: 'leaf1 was taken over by execution two while one was held up: nothing was sent',
      }),
    )
  })
})

test('a controller is required to hold the newest token', () => {
  expect(() => requireToken(lease(), 7, OWN)).not.toThrow()
  expect(() => requireToken(lease({ token: 8 }), 7, OWN)).toThrow(expect.objectContaining({ kind: 'busy' }))
  // An older copy of the store that was put in place counts from its own token on.
  expect(() => requireToken(lease({ execution: 'two' }), 7, OWN)).toThrow(expect.objectContaining({ kind: 'busy' }))
  expect(() => requireToken(undefined, 7, OWN)).toThrow(expect.objectContaining({ kind: 'busy' }))
})
