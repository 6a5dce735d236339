import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { type ActName, actInputs } from '../../../src/doors/http/request/act-input.ts'
import { NOTHING_SEEN, type Watch, watched } from '../../../src/features/notify/notice/watch.ts'
import { type Principal, scopes } from '../../../src/model/principal.ts'
import { baselinesOf } from '../../../src/project/history/executions/switch-ends.ts'
import { begins } from '../../features/notify/notice-bench.ts'
import { openLab, PEOPLE, SETTINGS, typeOn, whileTimePasses } from '../../lab/lab.ts'
import { idle, type ServerBench, until } from '../../lab/server.ts'
import { startAgentTools } from '../agents/agent-tools.ts'

/** The rule that the page for agents recommends, and everything that a rule can let anybody do. */
const DOCUMENTED =
  '{ id: agents, allow: [workflow.list, plan.create, plan.read, execution.read, task.snapshot, task.plan, approval.request], to: ["kind:agent"] }'
const ALL = `{ id: all, allow: [${scopes.filter((scope) => scope !== 'breakglass.use').join(', ')}], to: ["kind:agent", "kind:person", "kind:service"] }`
const PEOPLE_MAY =
  '{ id: people, allow: [task.snapshot, baseline.set, notice.end, execution.read], to: ["kind:person"] }'

const NOTIFY = 'notify: { targets: [{ name: ops, exec: [/bin/true] }] }\n'
const SCHEDULES = `schedules:
  - { name: kept, every: 6h, tz: UTC, do: snapshot }
  - { name: moving, every: 6h, tz: UTC, do: snapshot, baseline: true }
`

async function records(bench: ServerBench): Promise<readonly JournalEvent[]> {
  const rows = (await bench.app.audit?.records(1, 100_000)) ?? []
  return rows.map(({ body }) => parseEvent(body))
}

/** What notices are judged by, of everything on record. */
const watchOf = async (bench: ServerBench): Promise<Watch> => (await records(bench)).reduce(watched, NOTHING_SEEN)

/** What each of these switches is compared with, and the causes that last. */
async function standing(bench: ServerBench) {
  const baselines = await baselinesOf(bench.app, ['leaf1', 'leaf2'])
  const { left, drifted } = await watchOf(bench)
  return {
    baselines: [...baselines].map(([name, one]) => [
      name,
      'snapshot' in one ? one.snapshot.name : one.ending.execution,
    ]),
    left: [...left.keys()].sort(),
    drifted: [...drifted.keys()].sort(),
  }
}

/** An execution that ended so that nobody knows what leaf1 holds, one that could not put it back, and a comparison that found it changed. */
async function leftBehind(bench: ServerBench) {
  const journal = bench.app.journalAs(PEOPLE.alice)
  const unknown = { type: 'ExecutionEnded', outcome: 'unknown', devices: { leaf1: 'unknown' } } as const
  await journal.append('x1', [begins('leaf1'), unknown])
  await journal.append('x2', [
    begins('leaf1'),
    { type: 'UndoStarted', device: 'leaf1' },
    { type: 'UndoFinished', device: 'leaf1', end: 'unknown', detail: 'it does not answer' },
    unknown,
  ])
  await journal.append(undefined, [{ type: 'DriftCompared', differs: ['leaf1'], same: ['leaf2'] }])
}

const snapshot = (bench: ServerBench, token: string, name: string) =>
  bench.ask('POST', '/api/v1/snapshots', { token, body: { name, targets: 'leaf1 or leaf2' } })

describe('a snapshot by whoever may neither set a baseline nor end a notice', () => {
  test('[E3] is kept, and says that it moved nothing; that of a person who may sets both', async () => {
    const bench = await startAgentTools(undefined, [DOCUMENTED, PEOPLE_MAY])
    await leftBehind(bench)
    const denied = [
      '`builtin-no-agent` denies corp:sub:bot baseline.set on leaf1',
      '`builtin-no-agent` denies corp:sub:bot notice.end on leaf1',
    ]
    const first = await snapshot(bench, 'bot', 'of-bot')
    expect(first.status).toBe(200)
    expect(first.json).toMatchObject({
      devices: ['leaf1', 'leaf2'],
      baseline: [],
      still: [{ name: 'leaf1' }, { name: 'leaf2' }],
      notices: [],
      denied,
    })
    expect(await standing(bench)).toEqual({ baselines: [], left: ['x1', 'x2'], drifted: ['leaf1'] })
    const taken = await snapshot(bench, 'alice', 'of-alice')
    expect(taken.json).toMatchObject({
      baseline: ['leaf1', 'leaf2'],
      still: [],
      notices: ['leaf1', 'leaf2'],
      denied: [],
    })
    const after = [
      ['leaf1', 'of-alice'],
      ['leaf2', 'of-alice'],
    ]
    expect(await standing(bench)).toEqual({ baselines: after, left: [], drifted: ['leaf1'] })
    const again = await snapshot(bench, 'bot', 'of-bot-again')
    expect(again.json.still).toEqual(
      ['leaf1', 'leaf2'].map((name) => ({ name, source: { kind: 'snapshot', name: 'of-alice' } })),
    )
    expect((await standing(bench)).baselines).toEqual(after)
    const page = await bench.browser(PEOPLE.alice).get('/snapshots')
    expect(page.text.match(/moves no baseline, ends no notice/g)).toHaveLength(2)
    expect(page.text.match(/baseline of leaf1 and leaf2/g)).toHaveLength(1)
  })

  test('[E3] what is written behind the end of a change, or a redrive, leaves its baseline', async () => {
    const bench = await startAgentTools(undefined, [DOCUMENTED, PEOPLE_MAY])
    const journal = bench.app.journalAs(PEOPLE.alice)
    await journal.append('x1', [
      begins('leaf1'),
      { type: 'ExecutionEnded', outcome: 'rolled-back', devices: { leaf1: 'changed' } },
    ])
    for (const type of ['ExecutionRedriven', 'ExecutionResumed'] as const) {
      await journal.append('x1', [{ type }])
      expect((await standing(bench)).baselines).toEqual([['leaf1', 'x1']])
    }
    const later = await snapshot(bench, 'alice', 'later')
    expect(later.json).toMatchObject({
      baseline: ['leaf2'],
      still: [{ name: 'leaf1', source: { kind: 'execution', id: 'x1' } }],
    })
  })
})

const DIGEST = `sha256:${'0'.repeat(64)}`

/** What an agent asks for, by act: everything that there is to ask. */
const ASKED: Readonly<Record<ActName, object>> = {
  plan: { workflow: 'workflows/leaf.yaml' },
  start: { workflow: 'workflows/leaf.yaml' },
  'start-plan': { plan: DIGEST },
  rebase: { plan: DIGEST },
  decide: { plan: DIGEST, decision: 'approve' },
  'request-approval': { plan: DIGEST },
  stop: { execution: 'x1', restored: true },
  'stop-all': {},
  suspend: { execution: 'x1' },
  resume: { execution: 'x1', restored: true },
  redrive: { execution: 'x2' },
  rollback: { execution: 'x1' },
  checkpoint: { execution: 'x1' },
  rehearse: { plan: DIGEST },
  rehearsal: { plan: DIGEST },
  signal: { token: 'none', output: 1 },
  check: {},
  drift: {},
  compare: { before: 'evening' },
  snapshot: { name: 'of-the-agent' },
  challenge: { plan: DIGEST, origin: 'http://localhost:7474', session: 'none' },
  'step-up': { plan: DIGEST, origin: 'http://localhost:7474', session: 'none' },
  'send-browser': { issuer: 'corp', origin: 'http://localhost:7474' },
  'browser-back': { id: 'none', query: '' },
  'logged-out': {},
  freeze: { reason: 'mine' },
  unfreeze: { reason: 'mine', all: true },
  event: { path: 'none', address: '127.0.0.1', headers: {} },
  'pause-schedule': { schedule: 'kept' },
  'continue-schedule': { schedule: 'kept' },
  'run-schedule': { schedule: 'moving' },
  'end-schedule': { schedule: 'kept', reason: 'enough' },
  refuse: { needs: 'task.push' },
}

test('[G89] [E3] of all that an agent can ask for, whatever rules let it do, nothing moves a baseline or ends a notice', {
  tags: 'long',
}, async () => {
  const bench = await openLab({
    files: {
      'eosflow.yaml': `${SETTINGS}${NOTIFY}${SCHEDULES}`,
      'workflows/leaf.yaml': 'name: none\n',
      'policy.yaml': `version: 1\nroles: {}\nrules:\n  - ${ALL}\n`,
      'checks.yaml': '- reachable\n',
    },
  }).serve({ tokens: PEOPLE })
  expect((await snapshot(bench, 'alice', 'evening')).json.baseline).toEqual(['leaf1', 'leaf2'])
  await leftBehind(bench)
  await typeOn(bench.lab.device('leaf1'), 'configure', 'vlan 997', 'end', 'copy running-config startup-config')
  const before = await standing(bench)
  expect(before).toEqual({
    baselines: [
      ['leaf1', 'evening'],
      ['leaf2', 'evening'],
    ],
    left: ['x1', 'x2'],
    drifted: ['leaf1'],
  })
  const agents: readonly Principal[] = [PEOPLE.bot, PEOPLE.botOfAlice]
  const acts = Object.keys(actInputs) as readonly ActName[]
  let asked = 0
  for (const principal of agents) {
    for (const act of acts) {
      const given = act === 'snapshot' ? { name: `of-the-agent-${asked}` } : ASKED[act]
      await whileTimePasses(
        bench.lab.clock,
        bench.front.acts.ask(act, { principal }, given).catch(() => undefined),
      )
      await idle(bench)
      expect([act, await standing(bench)]).toEqual([act, before])
      asked += 1
    }
    // A schedule that keeps a snapshot it may start; one that would set a baseline it may not.
    await bench.lab.clock.advance(1_000)
    await whileTimePasses(bench.lab.clock, bench.front.acts.ask('run-schedule', { principal }, { schedule: 'kept' }))
    await until(bench, async () => (await records(bench)).at(-1)?.type === 'ScheduleFinished')
    expect(await standing(bench)).toEqual(before)
  }
  expect(asked).toBe(66)
  const found = await records(bench)
  expect(found.filter(({ type }) => type === 'SnapshotTaken')).toHaveLength(5)
  expect(
    found.filter(
      (event) =>
        event.type === 'AccessDenied' && event.needs === 'baseline.set' && event.rules?.[0] === 'builtin-no-agent',
    ),
  ).toHaveLength(2)
  // A person has one set baselines that says so; it ends no notice.
  await bench.lab.clock.advance(1_000)
  const { alice: principal } = PEOPLE
  await whileTimePasses(bench.lab.clock, bench.front.acts.ask('run-schedule', { principal }, { schedule: 'moving' }))
  await until(bench, async () => (await records(bench)).at(-1)?.type === 'ScheduleFinished')
  const { baselines, ...others } = await standing(bench)
  expect(baselines.map(([name, by]) => [name, by?.startsWith('moving-')])).toEqual([
    ['leaf1', true],
    ['leaf2', true],
  ])
  expect(others).toEqual({ left: ['x1', 'x2'], drifted: ['leaf1'] })
})
