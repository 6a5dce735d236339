import { expect, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { LOCAL_DEMAND } from '../../../src/change/policy/approval-case.ts'
import { obstacle, type QuorumContext, type WeighedApproval } from '../../../src/change/policy/quorum.ts'
import { pauseSchedule } from '../../../src/features/schedule/list-schedules.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { Secret } from '../../../src/model/secret.ts'
import {
  ANN,
  inventoryOf,
  type Lab,
  openLab,
  PEOPLE,
  partOf,
  policyWith,
  SETTINGS,
  withRoles,
  workflowFor,
} from '../../lab/lab.ts'
import { idle, type ServerBench, until } from '../../lab/server.ts'

const SCHEDULES = `schedules:
  - { name: leaf-drift, cron: '*/5 * * * *', tz: UTC, do: drift, on: leaf1 }
  - { name: leaf-change, cron: '30 9 * * *', tz: UTC, do: run, workflow: workflow.yaml }
  - { name: nightly, cron: '0 23 * * *', tz: UTC, do: plan, workflow: workflow.yaml }
`

interface Row {
  readonly name: string
  readonly paused: boolean
  readonly next: readonly string[]
  readonly last?: {
    readonly instant: string
    readonly what: string
    readonly reason: string
    readonly execution?: string
  }
}

const rowOf = async (bench: ServerBench, who: Parameters<ServerBench['ask']>[2], name: string): Promise<Row> => {
  const { json } = await bench.ask('GET', '/api/v1/schedules', who)
  const found = (json.schedules as readonly Row[]).find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} is not listed`)
  return found
}

const FIVE_MINUTES = 300_000

/** The server runs schedules from here on. */
async function begun(bench: ServerBench) {
  await bench.room.begin()
}

const isOver = (bench: ServerBench, who: Parameters<ServerBench['ask']>[2], name: string) =>
  until(bench, async () => !['running', undefined].includes((await rowOf(bench, who, name)).last?.what))

test('a server does what is due, and the page shows it; what is paused begins nothing', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab({ files: { 'eosflow.yaml': `version: 1\n${SCHEDULES}` } }).serve({ tokens: { ann: ANN } })
  const who = { token: 'ann' }
  // The clocks of the labs begin at 08:00.
  expect(await rowOf(bench, who, 'leaf-drift')).toMatchObject({
    paused: false,
    next: ['2026-01-05T08:05:00.000Z', '2026-01-05T08:10:00.000Z', '2026-01-05T08:15:00.000Z'],
  })
  await begun(bench)
  await bench.lab.clock.advance(FIVE_MINUTES)
  await isOver(bench, who, 'leaf-drift')
  expect((await rowOf(bench, who, 'leaf-drift')).last).toEqual({
    instant: '2026-01-05T08:05:00.000Z',
    what: 'failed',
    reason: '1 switch, 0 compared: 1 never confirmed',
  })
  const ann = bench.browser(ANN)
  const page = await ann.get('/schedules')
  expect(page.text).toContain('leaf-drift')
  expect(page.text).toContain('1 switch, 0 compared: 1 never confirmed')
  expect((await ann.get('/')).text).toContain('Schedule nightly')
  const form = await ann.form('/schedules/leaf-drift/pause')
  expect([form.status, form.headers.get('location')]).toEqual([303, '/schedules'])
  await bench.lab.clock.advance(FIVE_MINUTES)
  await until(bench, async () => (await rowOf(bench, who, 'leaf-drift')).last?.what === 'missed')
  expect(await rowOf(bench, who, 'leaf-drift')).toMatchObject({
    paused: true,
    last: { instant: '2026-01-05T08:10:00.000Z', reason: 'it was paused then' },
  })
  const told = await bench.ask('POST', '/api/v1/schedules/leaf-drift/continue', { ...who, body: { reason: 'done' } })
  expect([told.status, told.json]).toEqual([200, { version: 1, schedule: 'leaf-drift', paused: false }])
  await bench.lab.clock.advance(FIVE_MINUTES)
  await until(bench, async () => (await rowOf(bench, who, 'leaf-drift')).last?.what === 'failed')
  expect(bench.failures).toEqual([])
})

/** A project under the policy of the people: leaves are changed by operators and services, within its window. */
function underPolicy(lab: Lab, schedules: string, window: 'open' | 'closed' = 'open') {
  lab.write('inventory.yaml', inventoryOf(lab.fabric, withRoles))
  lab.write('workflow.yaml', workflowFor('leaf1'))
  lab.write('eosflow.yaml', `${SETTINGS}${schedules}`)
  lab.write('policy.yaml', policyWith({ window }))
}

const EVERY_FIVE = `schedules:
  - { name: leaf-change, cron: '*/5 * * * *', tz: UTC, do: run, workflow: workflow.yaml }
`

test('a change is skipped outside of its window and in a freeze, and begins when there is neither', {
  tags: ['long', 'turn'],
}, async () => {
  const { alice } = PEOPLE
  const who = { token: 'alice' }
  const closed = await openLab({ prepare: (lab) => underPolicy(lab, EVERY_FIVE, 'closed') }).serve({
    tokens: { alice },
  })
  await begun(closed)
  await closed.lab.clock.advance(FIVE_MINUTES)
  await until(closed, async () => (await rowOf(closed, who, 'leaf-change')).last !== undefined)
  expect((await rowOf(closed, who, 'leaf-change')).last).toMatchObject({
    instant: '2026-01-05T08:05:00.000Z',
    what: 'skipped',
    reason: expect.stringContaining('window'),
  })
  expect(await closed.app.store.executionIds()).toEqual([])

  const open = await openLab({ prepare: (lab) => underPolicy(lab, EVERY_FIVE) }).serve({ tokens: { alice } })
  await open.ask('POST', '/api/v1/freezes', { ...who, body: { reason: 'INC-4711', until: '6m' } })
  await begun(open)
  await open.lab.clock.advance(FIVE_MINUTES)
  await until(open, async () => (await rowOf(open, who, 'leaf-change')).last !== undefined)
  expect((await rowOf(open, who, 'leaf-change')).last).toMatchObject({
    what: 'skipped',
    reason: expect.stringMatching(
      /^nothing new begins until 2026-01-05T08:06:00.000Z: freeze \d+, set by .*: INC-4711$/,
    ),
  })
  await open.lab.clock.advance(FIVE_MINUTES)
  await until(open, async () => (await rowOf(open, who, 'leaf-change')).last?.what === 'ok')
  expect(await open.app.store.executionIds()).toHaveLength(1)
})

test('whoever starts a schedule by hand has made its plan: their approval does not count', async () => {
  const { zoe, bob, dave } = PEOPLE
  const bench = await openLab({ prepare: (lab) => underPolicy(lab, SCHEDULES) }).serve({ tokens: { zoe, bob, dave } })
  // Whoever may start nothing learns of no schedule.
  const denied = await bench.ask('POST', '/api/v1/schedules/leaf-change/run', { token: 'dave' })
  expect([denied.status, denied.text.includes('leaf1')]).toEqual([403, false])
  expect((await bench.ask('POST', '/api/v1/schedules/nothing/run', { token: 'zoe' })).status).toBe(404)
  expect((await bench.ask('POST', '/api/v1/schedules/leaf-change/run', { token: 'zoe' })).status).toBe(200)
  await isOver(bench, { token: 'zoe' }, 'leaf-change')
  await idle(bench)
  const { last } = await rowOf(bench, { token: 'zoe' }, 'leaf-change')
  const execution = last?.execution ?? ''
  const [first] = await bench.app.store.read(execution)
  expect(first).toMatchObject({
    actor: 'schedule:leaf-change',
    requester: {
      id: 'schedule:leaf-change',
      kind: 'service',
      onBehalfOf: { issuer: 'corp', id: 'zoe', person: 'p-zoe' },
    },
  })
  const { json } = await bench.ask('GET', `/api/v1/executions/${execution}`, { token: 'zoe' })
  expect(json.status).not.toBe('ended')
  // Another occurrence does not begin while this one waits.
  const again = await bench.ask('POST', '/api/v1/schedules/leaf-change/run', { token: 'zoe' })
  expect([again.status, again.json.detail]).toEqual([
    409,
    `leaf-change is not begun: the occurrence before still runs: execution ${execution}`,
  ])
  // As whoever judges the approvals of the plan reads it.
  const made = await bench.app.store.planMade(String(json.plan))
  const plan = await recordedPlan(bench.app.store, made?.plan ?? '')
  const occasion = {
    requesters: plan.content.requesters,
    runners: [],
    moment: 'push',
    now: 0,
  } as unknown as QuorumContext
  const demand = { ...LOCAL_DEMAND, notRequester: true }
  const whyNot = (principal: Principal) =>
    obstacle(demand, partOf<WeighedApproval>({ principal, roles: [], statement: {} }), occasion)?.reason
  expect(whyNot(zoe)).toContain('the same person made the plan')
  expect(whyNot(bob)).toBeUndefined()
})

test('whoever may start one schedule neither sees nor pauses another one', async () => {
  const { ci, alice } = PEOPLE
  const spine = "  - { name: spine-drift, cron: '*/5 * * * *', tz: UTC, do: drift, on: spine1 }\n"
  const bench = await openLab({ prepare: (lab) => underPolicy(lab, SCHEDULES + spine) }).serve({
    tokens: { ci, alice },
  })
  for (const act of ['pause', 'continue', 'run']) {
    const [hidden, absent] = await Promise.all(
      ['spine-drift', 'nothing'].map((name) => bench.ask('POST', `/api/v1/schedules/${name}/${act}`, { token: 'ci' })),
    )
    expect([act, hidden?.status, hidden?.json.detail]).toEqual([act, 404, absent?.json.detail])
  }
  await expect(
    pauseSchedule(bench.app, { principal: ci }, { schedule: 'spine-drift', change: 'paused', reason: '' }),
  ).rejects.toThrow('no rule allows')
  expect(await bench.app.store.schedules()).toEqual([])
  expect((await bench.ask('POST', '/api/v1/schedules/spine-drift/pause', { token: 'alice' })).status).toBe(200)
  expect(await bench.app.store.schedules()).toMatchObject([{ change: 'paused', rules: ['spine'] }])
})

test('a parameter in the settings that holds a secret of the project is neither planned nor on record', async () => {
  const value = 'a-secret-0123456789'
  const bench = await openLab({
    prepare: (lab) => {
      lab.write('workflow.yaml', workflowFor('leaf1', { extra: 'params: { name: { type: string } }' }))
      const params = `params: { name: ${value} }`
      lab.write(
        'eosflow.yaml',
        `version: 1\n${SCHEDULES.replaceAll('workflow: workflow.yaml', `workflow: workflow.yaml, ${params}`)}`,
      )
    },
  }).serve({ tokens: { ann: ANN } })
  bench.app.scrubber.register(new Secret(value), 'a secret')
  await bench.ask('POST', '/api/v1/schedules/nightly/run', { token: 'ann' })
  await isOver(bench, { token: 'ann' }, 'nightly')
  const { last } = await rowOf(bench, { token: 'ann' }, 'nightly')
  expect([last?.what, last?.reason]).toEqual([
    'failed',
    expect.stringContaining('a parameter of the schedule nightly holds a secret of this project: name'),
  ])
  expect(await bench.app.store.executionIds()).toEqual([])
})
