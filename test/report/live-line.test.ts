import { Map as PersistentMap } from 'immutable'
import { expect, test } from 'vitest'
import { type ExecutionState, newExecution, type ScopeState } from '../../src/change/engine/state.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { State, StateMachine } from '../../src/change/workflow/machine/machine.ts'
import type { DeviceHistory } from '../../src/eos/device/history.ts'
import { progressScreen } from '../../src/report/past-execution.ts'
import { cutTo, type DrawnProgress, judgedSoFar, liveLine, NOTHING_JUDGED } from '../../src/report/phrases/live-line.ts'
import { plain } from '../../src/report/text/text.ts'
import { partOf } from '../lab/part-of.ts'

const NOW = Date.parse('2026-01-05T08:01:00.000Z')
const device = (secondsAgo: number): DeviceHistory => ({
  phase: 'armed',
  reached: 'arm',
  sessions: 1,
  armedAt: NOW - secondsAgo * 1000,
  timer: 600,
})
const state: ExecutionState = {
  ...newExecution('20260105-080000-01234567'),
  status: 'compensating',
  startedAt: NOW - 60_000,
  targets: ['leaf1', 'leaf2'],
  devices: PersistentMap({ leaf1: device(29), leaf2: device(10) }),
}

test('[U9] the live line tells how many are put back and what is left of the timer that ends first', () => {
  expect(liveLine(state, NOTHING_JUDGED, undefined, NOW)).toBe('put back · timer 9m31s left · 0 of 2 switches · 1m0s')
  expect(liveLine(state, NOTHING_JUDGED, undefined, NOW + 1000)).toBe(
    'put back · timer 9m30s left · 0 of 2 switches · 1m1s',
  )
})

test('where nothing was pushed the live line tells of no switch that is put back', () => {
  const untouched = { ...state, devices: PersistentMap<string, DeviceHistory>() }
  expect(liveLine(untouched, NOTHING_JUDGED, undefined, NOW)).toBe('ends · nothing was pushed · 1m0s')
})

test.each(['new', 'ended'] as const)('there is none of an execution that is %s', (status) => {
  expect(liveLine({ ...state, status }, NOTHING_JUDGED, undefined, NOW)).toBeUndefined()
})

test('[U9] a line is cut to its columns', () => {
  expect(cutTo('put back · timer', 8)).toBe('put bac…')
  expect(cutTo('put back', 8)).toBe('put back')
})

const event = (seq: number, body: object): JournalEvent =>
  ({
    v: 1,
    seq,
    at: '2026-01-05T08:00:48.000Z',
    actor: 'local:0:root@noc1',
    execution: state.id,
    ...body,
  }) as JournalEvent
const verdict = (name: string, check: string, good: boolean): JournalEvent =>
  event(1, {
    type: 'VerdictGiven',
    device: name,
    check,
    round: 1,
    verdict: good ? { status: 'pass', facts: [] } : { status: 'fail', reasons: ['down'] },
  })

test('a switch is good since the verdict that made all of its checks good', () => {
  const bad = [verdict('leaf1', 'bgp', false), verdict('leaf1', 'mlag', true)].reduce(judgedSoFar, NOTHING_JUDGED)
  expect(bad.since.get('leaf1')).toBeUndefined()
  expect(judgedSoFar(bad, verdict('leaf1', 'bgp', true)).since.get('leaf1')).toBe(
    Date.parse('2026-01-05T08:00:48.000Z'),
  )
})

test('[U11] a round of one switch is one line, and what fails is named in full', () => {
  const screen = progressScreen({ targets: ['leaf1', 'leaf2'], verbose: false }, plain)
  expect(screen([verdict('leaf1', 'bgp', true), verdict('leaf1', 'mlag', true)])).toEqual(['  ✔ leaf1: 2 checks good'])
  expect(screen([verdict('leaf2', 'bgp', false), verdict('leaf2', 'mlag', true)])).toEqual([
    '  ✖ leaf2 bgp: down',
    '  ✔ leaf2: 1 check good',
  ])
})

test('[N7] 1,000 switches, every second of them failing, are at most 60 lines of progress; all of them with --verbose', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `leaf${index + 1}`)
  const events = [
    event(1, { type: 'PlanMade', digest: 'sha256:a1', ref: 'blob:1', waves: [names], unchanged: [] }),
    ...names.flatMap((name, index) => [
      event(2, { type: 'ActFinished', device: name, act: 'arm', session: 's', outcome: 'done' }),
      verdict(name, 'bgp', index % 2 === 0),
      event(3, { type: 'UndoStarted', device: name }),
      event(4, { type: 'UndoFinished', device: name, end: 'reverted', detail: 'read back' }),
      event(4, {
        type: 'NetworkRead',
        device: name,
        network: index === 1 ? 'differs' : 'same',
        areas: ['bgp'],
        differences: index === 1 ? ['BGP 10.0.0.1 in default: Established -> Idle'] : [],
        latched: [],
        after: 9,
      }),
    ]),
    event(5, { type: 'ExecutionEnded', outcome: 'rolled-back', devices: {} }),
  ]
  const lines = progressScreen({ targets: names, verbose: false }, plain)(events)
  expect(lines.length).toBeLessThanOrEqual(60)
  expect(lines).toContain('  1000 of 1000 switches put back')
  expect(lines).toContain('  ✖ leaf2 bgp: down')
  expect(lines.filter((line) => line.includes('differs'))).toEqual([
    '! leaf2: 1 thing still differs: BGP 10.0.0.1 in default: Established -> Idle',
  ])
  expect(lines.at(-1)).toBe('… and 495 more lines like these: --verbose, or eosflow history')
  const all = progressScreen({ targets: names, verbose: true }, plain)(events)
  expect(all.length).toBeGreaterThan(3000)
})

/** An execution whose root is in one state, with a plan that changes these two switches. */
function inState(
  kind: object,
  scope: Partial<ScopeState>,
  reached: ExecutionState['devices'] = state.devices,
): ExecutionState {
  const machine = partOf<StateMachine>({ startAt: 'Now', states: { Now: { name: 'Now', ...kind } as State } })
  const root: ScopeState = {
    machine,
    state: 'Now',
    phase: 'started',
    result: 'open',
    visit: 1,
    input: null,
    enteredAt: NOW - 20_000,
    attempt: 1,
    spent: [],
    variables: {},
    ...scope,
  }
  return {
    ...state,
    status: 'running',
    plan: { digest: 'sha256:a1', ref: 'blob:1', waves: [['leaf1'], ['leaf2']], unchanged: [], canaries: ['leaf1'] },
    devices: reached,
    scopes: PersistentMap({ '': root }),
  }
}
const task = (name: string) => ({ kind: 'Task', task: name })
const good = {
  bad: new Map(),
  since: new Map([
    ['leaf1', NOW - 12_000],
    ['leaf2', NOW - 40_000],
  ]),
}
const none = PersistentMap<string, DeviceHistory>()

test.each<[string, ExecutionState, DrawnProgress, string]>([
  [
    'the switches that are read first: how many have answered',
    inState(task('snapshot'), {}, none),
    { ...NOTHING_JUDGED, answered: { done: 2, of: 6 } },
    'snapshot · 2 of 6 switches answered · 1m0s',
  ],
  [
    'checks, whatever has answered before',
    inState(task('verify'), {}),
    { ...good, answered: { done: 2, of: 6 } },
    'verify · stable 12/600 s · timer 9m31s left · 2 of 2 switches · 1m0s',
  ],
  [
    'a soak: by the plan, of a canary longer than the workflow says',
    inState(task('verify'), {}),
    good,
    'verify · stable 12/600 s · timer 9m31s left · 2 of 2 switches · 1m0s',
  ],
  [
    'a soak that the state says itself',
    inState(task('verify'), { arguments: { stableFor: 30, within: 180 } }),
    good,
    'verify · stable 12/30 s · timer 9m31s left · 2 of 2 switches · 1m0s',
  ],
  [
    'checks that are not good yet',
    inState(task('verify'), {}),
    NOTHING_JUDGED,
    'verify · not good yet 20/750 s · timer 9m31s left · 0 of 2 switches · 1m0s',
  ],
  [
    'an approval, which is of no single switch',
    inState(task('approve'), { phase: 'waiting' }, none),
    NOTHING_JUDGED,
    'approve · waits for an approval · 2 switches · 1m0s',
  ],
  [
    'an answer from outside',
    inState(task('signal'), { phase: 'waiting', token: { digest: 'd', since: 1 } }, none),
    NOTHING_JUDGED,
    'signal · waits for an answer · 2 switches · 1m0s',
  ],
  [
    'a pause',
    inState({ kind: 'Wait' }, { until: NOW + 90_000 }),
    good,
    'wait in Now · 1m30s to wait · timer 9m31s left · 2 of 2 switches · 1m0s',
  ],
  [
    'the next attempt',
    inState(task('http'), { phase: 'backoff', until: NOW + 5_000 }, none),
    NOTHING_JUDGED,
    'http · 5s to wait · 2 switches · 1m0s',
  ],
])('the live line while it waits for %s', (_, execution, judged, expected) => {
  // leaf1 is the canary.
  const terms = (name: string) => (name === 'leaf1' ? { within: 750, stableFor: 600 } : { within: 180, stableFor: 30 })
  expect(liveLine(execution, judged, terms, NOW)).toBe(expected)
})

test('a change of many that is resumed is counted on from where it was', () => {
  const names = Array.from({ length: 24 }, (_, index) => `leaf${index + 1}`)
  const armed: DeviceHistory = { phase: 'armed', reached: 'arm', sessions: 1 }
  const devices = PersistentMap(names.slice(0, 11).map((name) => [name, armed] as const))
  const plan = { digest: 'sha256:a1', ref: 'blob:1', waves: [names], unchanged: [], canaries: [] }
  const screen = progressScreen({ targets: names, plan, devices, verbose: false }, plain)
  const arm = (name: string) =>
    event(2, { type: 'ActFinished', device: name, act: 'arm', session: 's', outcome: 'done' })
  // leaf11 was committed before; leaf12 is the twelfth of 24, which is half of them.
  expect(screen([arm('leaf11')])).toEqual([])
  expect(screen([arm('leaf12')])).toEqual(['  12 of 24 switches committed under their timer'])
})
