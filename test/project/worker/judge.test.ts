import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { Truth } from './fabric-process.ts'
import { type Evidence, judge } from './judge.ts'
import type { WriteFrom } from './senders.ts'
import type { Taken } from './undriven.ts'

const ID = '20261122-095633-62aaf096'
const PLACE = { path: 'Push', state: 'Push' }
const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString()
const ms = (second: number) => Date.parse(at(second))

const record = (second: number, actor: string, body: object) =>
  ({ v: 1, seq: second, at: at(second), actor, execution: ID, ...body }) as JournalEvent

const act = (second: number, actor: string, name: string) =>
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
  silent: 0,
  ttl: 2_000,
})
const STAGE = sent(11, 'worker:a', stage)
const ARM = sent(13, 'worker:a', arm)
const CONFIRM = sent(15, 'worker:a', confirm)
const SAVE = sent(17, 'worker:a', save)
const LEFT = [STAGE, ARM, CONFIRM, SAVE]
/** How a switch has seen what it was sent, a tenth of a second later. */
const seen = ({ worker, device, at: left, commands }: typeof STAGE, more: Partial<WriteFrom> = {}) => ({
  worker,
  device,
  at: left + 100,
  commands,
  ...more,
})
const TIMER = 'eosflow-62aaf096-1'
const WRITES = [
  seen(STAGE),
  seen(ARM, { commit: 'timed' }),
  seen(CONFIRM, { timer: TIMER, commit: 'confirms' }),
  seen(SAVE),
]
const IN: Truth = {
  running: 'vlan 200\n',
  startup: 'vlan 200\n',
  isArmed: false,
  open: [],
  commits: { plain: 0, timed: 1, confirms: 1 },
}

interface Changed extends Partial<Pick<Evidence, 'left' | 'writes' | 'deaths' | 'declared'>> {
  readonly records?: readonly JournalEvent[]
  readonly leaf1?: Partial<Truth>
  readonly taken?: readonly Taken[]
  readonly longest?: number
  readonly undriven?: Evidence['undriven']
  /** Another execution, of another switch. */
  readonly other?: string
}

function judged(changed: Changed) {
  const { records = RECORDS, left = LEFT, leaf1 = {}, taken = [], longest = 10_000, other } = changed
  const { undriven = { longest: Number.POSITIVE_INFINITY, failure: 0 }, deaths = new Map() } = changed
  const own =
    changed.left === undefined ? WRITES : left.map((one) => WRITES.find(({ at }) => at === one.at + 100) ?? seen(one))
  const { declared = deadOf(deaths), writes = own } = changed
  const asked = new Map([[ID, { device: 'leaf1', vlan: 200, approved: [ms(9)] }]])
  const all = new Map([[ID, records]])
  if (other !== undefined) {
    asked.set(other, { device: 'leaf2', vlan: 201, approved: [] })
    all.set(other, [record(0, 'tester', { type: 'ExecutionEnded', outcome: 'refused', devices: { leaf2: 'unknown' } })])
  }
  const evidence: Evidence = {
    asked,
    records: all,
    left,
    writes,
    switches: { leaf1: { ...IN, ...leaf1 } },
    deaths,
    frozen: new Map(),
    declared,
    taken: new Map([[ID, taken]]),
    longest,
    undriven,
  }
  return judge(evidence).wrong
}

/** All of them were declared dead, three seconds behind their last sign of life. */
const deadOf = (deaths: Evidence['deaths']) =>
  new Map([...deaths].map(([name, end]) => [name, { at: end + 3_000, silent: 3_000, ttl: 2_000 }]))

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
/** The first worker was declared dead one second after its last record. */
const A_DIED = { declared: new Map([['worker:a', { at: ms(15) + 900, silent: 2_400, ttl: 2_000 }]]) }
const died = (second: number) => ({ deaths: new Map([['worker:a', ms(second)]]) })

/** Nobody has driven it before the eighth second. */
const slow = RECORDS.filter(({ type }) => type !== 'TaskWaiting').with(
  1,
  record(8, 'worker:a', { type: 'ExecutionResumed', byItself: true }),
)

const BY_B = sent(17, 'worker:b', save)
/** What the switch has seen where another worker has gone on before the save. */
const GONE_ON = { records: taken, left: [STAGE, ARM, CONFIRM, BY_B], ...A_DIED }
const seenThen = (...more: readonly WriteFrom[]) => [...WRITES.slice(0, 3), seen(BY_B), ...more]
const END = '20261122-095633-00c0ffee'
const abort = ['configure session eosflow-62aaf096-1 abort']
const ended = (how: string) =>
  RECORDS.with(-1, record(20, 'worker:a', { type: 'ExecutionEnded', outcome: 'failed', devices: { leaf1: how } }))
const OUT = { running: '', startup: '' }
const COMMITS = IN.commits

/** The first worker drives from the first second on and dies, the other one goes on four seconds later. */
const DRIVEN: Changed = {
  records: late,
  ...died(20),
  taken: [
    { worker: 'worker:a', at: ms(1) },
    { worker: 'worker:b', at: ms(24) },
  ],
}

/** A worker announces and sends an abort of what is armed, without putting anything back. */
function abortedWhileArmed() {
  const sending = sent(14, 'worker:a', abort)
  return {
    records: [...RECORDS.slice(0, 5), act(13, 'worker:a', 'abort'), ...RECORDS.slice(5)],
    left: [STAGE, ARM, sending, CONFIRM, SAVE],
    writes: [...WRITES.slice(0, 2), seen(sending, { timer: TIMER }), ...WRITES.slice(2)],
  }
}

test.each<readonly [string, Changed, readonly RegExp[]]>([
  [
    'a request that comes behind one of who has taken over',
    { ...GONE_ON, writes: seenThen(seen({ ...ARM, at: ms(18) })) },
    [/^I34: leaf1: arm of worker:a comes behind a write of worker:b, which has taken over/],
  ],
  [
    'a request whose sender nobody knows',
    { writes: [...WRITES, { device: 'leaf1', at: ms(18), commands: save }] },
    [/^leaf1: save comes from nobody who is known/],
  ],
  [
    'a commit without a timer',
    {
      writes: [...WRITES, seen({ ...CONFIRM, at: ms(18) }, { commit: 'plain' })],
      leaf1: { commits: { ...COMMITS, plain: 1 } },
    },
    [/^I1: leaf1: 1 commits without a timer/],
  ],
  [
    'a second timed commit',
    {
      writes: [...WRITES.slice(0, 2), seen({ ...ARM, at: ms(14) }, { commit: 'timed' }), ...WRITES.slice(2)],
      leaf1: { commits: { ...COMMITS, timed: 2 } },
    },
    [/^I3: leaf1: 2 timed commits of one execution/],
  ],
  [
    'a commit that the log of the switch does not have',
    { leaf1: { commits: { ...COMMITS, timed: 2 } } },
    [/^leaf1 has/],
  ],
  [
    'a success that was never confirmed',
    { writes: WRITES.with(2, seen(CONFIRM)), leaf1: { commits: { ...COMMITS, confirms: 0 } } },
    [/^I20: leaf1: changed by 1 timed commits and 0 confirms/],
  ],
  ['an untouched switch with a commit', { records: ended('untouched'), leaf1: OUT }, [/^I24: leaf1: untouched, /]],
  ['a save while its own timer runs', { writes: WRITES.with(3, seen(SAVE, { timer: TIMER })) }, [/^I2: leaf1: saved /]],
  [
    "a save while another execution's timer runs",
    { other: END, writes: WRITES.with(3, seen(SAVE, { timer: 'eosflow-00c0ffee-1' })) },
    [/^I35: leaf1: saved /],
  ],
  ['an abort of what is not put back', abortedWhileArmed(), [/^I43: leaf1: /]],
  ['a request long behind the last answer', { left: LEFT.with(1, { ...ARM, silent: 2_000 }) }, [/^I36: leaf1: arm /]],
  [
    'a death that was declared too early',
    { ...GONE_ON, declared: new Map([['worker:a', { at: ms(15) + 900, silent: 1_900, ttl: 2_000 }]]) },
    [/^I37: controller 2 is declared dead after 1.9 s/],
  ],
  [
    'who was taken over and not declared dead',
    { ...GONE_ON, declared: new Map() },
    [/^I37: controller 2 is taken over/],
  ],
  [
    'a record of who was declared dead',
    { declared: new Map([['worker:a', { at: ms(18), silent: 3_000, ttl: 2_000 }]]) },
    [/^I33: controller 2 writes ExecutionEnded/],
  ],
  [
    'too long a time without anybody',
    { ...DRIVEN, undriven: { longest: 3_999, failure: 10_000 } },
    [/ was driven by nobody for 4000 ms$/],
  ],
  [
    'too long without anybody in all',
    { ...DRIVEN, undriven: { longest: 4_000, failure: 999 } },
    [/ was driven by nobody for 5000 ms in all, with 1 failures$/],
  ],
  ['success that the switch does not run', { leaf1: { running: '' } }, [/^I8: /]],
  ['success that the switch does not boot', { leaf1: { startup: '' } }, [/^I8: /]],
  ['an execution without an end', { records: RECORDS.slice(0, -1) }, [/^I9: /]],
  ['a timer that is left', { leaf1: { isArmed: true } }, [/^I9: a commit timer/]],
  ['a session that is left', { leaf1: { open: ['eosflow-62aaf096-1'] } }, [/^I21: /]],
  ['an act that is not on record', { records: without('ActIntended', 'arm') }, [/^I32: leaf1: arm /]],
  ['an act that another worker has announced', { left: [...LEFT.slice(0, 3), sent(17, 'worker:b', save)] }, [/^I32: /]],
  ['a request behind the end', { left: [...LEFT, sent(25, 'worker:a', save)] }, [/^late: leaf1 /]],
  [
    'a record of a worker that was taken over',
    {
      records: [...taken.slice(0, -1), act(19, 'worker:a', 'save'), ...taken.slice(-1)],
      left: LEFT.slice(0, 3),
      ...A_DIED,
    },
    [/^I33: /],
  ],
  [
    'a request for nobody',
    { left: [...LEFT, sent(18, 'worker:a', ['configure session eosflow-00000000-1 abort'])] },
    [/^worker:a sends to leaf1 for nobody/],
  ],
  ['nobody who drives', { longest: 3_500 }, [/no new record for 4000 ms: from ActIntended/]],
  ['nobody who drives behind a death', { records: late, longest: 10_000, ...died(17) }, [/new record for 11000 ms/]],
  [
    'who takes it again and again',
    { records: slow, longest: 6_000, taken: [2, 4, 6].map((second) => ({ worker: 'worker:y', at: ms(second) })) },
    [/for 8000 ms/],
  ],
])('%s is found', (_, changed, expected) => {
  const wrong = judged(changed)
  expect(wrong.length, wrong.join('\n')).toBe(expected.length)
  for (const [index, pattern] of expected.entries()) expect(wrong[index]).toMatch(pattern)
})
