import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { Truth } from './fabric-process.ts'
import { type Evidence, judge, type Taken } from './judge.ts'

const ID = '20261122-095633-62aaf096'
const PLACE = { path: 'Push', state: 'Push' }
const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString()
const ms = (second: number): number => Date.parse(at(second))

const record = (second: number, actor: string, body: object): JournalEvent =>
  ({ v: 1, seq: second, at: at(second), actor, execution: ID, ...body }) as JournalEvent

const act = (second: number, actor: string, name: string): JournalEvent =>
  record(second, actor, { type: 'ActIntended', device: 'leaf1', act: name, session: 'eosflow-62aaf096-1' })

/** One worker stages, arms, confirms and saves; nobody else does anything. */
const RECORDS: readonly JournalEvent[] = [
  record(0, 'tester', { type: 'ExecutionStarted', targets: ['leaf1'] }),
  record(1, 'worker:a', { type: 'ExecutionResumed', byItself: true }),
  record(2, 'worker:a', { type: 'TaskWaiting', ...PLACE, plan: 'p' }),
  act(10, 'worker:a', 'stage'),
  act(12, 'worker:a', 'arm'),
  act(14, 'worker:a', 'confirm'),
  act(16, 'worker:a', 'save'),
  record(20, 'worker:a', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }),
]

const stage = ['configure session eosflow-62aaf096-1', 'vlan 200', 'configure checkpoint save eosflow-62aaf096']
const arm = ['configure session eosflow-62aaf096-1 commit timer 00:02:00']
const confirm = ['configure session eosflow-62aaf096-1 commit']
const save = ['copy running-config startup-config']
const sent = (second: number, worker: string, commands: readonly string[]) => ({
  worker,
  device: 'leaf1',
  at: ms(second),
  commands,
})
const LEFT = [
  sent(11, 'worker:a', stage),
  sent(13, 'worker:a', arm),
  sent(15, 'worker:a', confirm),
  sent(17, 'worker:a', save),
]
const IN: Truth = {
  running: 'vlan 200\n',
  startup: 'vlan 200\n',
  isArmed: false,
  open: [],
  commits: { plain: 0, timed: 1, confirms: 1 },
}

function judged(changed: {
  readonly records?: readonly JournalEvent[]
  readonly left?: Evidence['left']
  readonly leaf1?: Partial<Truth>
  readonly deaths?: Evidence['deaths']
  readonly taken?: readonly Taken[]
  readonly longest?: number
}): readonly string[] {
  const { records = RECORDS, left = LEFT, leaf1 = {}, deaths = new Map(), taken = [], longest = 10_000 } = changed
  const evidence: Evidence = {
    asked: new Map([[ID, { device: 'leaf1', vlan: 200, approved: [ms(9)] }]]),
    records: new Map([[ID, records]]),
    left,
    writes: left.map(({ device, at: when, commands }) => ({ device, at: when, commands })),
    switches: { leaf1: { ...IN, ...leaf1 } },
    deaths,
    taken: new Map([[ID, taken]]),
    longest,
  }
  return judge(evidence).wrong
}

test('a change that went as its record says is right', () => {
  expect(judged({})).toEqual([])
})

const without = (type: string, act?: string) =>
  RECORDS.filter((event) => event.type !== type || (act !== undefined && 'act' in event && event.act !== act))
/** Another worker has gone on before the save. */
const taken = [
  ...RECORDS.slice(0, -2),
  record(16, 'worker:b', { type: 'ExecutionResumed', byItself: true, ownerDied: true }),
  act(16, 'worker:b', 'save'),
  record(20, 'worker:b', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }),
]

/** The other worker goes on 12 seconds behind the last record. */
const late = [
  ...RECORDS.slice(0, -1),
  record(28, 'worker:b', { type: 'ExecutionResumed', byItself: true, ownerDied: true }),
  record(28, 'worker:b', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }),
]
const died = (second: number, worker = 'worker:a') => ({ deaths: new Map([[worker, ms(second)]]) })

test('the time that nobody drives counts from the death of the owner', () => {
  expect(judged({ records: late, longest: 10_000, ...died(20) })).toEqual([])
})

/** Another worker has taken it at a second, and died at another. */
const inVain = (second: number, death: number) => ({
  taken: [{ worker: 'worker:x', at: ms(second) }],
  deaths: new Map([
    ['worker:x', ms(death)],
    ['worker:a', ms(17)],
  ]),
})
/** A worker that lives takes it again and again. */
const livesAndTakes = (...seconds: readonly number[]) => ({
  taken: seconds.map((second) => ({ worker: 'worker:y', at: ms(second) })),
})
/** Nobody has driven it before the eighth second. */
const slow = RECORDS.filter(({ type }) => type !== 'TaskWaiting').with(
  1,
  record(8, 'worker:a', { type: 'ExecutionResumed', byItself: true }),
)

test('it counts anew from a worker that has taken the execution and died before its first record', () => {
  expect(judged({ records: late, longest: 6_000, ...inVain(21, 23) })).toEqual([])
  expect(judged({ records: slow, longest: 6_000, ...inVain(4, 6) })).toEqual([])
})

test.each<readonly [string, Parameters<typeof judged>[0], readonly RegExp[]]>([
  ['success that the switch does not run', { leaf1: { running: '' } }, [/^I8: /]],
  ['success that the switch does not boot', { leaf1: { startup: '' } }, [/^I8: /]],
  ['an execution without an end', { records: RECORDS.slice(0, -1) }, [/^I9: /]],
  ['a timer that is left', { leaf1: { isArmed: true } }, [/^I9: a commit timer/]],
  ['a session that is left', { leaf1: { open: ['eosflow-62aaf096-1'] } }, [/^I21: /]],
  ['an act that is not on record', { records: without('ActIntended', 'arm') }, [/^I32: leaf1: arm /]],
  ['an act that another worker has announced', { left: [...LEFT.slice(0, 3), sent(17, 'worker:b', save)] }, [/^I32: /]],
  [
    'a late save of a worker that was taken over',
    { records: taken, left: [...LEFT, sent(18, 'worker:b', save)] },
    [/^I32: /],
  ],
  ['a request behind the end', { left: [...LEFT, sent(25, 'worker:a', save)] }, [/^late: leaf1 /]],
  [
    'a record of a worker that was taken over',
    { records: [...taken.slice(0, -1), act(19, 'worker:a', 'save'), ...taken.slice(-1)], left: LEFT.slice(0, 3) },
    [/^I33: /],
  ],
  [
    'a request for nobody',
    { left: [...LEFT, sent(18, 'worker:a', ['configure session eosflow-00000000-1 abort'])] },
    [/^worker:a sends to leaf1 for nobody/],
  ],
  ['nobody who drives', { longest: 3_500 }, [/no new record for 4000 ms: from ActIntended/]],
  ['nobody who drives behind a death', { records: late, longest: 10_000, ...died(17) }, [/new record for 11000 ms/]],
  ['an owner who lives and records nothing', { records: late, longest: 10_000, ...died(27) }, [/record for 11000 ms/]],
  ['a death before the last record of an owner', { records: late, longest: 10_000, ...died(15) }, [/for 12000 ms/]],
  ['an owner who lives and is sent for', { records: late, longest: 10_000, ...livesAndTakes(20) }, [/for 12000 ms/]],
  ['nobody behind one who has taken it', { records: late, longest: 6_000, ...inVain(19, 20) }, [/for 8000 ms/]],
  ['one who takes it and lives', { records: late, longest: 6_000, ...inVain(19, 29) }, [/for 11000 ms/]],
  ['who begins it late', { records: slow, longest: 6_000 }, [/for 8000 ms: from ExecutionStarted/]],
  ['who takes it again and again', { records: slow, longest: 6_000, ...livesAndTakes(2, 4, 6) }, [/for 8000 ms/]],
  ['a death of somebody else', { records: late, longest: 10_000, ...died(20, 'worker:c') }, [/for 12000 ms/]],
])('%s is found', (_, changed, expected) => {
  const wrong = judged(changed)
  expect(wrong.length, wrong.join('\n')).toBe(expected.length)
  for (const [index, pattern] of expected.entries()) expect(wrong[index]).toMatch(pattern)
})
