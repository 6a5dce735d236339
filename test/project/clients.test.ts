// @module-tag long

import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { readState } from '../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { OutageError } from '../../src/change/record/store/journal.ts'
import { type QuestionWrapper, questionsOf } from '../../src/change/record/store/questions.ts'
import { openEngineThread } from '../../src/doors/http/act/engine-thread.ts'
import type { ActName } from '../../src/doors/http/request/act-input.ts'
import type { Device, Transport } from '../../src/eos/device/device.ts'
import { runDue } from '../../src/features/schedule/perform-schedule.ts'
import { silentConsole } from '../../src/lab/trial/trial-app.ts'
import { localDispatcher } from '../../src/project/app/dispatch/open-dispatcher.ts'
import { dispatchTo } from '../../src/project/app/dispatch/worker-dispatch.ts'
import { decideAs } from '../../src/project/approval/decide.ts'
import { beginChange, planChange } from '../../src/project/execution/begin/begin-change.ts'
import { putBack } from '../../src/project/execution/begin/put-back.ts'
import { drive, undriven } from '../../src/project/execution/resume/drive.ts'
import { redrive, resume } from '../../src/project/execution/resume/resume.ts'
import { carryOut } from '../../src/project/execution/run/carry-out.ts'
import { stop, stopEveryOpen, stopped } from '../../src/project/execution/stop/stop.ts'
import { rested } from '../../src/project/execution/stop/suspending.ts'
import { settledPlan } from '../../src/project/history/plans/settled-plan.ts'
import { untilSettled } from '../../src/project/history/watch/watch.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import {
  type App,
  appOf,
  appWith,
  type Lab,
  type LabOptions,
  openLab,
  personNamed,
  preparedIn,
  seamsOf,
  typeOn,
  whileTimePasses,
  withConnects,
  workflowFor,
} from '../lab/lab.ts'

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

const alice = personNamed('alice', async () => true)
const worker = personNamed('worker')

const ONLY_PLANS = `version: 1
rules:
  - { id: look, allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan], to: ["kind:person"] }
`

const MOVED = 'leaf2 has moved on since: -vlan 998 / name TESTED; +vlan 998 / name THEIRS'

/** What somebody hears who watches, and never leaves. */
const UNHEARD = { stop: new AbortController().signal, seen: () => undefined, left: () => undefined }

/** Every switch that a client has asked for a connection in the test that runs. */
const opened: string[] = []

afterEach(() => {
  // Whatever becomes of an act: a client has no way to a switch.
  expect(opened.splice(0)).toEqual([])
})

type Made = Awaited<ReturnType<typeof beginChange | typeof putBack>>

function begunIn(made: Made) {
  if (made.kind !== 'begun') throw new Error('nothing was begun')
  return made.state
}

/** A store, a client that reaches no switch, and a worker that reaches all, each of which may have its clock ahead. */
class Team {
  lab!: Lab
  client!: App
  readonly set = { client: 0, worker: 0 }
  /** How each driving by the worker has ended. */
  readonly driven: string[] = []
  readonly told: string[] = []

  /** The application of a process that reaches the switches, and drives what it begins. */
  there!: App
  /** Has the worker begin. */
  work!: () => void

  static async of(options: LabOptions = {}, { settings = 'version: 1\n', workers = true, policy = '' } = {}) {
    const team = new Team()
    const lab = openLab({ targets: 'leaf1 or leaf2', ...options })
    team.lab = lab
    lab.write('eosflow.yaml', settings)
    if (policy !== '') lab.write('policy.yaml', policy)
    const seams = (ahead: () => number) => {
      const given = seamsOf(lab, options)
      const { clock } = given
      const now = () => clock.now() + ahead()
      return { ...given, clock: { now, monotonic: () => clock.monotonic(), sleep: clock.sleep.bind(clock) } }
    }
    const there = await appOf(lab, { seams: seams(() => team.set.worker) })
    const dispatcher = localDispatcher(lab.clock)
    const dispatch = dispatchTo(dispatcher, there.project, (_, error) => expect.fail(String(error)))
    const nowhere: Transport = {
      connect: async ({ name }) => {
        opened.push(name)
        throw new Error(`a client has asked ${name}`)
      },
    }
    const clients = { ...seams(() => team.set.client), transport: () => nowhere }
    team.client = { ...(await appOf(lab, { seams: clients })), dispatch }
    const app = appWith(there, { dispatch })
    const caller: Caller = { ...worker, tell: (text) => void team.told.push(text) }
    team.there = there
    team.work = () =>
      void dispatcher.work(['default'], 4, async ({ execution }) => {
        team.driven.push(await drive(app, caller, execution).catch((error: unknown) => String(error)))
      })
    if (workers) team.work()
    return team
  }

  prepared() {
    return preparedIn(this.client)
  }

  /** Begins the change as a person who does not wait for it; gives it as it rests, before its approval. */
  async detached() {
    const made = await beginChange(this.client, alice, { prepared: this.prepared() })
    return this.ended(carryOut(this.client, personNamed('alice'), begunIn(made), { detach: true }))
  }

  async changed() {
    return this.carried(beginChange(this.client, alice, { prepared: this.prepared() }))
  }

  /** How what is begun ends, whoever begins it waiting for it. */
  async carried(work: Promise<Made>) {
    return this.ended(carryOut(this.client, alice, begunIn(await this.passing(work)), {}))
  }

  async passing<T>(work: Promise<T>): Promise<T> {
    return whileTimePasses(this.lab.clock, work)
  }

  async ended(work: Promise<ExecutionState | undefined>) {
    const state = await this.passing(work)
    if (state === undefined) throw new Error('nobody has waited for it')
    return state
  }

  /** Decides about what an execution waits for. */
  async decide(state: ExecutionState, decision: 'approve' | 'reject') {
    const plan = await settledPlan(this.client, state, false)
    if (plan === undefined) throw new Error('there is no plan')
    await this.passing(decideAs(this.client, personNamed('bob'), plan, { decision, comment: '' }))
  }

  async state(id: string) {
    return readState(this.client.store, id)
  }

  /** How it ends or rests, as somebody sees it who watches. */
  watched(id: string) {
    return this.ended(untilSettled(this.client, id, UNHEARD))
  }

  where() {
    return ['leaf1', 'leaf2'].map((name) => this.lab.whereIs(name))
  }
}

describe('who watches waits for a store that is away, as who drives does', () => {
  /** A client whose store is away from its first question on, for so many seconds. */
  function away(team: Team, seconds: number) {
    const { clock } = team.lab
    const begun = clock.monotonic()
    let refused = 0
    const ask: QuestionWrapper =
      (question) =>
      async (...given) => {
        if (clock.monotonic() - begun < seconds * 1_000) {
          refused += 1
          throw new OutageError('the store cannot be reached')
        }
        return question(...given)
      }
    const { store, claims } = team.client
    const asked = { ...questionsOf(store, ask), as: store.as.bind(store), close: async () => undefined }
    const client = {
      ...team.client,
      store: asked,
      claims: { ...claims, isClaimed: ask((id: string) => claims.isClaimed(id)) },
    }
    return { client, refused: () => refused }
  }

  async function begun(team: Team) {
    const state = await team.detached()
    await team.decide(state, 'approve')
    return state
  }

  test.each(['run', 'watch', 'stop', 'suspend'] as const)(
    '[W6] %s: for a minute',
    { tags: 'long' },
    async (command) => {
      const team = await Team.of()
      const state = await begun(team)
      const { client, refused } = away(team, 60)
      const { seq } = await team.client.store.head()
      const asked = cursorBehind({ seq })
      const ann = personNamed('alice')
      const watching = {
        run: () => carryOut(client, ann, state, { detach: true }),
        watch: () => untilSettled(client, state.id, UNHEARD),
        stop: () => stopped(client, ann, state, { asked, at: client.clock.monotonic(), reason: 'x' }, () => undefined),
        suspend: () => rested(client, ann, state, asked, () => undefined),
      }[command]
      expect(await team.ended(watching())).toMatchObject({ status: 'ended', outcome: 'succeeded' })
      expect(refused()).toBeGreaterThan(30)
    },
  )

  test.each(['run', 'watch'])('[W6] %s: not for an hour; it ends, and the execution goes on', async (command) => {
    const team = await Team.of()
    const state = await begun(team)
    const { client, refused } = away(team, 3_600)
    const before = team.lab.clock.monotonic()
    const watching =
      command === 'run'
        ? carryOut(client, personNamed('alice'), state, { detach: true })
        : untilSettled(client, state.id, UNHEARD)
    expect(await team.passing(watching)).toBe(undefined)
    const seconds = (team.lab.clock.monotonic() - before) / 1_000
    expect(seconds).toBeGreaterThanOrEqual(300)
    expect(seconds).toBeLessThan(330)
    expect(refused()).toBeGreaterThan(250)
    expect(await team.state(state.id)).toMatchObject({ status: 'ended', outcome: 'succeeded' })
  })
})

describe('where workers drive, a client asks no switch', { tags: 'turn' }, () => {
  test.each([
    ['approve', 'succeeded', 'AFTER'],
    ['reject', 'refused', 'BEFORE'],
  ] as const)('run --detach, %s and watch: %s', async (decision, outcome, where) => {
    const team = await Team.of()
    const state = await team.detached()
    expect(state).toMatchObject({ status: 'running', plan: { waves: [['leaf1'], ['leaf2']] } })
    await team.decide(state, decision)
    expect(await team.watched(state.id)).toMatchObject({ outcome })
    expect(team.where()).toEqual([where, where])
  })

  test('stop and stop --all', async () => {
    const team = await Team.of()
    const [one, two] = [await team.detached(), await team.detached()]
    const stopped = stop(team.client, alice, { execution: one.id, reason: 'wrong' }, () => () => undefined)
    expect(await team.passing(stopped)).toMatchObject({ kind: 'stopped' })
    const all = stopEveryOpen(team.client, alice, { reason: 'all', restored: false }, () => undefined)
    expect(await team.passing(all)).toBe(1)
    expect([await team.state(one.id), await team.state(two.id)]).toMatchObject([
      { outcome: 'cancelled' },
      { outcome: 'cancelled' },
    ])
  })

  test('plan: a worker makes it, and it is the plan of a client that reaches the switches', async () => {
    const team = await Team.of()
    const seen: JournalEvent[] = []
    const caller: Caller = {
      ...personNamed('alice'),
      watch: () => ({ written: (events) => void seen.push(...events), close: () => undefined }),
    }
    const asked = { prepared: team.prepared(), skipUnreachable: false }
    const planned = await team.passing(planChange(team.client, caller, asked))
    expect([team.driven, planned.plan?.content.waves]).toEqual([['ended'], [['leaf1'], ['leaf2']]])
    expect(seen.map(({ type }) => type)).toContain('PlanMade')
    const here = await team.passing(planChange(team.there, caller, asked))
    expect(here.plan?.digest).toBe(planned.plan?.digest)
  })

  test('plan: whoever waits no longer leaves it to the workers, and hears where nobody serves its site', async () => {
    const team = await Team.of({}, { workers: false })
    const told: string[] = []
    const leaves = new AbortController()
    const caller: Caller = { ...personNamed('alice'), stop: leaves.signal, tell: (text) => void told.push(text) }
    const asked = { prepared: team.prepared(), skipUnreachable: false }
    const planning = planChange(team.client, caller, asked)
    await team.passing(expect.poll(() => told.length, { timeout: 20_000 }).toBe(1))
    leaves.abort()
    const planned = await team.passing(planning)
    if (planned.plan !== undefined) throw new Error('nobody could make it')
    const { id } = planned.state
    expect(planned).toMatchObject({ isLeft: true, state: { purpose: 'plan', sites: { own: 'default' } } })
    expect(told).toEqual([`no worker drives ${id} at present; it is on record, and goes on with the next one\n`])
    // Its message may be lost: the workers find it as they find a change.
    expect(await undriven(team.client, () => undefined)).toMatchObject([{ id }])
    team.work()
    await team.passing(expect.poll(() => team.driven, { timeout: 20_000 }).toEqual(['ended']))
    expect(await team.state(id)).toMatchObject({ outcome: 'planned' })
  })

  test('plan: whoever may only plan has a worker make the plan', async () => {
    const team = await Team.of({}, { policy: ONLY_PLANS })
    const asked = { prepared: team.prepared(), skipUnreachable: false }
    const planned = await team.passing(planChange(team.client, personNamed('alice'), asked))
    expect([team.driven, planned.plan?.content.waves]).toEqual([['ended'], [['leaf1'], ['leaf2']]])
    await expect(beginChange(team.client, alice, asked)).rejects.toThrow(/execution.start/)
  })

  describe('rollback', () => {
    const SUCCEEDED = { outcome: 'succeeded' }
    const STALE = { outcome: 'refused', compensation: { error: { kind: 'stale', message: MOVED } } }
    const GONE = ['no vlan 998']

    /** What was typed since on which switch, how the rollback ends, where both are then, and how often each was committed. */
    test.each<readonly [string, Readonly<Record<string, readonly string[]>>, object, string, readonly number[]]>([
      ['as the change has left both', {}, SUCCEEDED, 'BEFORE', [2, 2]],
      ['one of which is back', { leaf2: GONE }, SUCCEEDED, 'BEFORE', [2, 1]],
      ['with a vlan of others', { leaf2: ['vlan 997', 'name X'] }, SUCCEEDED, 'BEFORE', [2, 2]],
      ['one of which was altered', { leaf2: ['vlan 998', 'name THEIRS'] }, STALE, 'AFTER', [1, 1]],
      [
        'both of which are back',
        { leaf1: GONE, leaf2: GONE },
        { outcome: 'nothing-to-do', plan: { waves: [] } },
        'BEFORE',
        [1, 1],
      ],
    ])('of two switches, %s', { tags: ['long', 'turn'] }, async (_, typed, end, where, commits) => {
      const team = await Team.of()
      const { id } = await team.changed()
      for (const [at, lines] of Object.entries(typed))
        await typeOn(team.lab.device(at), 'configure', ...lines, 'end', 'copy running-config startup-config')
      expect(await team.carried(putBack(team.client, alice, { execution: id, target: undefined }))).toMatchObject(end)
      expect([team.where(), commitsOf(team)]).toEqual([[where, where], commits])
      const isTheirs = team.lab.running('leaf2').includes('vlan 997\n   name X\n')
      expect(isTheirs).toBe(typed.leaf2?.[0] === 'vlan 997')
    })
  })

  test.each(['plan', 'rehearse'])('a schedule that is started by hand: %s', async (does) => {
    const settings = `version: 1
schedules:
  - { name: nightly, cron: '0 2 * * *', tz: UTC, do: ${does}, workflow: workflow.yaml }
`
    const team = await Team.of({}, { settings })
    const rehearsed: string[] = []
    const rehearse: Parameters<typeof runDue>[2]['rehearse'] = async (plan) => {
      rehearsed.push(plan.digest)
      return { cells: [] } as never
    }
    await team.passing(runDue(team.client, alice, { name: 'nightly', rehearse }))
    const [id = ''] = await team.client.store.executionIds()
    const state = await team.watched(id)
    expect(state.plan?.waves).toEqual([['leaf1'], ['leaf2']])
    expect(rehearsed).toEqual(does === 'rehearse' ? [state.plan?.digest] : [])
  })

  test('redrive', async () => {
    const verify = '{ within: 10s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [999] } }] }'
    const team = await Team.of({ workflow: workflowFor('leaf1 or leaf2', { verify }) })
    const { id, outcome } = await team.changed()
    expect(outcome).toBe('rolled-back')
    const again = await team.passing(redrive(team.client, alice, id))
    expect(await team.ended(carryOut(team.client, alice, again, {}))).toMatchObject({ outcome: 'rolled-back' })
    expect((await team.client.store.read(id)).filter(({ type }) => type === 'ExecutionRedriven')).toHaveLength(1)
  })
})

describe('where workers drive, no act of a server or of an agent asks a switch', { tags: 'turn' }, () => {
  const asked = async (team: Team) => {
    const room = openEngineThread({
      app: team.client,
      console: silentConsole(),
      most: 4,
      failed: (what, error) => expect.fail(`${what}: ${String(error)}`),
      rehearse: () => new Promise(() => undefined),
      served: { add: () => undefined, forget: () => undefined, ids: () => [] } as never,
    })
    onTestFinished(async () => void (await team.passing(room.end(AbortSignal.timeout(5000)))))
    return (act: ActName, input: object) =>
      team.passing(room.ask(act, { principal: alice.principal }, input)) as Promise<{
        readonly execution: string
      }>
  }
  const change = { workflow: 'workflow.yaml' }

  test('plan, start-plan, decide and rollback', async () => {
    const team = await Team.of()
    const ask = await asked(team)
    const planned = await ask('plan', change)
    const { outcome, plan } = await team.watched(planned.execution)
    expect(outcome).toBe('planned')
    const { execution } = await ask('start-plan', { plan: plan?.digest })
    await team.watched(execution)
    await ask('decide', { plan: plan?.digest, decision: 'approve' })
    expect(await team.watched(execution)).toMatchObject({ outcome: 'succeeded' })
    const back = await ask('rollback', { execution })
    expect(await team.watched(back.execution)).toMatchObject({ plan: { waves: [['leaf1'], ['leaf2']] } })
  })

  test('start, suspend, resume and stop', async () => {
    const team = await Team.of()
    const ask = await asked(team)
    const { execution } = await ask('start', change)
    await team.watched(execution)
    await ask('suspend', { execution, reason: 'lunch' })
    await ask('resume', { execution })
    await team.watched(execution)
    await ask('stop', { execution, reason: 'wrong' })
    expect(await team.watched(execution)).toMatchObject({ outcome: 'cancelled' })
  })
})

describe('the worker that takes a change up asks its switches for their time', () => {
  test('where most of them say otherwise it rests with the reason on record, and nothing is armed', async () => {
    const team = await Team.of()
    // Their machines have the time of the database, which is wrong.
    Object.assign(team.set, { client: YEAR, worker: YEAR })
    const state = await team.changed()
    expect([state.status, state.plan, team.driven]).toEqual(['running', undefined, ['for-a-person']])
    const asked = await team.client.store.suspendRequest(state.id, cursorBehind(undefined))
    expect(asked?.reason).toMatch(
      /^no worker can go on with it: this machine's clock says 2027-01-05T08:\S+Z, and 2 of the 2 switches that told their time say otherwise: leaf1: its clock is 365 days behind this machine's; leaf2: [^;.]*$/,
    )
    expect(commitsOf(team)).toEqual([0, 0])
  })

  test('also before it pushes what was approved meanwhile; once the clock is right, whoever resumes it has it go on', {
    tags: ['long', 'turn'],
  }, async () => {
    const team = await Team.of()
    const state = await team.detached()
    team.set.worker = HOUR
    await team.decide(state, 'approve')
    await team.watched(state.id)
    expect([team.driven, commitsOf(team)]).toEqual([
      ['rests', 'for-a-person'],
      [0, 0],
    ])
    team.set.worker = 0
    expect(await team.ended(resume(team.client, alice, state.id, {}))).toMatchObject({ outcome: 'succeeded' })
  })

  test('one switch that is off is a warning in the log of the worker', { tags: ['long', 'turn'] }, async () => {
    const seams = withConnects({
      device: (device, target) => {
        if (target.name !== 'leaf2') return device
        const look: Device['look'] = async (commands) => {
          const seen = await device.look(commands)
          return { ...seen, epoch: seen.epoch - HOUR / 1000 }
        }
        return new Proxy(device, {
          get: (inside, name: keyof Device) => {
            const member = name === 'look' ? look : inside[name]
            return typeof member === 'function' ? member.bind(inside) : member
          },
        })
      },
    })
    const team = await Team.of({ workflow: workflowFor('leaf1 or leaf2 or leaf3'), seams })
    const { id, plan } = await team.detached()
    expect(plan).toBeDefined()
    expect(team.told).toContain(`${id}: ! leaf2: its clock is 1h behind this machine's\n`)
  })
})

const commitsOf = ({ lab }: Team) => ['leaf1', 'leaf2'].map((name) => lab.commits(name).timed)
