import { expect, test } from 'vitest'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { Claim } from '../../../src/change/record/store/claims.ts'
import { type EngineThread, openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import type { ServedExecutions } from '../../../src/doors/http/jobs/served-executions.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { everyNth } from '../../extent.ts'
import { type App, openLab, SETTINGS, whileTimePasses, withRoles, workflowFor } from '../../lab/lab.ts'
import { ORIGIN, type ServerBench, until } from '../../lab/server.ts'
import { dying, type Life, recordsIn } from './dying.ts'

const TOKEN = 'alerts-token-0123456789'
const BOT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
const ADMIN: Principal = { issuer: 'corp', id: 'admin', kind: 'person', auth: 'oidc' }

/** As the pages recommend: events, agents and schedules that plan may plan, and start nothing. */
const PLANS_ONLY = `version: 1
roles: { admin: { members: [corp:sub:admin] } }
rules:
  - id: plan
    allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan]
    to: ["kind:service", "kind:agent"]
  - { id: admin, allow: [plan.create, plan.read, execution.read, execution.start, task.snapshot, task.plan], to: [admin] }
`
const NO_PLANS = `version: 1
roles: { admin: { members: [corp:sub:admin] } }
rules:
  - { id: read, allow: [plan.read, execution.read], to: ["kind:service", "kind:agent", admin] }
`
const MORE = `events:
  - name: alerts
    verify: { bearer: '\${env:ALERTS_TOKEN}' }
    plan: { workflow: workflows/leaf.yaml }
schedules:
  - { name: weekly, cron: '0 3 * * mon', tz: UTC, do: plan, workflow: workflows/leaf.yaml }
`

function planning(): Promise<ServerBench> {
  return openLab({
    tags: withRoles,
    files: { 'workflows/leaf.yaml': workflowFor('leaf1'), 'eosflow.yaml': SETTINGS + MORE, 'policy.yaml': PLANS_ONLY },
  }).serve({ tokens: { bot: BOT, admin: ADMIN }, env: { ALERTS_TOKEN: TOKEN } })
}

/** The file of one server after the other: what is to be forgotten by one that is dead stays there. */
function servedBy(kept: Set<string>, life: Life): ServedExecutions {
  return {
    get ids() {
      return [...kept]
    },
    keep: (id) => !kept.has(id) && kept.add(id).has(id),
    forget: (id) => {
      if (!life.isOver) kept.delete(id)
    },
  }
}

function roomOf(bench: ServerBench, app: App, served: ServedExecutions): EngineThread {
  return openEngineThread({
    app,
    console: silentConsole(),
    most: 20,
    failed: (what, error) => void bench.failures.push(`${what}: ${error instanceof Error ? error.message : error}`),
    rehearse: () => new Promise(() => undefined),
    served,
  })
}

/** Each way in which something that is no person asks for a plan, under a key. Gives whether it was answered. */
const ASKED = {
  event: async (bench: ServerBench, room: EngineThread, key: string) => {
    const asked = httpApp({ ...bench.front, acts: room }).request(
      `${ORIGIN}/api/v1/hooks/alerts`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ key }),
      },
      { sender: { address: '192.0.2.7', isPlain: false } },
    )
    return (await whileTimePasses(bench.lab.clock, Promise.resolve(asked))).json() as Promise<Record<string, unknown>>
  },
  agent: async (bench: ServerBench, room: EngineThread, key: string) => {
    const asked = room.ask('plan', { principal: BOT }, { workflow: 'workflows/leaf.yaml', key })
    return whileTimePasses(
      bench.lab.clock,
      asked.then(
        (answer) => answer as Record<string, unknown>,
        () => ({}),
      ),
    )
  },
  schedule: async (bench: ServerBench, room: EngineThread) => {
    const asked = room.ask('run-schedule', { principal: ADMIN }, { schedule: 'weekly' })
    return whileTimePasses(
      bench.lab.clock,
      asked.then(
        (answer) => answer as Record<string, unknown>,
        () => ({}),
      ),
    )
  },
} as const

const started = (bench: ServerBench) => recordsIn(bench, 'ExecutionStarted')

const outcomeOf = async ({ app }: ServerBench, id: string) => {
  const last = (await app.store.read(id)).at(-1)
  return last?.type === 'ExecutionEnded' ? last.outcome : last?.type
}

/** Asks, has the server die on the way, and begins the next one. Gives whether it died, and how the plan ended that is on record then. */
async function through(way: keyof typeof ASKED, at: number, isBehind: boolean) {
  const bench = await planning()
  const kept = new Set<string>()
  const { app, life } = dying(bench, at, isBehind ? 'behind' : 'before')
  const first = roomOf(bench, app, servedBy(kept, life))
  await ASKED[way](bench, first, 'one')
  await until(bench, async () => first.running.length === 0)
  const [begun] = await started(bench)
  const next = roomOf(bench, bench.app, servedBy(kept, { writes: 0, isOver: false }))
  await whileTimePasses(bench.lab.clock, next.begin())
  await until(bench, async () => next.running.length === 0)
  const outcome = begun?.execution === undefined ? undefined : await outcomeOf(bench, begun.execution)
  // Whoever asks once more under the same key gets that plan, and one where none was begun.
  const asked: Record<string, unknown> = way === 'schedule' ? {} : await ASKED[way](bench, next, 'one')
  await until(bench, async () => next.running.length === 0)
  const all = await started(bench)
  await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
  return { died: life.isOver, outcome, again: asked.execution, all: all.map(({ execution }) => execution) }
}

test('[E1] a plan that an event, an agent or a schedule has asked for is made, whatever record its server dies at', {
  tags: 'long',
}, async () => {
  const deaths: Record<string, number> = {}
  const cases = (['event', 'agent', 'schedule'] as const).flatMap((way) =>
    Array.from({ length: 14 }, (_, index) =>
      [false, true].map((isBehind) => ({ way, at: index + 1, isBehind })),
    ).flat(),
  )
  const cut = everyNth({ test: 7, long: 4 }, 'deaths of a server in the middle of a plan', cases)
  for (const { way, at, isBehind } of cut) {
    const { died, outcome, again, all } = await through(way, at, isBehind)
    const where = `${way} ${at} ${isBehind ? 'behind' : 'before'}`
    if (outcome !== undefined) expect([where, outcome]).toEqual([where, 'planned'])
    if (way !== 'schedule') expect([where, all]).toEqual([where, [again]])
    else expect([where, all.length <= 1]).toEqual([where, true])
    if (died && outcome !== undefined) deaths[way] = (deaths[way] ?? 0) + 1
  }
  expect(cut.length).toBeGreaterThanOrEqual(12)
  for (const way of ['event', 'agent', 'schedule']) expect([way, (deaths[way] ?? 0) >= 2]).toEqual([way, true])
})

/** A server that dies in the middle of a plan that an event has asked for. `before`: what is different when the next one begins. */
async function leftBy(before: (bench: ServerBench, id: string) => unknown) {
  const bench = await planning()
  const kept = new Set<string>()
  const { app, life } = dying(bench, 6, 'behind')
  const first = roomOf(bench, app, servedBy(kept, life))
  await ASKED.event(bench, first, 'one')
  await until(bench, async () => first.running.length === 0)
  const [{ execution: id = '' } = {}] = await started(bench)
  expect([life.isOver, id === '']).toEqual([true, false])
  bench.failures.length = 0
  await before(bench, id)
  const next = roomOf(bench, bench.app, servedBy(kept, { writes: 0, isOver: false }))
  await whileTimePasses(bench.lab.clock, next.begin())
  await until(bench, async () => next.running.length === 0)
  return { bench, id, next }
}

test('[E1] a plan whose sender may no longer plan ends, with the reason on record', async () => {
  const { bench, id, next } = await leftBy(({ lab }) => lab.write('policy.yaml', NO_PLANS))
  await until(bench, async () => (await outcomeOf(bench, id)) === 'cancelled')
  const word = await bench.app.store.stopRequest(id, cursorBehind(undefined))
  expect(word?.reason ?? '').toContain('nobody could finish this plan after its process ended: no rule allows')
  await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
})

test('a plan whose workflow was edited while no server ran ends, with the reason on record', async () => {
  const { bench, id, next } = await leftBy(({ lab }) =>
    lab.write('workflows/leaf.yaml', workflowFor('leaf1', { lines: ['vlan 997'] })),
  )
  await until(bench, async () => (await outcomeOf(bench, id)) === 'cancelled')
  await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
})

test('[E1] a plan that cannot go on for a while is tried again, and made', { tags: 'long' }, async () => {
  const other: { claim?: Claim } = {}
  const { bench, id, next } = await leftBy(async ({ app }, left) => {
    other.claim = await app.claims.claim(left)
  })
  expect(bench.failures).toEqual([`${id}: execution ${id} is run by another process`])
  await other.claim?.release()
  expect(await outcomeOf(bench, id)).not.toBe('planned')
  await until(bench, async () => (await outcomeOf(bench, id)) === 'planned')
  await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
})
