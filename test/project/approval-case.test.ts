import { expect, test, vi } from 'vitest'
import type { ApprovalQuestion } from '../../src/change/engine/ports.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import { toolOf } from '../../src/change/plan/rules.ts'
import { sealOf } from '../../src/change/policy/approval.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { VERSION } from '../../src/model/version.ts'
import { localTerms } from '../../src/project/access/policy/demands.ts'
import { approvalCases, approvalTally, type CaseSources, caseGatherer } from '../../src/project/approval/case.ts'
import { EIGHT, GIVEN_STATEMENT, KEY } from '../change/policy/given-approval.ts'
import type { App } from '../lab/lab.ts'

const ALICE: Principal = { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' }

const STATEMENT: ApprovalStatement = {
  ...GIVEN_STATEMENT,
  store: 'here',
  approver: ALICE,
  notBefore: '2026-01-05T07:00:00.000Z',
}

/** What is on record, and a clock that a test moves. `newest`: when the newest record was written. */
function startCase(newest?: string) {
  const written: object[] = []
  const clock = { wall: EIGHT, passed: 0, now: () => clock.wall, monotonic: () => clock.passed }
  const app = {
    clock,
    key: { text: KEY, former: [] },
    store: {
      id: 'here',
      head: async () => ({ seq: 1, ...(newest === undefined ? {} : { latest: newest }) }),
      restored: async () => undefined,
      approvals: async () => [
        { event: { seq: 7, statement: STATEMENT, seal: sealOf(KEY, STATEMENT) }, verified: true },
      ],
      planRuns: async () => [],
      approvalUses: async () => [],
      as: ({ id }: Principal) => ({
        append: async (_execution: undefined, events: readonly object[]) =>
          void written.push(...events.map((event) => ({ by: id, ...event }))),
      }),
    },
  }
  const sources: Partial<CaseSources> = {
    app: app as unknown as CaseSources['app'],
    caller: { principal: ALICE },
    terms: () => localTerms,
    definition: () => (device) => (device === undefined ? 'sha256:all' : `sha256:${device}`),
    moved: () => ['leaf1 has another address'],
    demands: () => ({ leaf1: { planned: 'sha256:cc', found: 'sha256:dd' } }),
    trust: () => ({ signers: [], passkeys: [], programs: { env: {} } }),
  }
  return { clock, written, sources: sources as CaseSources }
}

function question(moment: ApprovalQuestion['moment'], more: Partial<ApprovalQuestion> = {}) {
  const plan = {
    digest: 'sha256:aa',
    content: {
      approve: null,
      devices: [],
      workflow: { digest: 'sha256:bb' },
      policy: null,
      requesters: [ALICE],
      tool: toolOf(VERSION),
    },
  }
  return {
    moment,
    plan: plan as unknown as ApprovalQuestion['plan'],
    recomputed: 'sha256:aa',
    execution: 'X1',
    starter: undefined,
    isAsked: false,
    ...more,
  }
}

test.each([
  ['at the start', 'start', undefined, 'sha256:all'],
  ['at the commit of a switch', 'commit', 'leaf1', 'sha256:leaf1'],
] as const)('%s the sources of the plan are compared as they are now', async (_, moment, device, found) => {
  const same = { planned: 'a', found: 'a' }
  const change = device === undefined ? {} : { change: { device, base: same, diff: same, shown: same } }
  const facts = await caseGatherer(startCase().sources)(question(moment, change))
  expect(facts.moved).toEqual(['leaf1 has another address'])
  expect(facts.sources).toMatchObject({
    'the workflow or one of its files': { planned: 'sha256:bb', found },
    'what the workflow gives for `leaf1`': { planned: 'sha256:cc', found: 'sha256:dd' },
  })
})

test('at a confirm nothing that is edited while the change runs counts', async () => {
  const facts = await caseGatherer(startCase().sources)(question('confirm'))
  expect(facts.moved).toEqual([])
  expect(facts.sources).toMatchObject({
    'the workflow or one of its files': { planned: 'sha256:bb', found: 'sha256:bb' },
  })
  expect(Object.keys(facts.sources).filter((name) => name.startsWith('what the workflow gives'))).toEqual([])
})

test('[G61] an approval counts from when a process has seen it first, at the later of its clock and the newest record', async () => {
  const { clock, sources } = startCase('2026-01-05T08:00:10.000Z')
  const gather = caseGatherer(sources)
  const loaded = { wall: EIGHT + 10_000, monotonic: 0 }
  expect((await gather(question('start'))).decisions).toMatchObject([{ record: 7, loaded }])
  clock.wall += 60_000
  clock.passed += 60_000
  expect((await gather(question('commit'))).decisions).toMatchObject([{ record: 7, loaded }])
})

test('an empty record has seen no time', async () => {
  expect(await caseGatherer(startCase().sources)(question('start'))).toMatchObject({
    highestWallTimeSeen: 0,
    now: EIGHT,
  })
})

test('a clock that is more than 30 s behind the newest record is put on record, once', async () => {
  const { clock, written, sources } = startCase('2026-01-05T08:00:30.000Z')
  const gather = approvalCases(sources)
  await gather(question('start'))
  expect(written).toEqual([])
  clock.wall -= 1
  await gather(question('start'))
  await gather(question('commit'))
  expect(written).toEqual([
    {
      by: 'alice',
      type: 'ClockSetBack',
      latest: '2026-01-05T08:00:30.000Z',
      now: '2026-01-05T07:59:59.999Z',
    },
  ])
})

test('a clock that goes back while a process runs is put on record, whatever the record says', async () => {
  const { clock, written, sources } = startCase('2026-01-05T07:00:00.000Z')
  const gather = approvalCases(sources)
  clock.passed += 600_000.5
  clock.wall += 570_000
  await gather(question('start'))
  expect(written).toEqual([])
  clock.wall -= 1000
  await gather(question('start'))
  expect(written).toEqual([
    {
      by: 'alice',
      type: 'ClockSetBack',
      latest: '2026-01-05T08:10:00.000Z',
      now: '2026-01-05T08:09:29.000Z',
    },
  ])
})

test.each<[string, Record<string, string>, string | undefined, boolean]>([
  ['a run that nobody has begun needs one that holds', {}, undefined, false],
  ['one that runs with it has it', { status: 'running' }, 'X1', true],
  ['one that runs without it does not', { status: 'running' }, 'X2', false],
  ['one that waits for an approval needs one that holds', { status: 'running', phase: 'waiting' }, 'X1', false],
  ['one that waits for a signal has it', { status: 'running', phase: 'waiting', token: 't' }, 'X1', true],
  ['one that has ended is not counted anew', { status: 'ended' }, undefined, true],
  ['a plan that was made needs one that holds', { status: 'ended', purpose: 'plan' }, undefined, false],
])(
  'an approval that is over: %s',
  async (_, { status = '', purpose = 'run', phase, token }: Record<string, string>, usedBy, has) => {
    const { clock, sources } = startCase()
    const { plan } = question('start')
    const app = {
      ...sources.app,
      env: {},
      keys: { read: () => undefined },
      project: { policy: () => undefined, settings: {}, files: () => undefined, stands: () => false },
    }
    Object.assign(app.store, {
      approvalUses: async () => (usedBy === undefined ? [] : [{ nonce: STATEMENT.nonce, execution: usedBy }]),
    })
    const scopes = new Map(phase === undefined ? [] : [['/a', { phase, token }]])
    const state = status === '' ? undefined : ({ id: 'X1', scopes, status, purpose } as unknown as ExecutionState)
    const tally = () => approvalTally(app as unknown as App, plan, state, ALICE)
    const whole = { demands: [], needed: 1, isRejected: false }
    if (usedBy !== 'X2') expect(await tally()).toEqual({ ...whole, have: 1 })
    clock.wall = Date.parse(STATEMENT.expires)
    expect(await tally()).toEqual({ ...whole, have: has ? 1 : 0 })
  },
)

test('whoever only looks puts nothing on record', async () => {
  const { written, sources } = startCase('2026-01-05T12:00:00.000Z')
  await caseGatherer(sources)(question('start'))
  expect(written).toEqual([])
})

test('what is published newly is taken before anything is asked', async () => {
  const { sources } = startCase()
  const asked: string[] = []
  const gather = approvalCases({
    ...sources,
    renew: async () => void asked.push('renew'),
    terms: () => {
      asked.push('terms')
      return localTerms
    },
  })
  await gather(question('start'))
  expect(asked).toEqual(['renew', 'terms'])
})

test('those who ask in one turn share one reading, which begins behind their questions; who asks behind it is given another', async () => {
  const { sources } = startCase()
  const turns: (() => void)[] = []
  let readings = 0
  const { approvals } = sources.app.store
  const store = {
    ...sources.app.store,
    approvals: (plan: string) => {
      readings += 1
      return approvals(plan)
    },
  }
  let looks = 0
  const definition: CaseSources['definition'] = () => {
    looks += 1
    return sources.definition()
  }
  const given = { ...sources, definition, app: { ...sources.app, store } }
  const gather = approvalCases({ ...given, turn: (over) => turns.push(over) })
  const first = [gather(question('commit')), gather(question('confirm'))]
  expect(readings).toBe(0)
  turns.shift()?.()
  await vi.waitFor(() => expect(readings).toBe(1))
  const late = gather(question('commit'))
  expect((await Promise.all(first)).map(({ moment }) => moment)).toEqual(['commit', 'confirm'])
  expect({ readings, waiting: turns.length }).toEqual({ readings: 1, waiting: 1 })
  turns.shift()?.()
  expect((await late).moment).toBe('commit')
  expect({ readings, looks }).toEqual({ readings: 2, looks: 2 })
})
