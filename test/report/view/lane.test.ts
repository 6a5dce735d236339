import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { judgedOn } from '../../../src/report/phrases/live-line.ts'
import { reasonOf } from '../../../src/report/view/view-of.ts'
import { EMPTY_LANE, foldLane, type SwitchLane } from '../../../src/report/view/view-state.ts'

const BEGAN = Date.parse('2026-01-05T08:00:00.000Z')
const at = (second: number, body: EventBody): JournalEvent => ({
  v: 1,
  seq: second + 1,
  at: new Date(BEGAN + second * 1000).toISOString(),
  actor: 'local:1000:alice@noc1',
  execution: '20260105-080000-01234567',
  ...body,
})
const leaf = { device: 'leaf1', session: 's' } as const
const STAGE = { type: 'ActIntended', ...leaf, act: 'stage', checkpoint: 'c' } as const
const ARM = { type: 'ActIntended', ...leaf, act: 'arm', seconds: 600 } as const
const done = (act: 'stage' | 'arm' | 'confirm' | 'save' | 'abort'): EventBody => ({
  type: 'ActFinished',
  ...leaf,
  act,
  outcome: 'done',
})
const bad = (round: number): EventBody => ({
  type: 'VerdictGiven',
  device: 'leaf1',
  check: 'bgp',
  round,
  verdict: { status: 'fail', reasons: ['down'] },
})

/** A story of one switch, and its spans as `kind from-to` in seconds. */
function spansOf(story: readonly (readonly [second: number, body: EventBody, isGood?: boolean])[]): {
  readonly spans: readonly string[]
  readonly lane: SwitchLane
} {
  const lane = story.reduce(
    (before, [second, body, isGood = true]) => foldLane(before, at(second, body), { isGood, task: 'verify' }),
    EMPTY_LANE,
  )
  const second = (time: number | undefined) => (time === undefined ? '' : String((time - BEGAN) / 1000))
  return { lane, spans: lane.segments.map(({ kind, from, to }) => `${kind} ${second(from)}-${second(to)}`) }
}

const VERIFIED: EventBody = { type: 'TaskSucceeded', path: 'W[0].S[0]', state: 'Verify', output: {} }

describe('the lane of a switch', () => {
  test('has no span before the one before it, where another machine goes on whose clock is behind', () => {
    const { spans } = spansOf([
      [10, STAGE],
      [13, done('arm')],
      [2, { type: 'UndoStarted', device: 'leaf1' }],
      [15, { type: 'UndoFinished', device: 'leaf1', end: 'reverted', detail: 'read back' }],
    ])
    expect(spans).toEqual(['load 10-13', 'back 13-15'])
  })

  test('goes from the load to what is confirmed', () => {
    const { spans, lane } = spansOf([
      [0, STAGE],
      [1, done('stage')],
      [2, ARM],
      [3, done('arm')],
      [33, VERIFIED],
      [60, { type: 'ActIntended', ...leaf, act: 'confirm' }],
      [61, done('confirm')],
      [70, done('save')],
    ])
    expect(spans).toEqual(['load 0-3', 'verify 3-33', 'hold 33-60', 'confirm 60-61', 'keep 61-'])
    expect(lane.fuses).toEqual([{ armedAt: BEGAN + 2000, endsAt: BEGAN + 602_000, over: BEGAN + 61_000 }])
  })

  test('is not good while a check is not, and good again when none is', () => {
    const { spans } = spansOf([
      [0, STAGE],
      [2, ARM],
      [3, done('arm')],
      [5, bad(1), false],
      [15, bad(2), false],
      [25, { ...bad(3), verdict: { status: 'pass', facts: [] } } as EventBody, true],
    ])
    expect(spans).toEqual(['load 0-3', 'verify 3-5', 'bad 5-25', 'verify 25-'])
  })

  test('is unknown from a lost answer on, until the switch is asked', () => {
    const lost: EventBody = { type: 'ActFinished', ...leaf, act: 'arm', outcome: 'unknown' }
    const story = [
      [0, STAGE],
      [2, ARM],
      [9, lost],
    ] as const
    expect(spansOf(story).spans).toEqual(['load 0-9', 'unknown 9-'])
    const armed: EventBody = { type: 'DeviceSettled', device: 'leaf1', found: 'armed', detail: 'ours' }
    expect(spansOf([...story, [12, armed]]).spans).toEqual(['load 0-9', 'unknown 9-12', 'verify 12-'])
    const base: EventBody = { type: 'DeviceSettled', device: 'leaf1', found: 'base', detail: 'as before' }
    expect(spansOf([...story, [12, base]]).spans).toEqual(['load 0-9', 'unknown 9-12'])
  })

  test('is being put back until it was read: unknown where it could not be', () => {
    const story = [
      [0, STAGE],
      [2, ARM],
      [3, done('arm')],
      [40, { type: 'UndoStarted', device: 'leaf1' }],
      [41, { type: 'ActIntended', ...leaf, act: 'abort' }],
      [42, done('abort')],
      [43, { type: 'DeviceSettled', device: 'leaf1', found: 'unreachable', detail: 'no answer' }],
    ] as const
    const end = (outcome: 'reverted' | 'unknown'): EventBody => ({
      type: 'UndoFinished',
      device: 'leaf1',
      end: outcome,
      detail: '',
    })
    expect(spansOf(story).spans).toEqual(['load 0-3', 'verify 3-40', 'back 40-'])
    expect(spansOf([...story, [50, end('reverted')]]).spans).toEqual(['load 0-3', 'verify 3-40', 'back 40-50'])
    expect(spansOf([...story, [50, end('unknown')]]).spans).toEqual([
      'load 0-3',
      'verify 3-40',
      'back 40-50',
      'unknown 50-',
    ])
  })

  test('is being put back whatever is answered late meanwhile, and goes on when it is done again', () => {
    const late = (act: 'arm' | 'confirm', outcome: 'done' | 'unknown' | 'refused'): EventBody => ({
      type: 'ActFinished',
      ...leaf,
      act,
      outcome,
    })
    const settled = (found: 'armed' | 'target' | 'base' | 'other'): EventBody => ({
      type: 'DeviceSettled',
      device: 'leaf1',
      found,
      detail: '',
    })
    const begun = [
      [0, STAGE],
      [2, ARM],
      [3, done('arm')],
      [40, { type: 'UndoStarted', device: 'leaf1' }],
    ] as const
    const answers: readonly EventBody[] = [
      ...(['done', 'unknown', 'refused'] as const).flatMap((outcome) => [
        late('arm', outcome),
        late('confirm', outcome),
      ]),
      ...(['armed', 'target', 'base', 'other'] as const).map(settled),
    ]
    for (const body of answers)
      expect([body, spansOf([...begun, [45, body]]).spans]).toEqual([body, ['load 0-3', 'verify 3-40', 'back 40-']])
    expect(answers).toHaveLength(10)
    const again = spansOf([
      ...begun,
      [50, { type: 'UndoFinished', device: 'leaf1', end: 'reverted', detail: '' }],
      [90, STAGE],
      [92, ARM],
      [93, done('arm')],
    ])
    expect(again.spans).toEqual(['load 0-3', 'verify 3-40', 'back 40-50', 'load 90-93', 'verify 93-'])
  })

  test('a switch that refuses the timed commit holds nothing of it', () => {
    const refused: EventBody = { type: 'ActFinished', ...leaf, act: 'arm', outcome: 'refused' }
    const { spans, lane } = spansOf([
      [0, STAGE],
      [2, ARM],
      [4, refused],
    ])
    expect(spans).toEqual(['load 0-4'])
    expect(lane.fuses[0]?.over).toBe(BEGAN + 4000)
  })
})

test.each([
  [{ check: 'bgp-established' }, { check: 'bgp-established' }],
  [
    { check: 'bgp-established on spine1', of: 'spine1' },
    { check: 'bgp-established', of: 'spine1' },
  ],
  [{ check: 'bgp-established on leaf1', of: 'leaf1' }, { check: 'bgp-established' }],
  [{ check: 'vlans-present', nth: 2 }, { check: 'vlans-present (2)' }],
  [
    { check: 'vlans-present on spine1', of: 'spine1', nth: 2 },
    { check: 'vlans-present (2)', of: 'spine1' },
  ],
])('a verdict %j is about %j', (given, about) => {
  const event = at(0, { ...bad(1), ...given } as EventBody)
  if (event.type !== 'VerdictGiven') throw new TypeError('no verdict')
  expect(judgedOn(event)).toEqual(about)
})

test.each([
  [
    'MLAG 1 (Port-Channel1) - expected: active-full, actual: active-partial',
    { about: 'MLAG 1 (Port-Channel1)', expected: 'active-full', actual: 'active-partial' },
  ],
  [
    'interface Ethernet1: connected -> notconnect - not expected',
    { about: 'interface Ethernet1', expected: 'connected', actual: 'notconnect' },
  ],
  ['no answer to a new login: the connection was refused', {}],
])('the reason %s names what was expected and found', (text, named) => {
  expect(reasonOf(text)).toEqual({ text, ...named })
})
