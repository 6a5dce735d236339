import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Caller } from '../../src/app/caller.ts'
import { begin } from '../../src/app/execution/begin.ts'
import { carryOut } from '../../src/app/execution/carry-out.ts'
import { drive, sendFor, undriven } from '../../src/app/execution/drive.ts'
import { seenExecution } from '../../src/app/execution/execution-view.ts'
import { isDue } from '../../src/app/execution/is-due.ts'
import { redrive } from '../../src/app/execution/redrive.ts'
import { resumeHere } from '../../src/app/execution/run.ts'
import { stop } from '../../src/app/execution/stop.ts'
import { askToStop } from '../../src/app/execution/stop-asked.ts'
import { listenForStop } from '../../src/app/execution/stop-control.ts'
import { suspend } from '../../src/app/execution/suspend.ts'
import { askToRest } from '../../src/app/execution/suspending.ts'
import { takeUp } from '../../src/app/execution/take-up.ts'
import { InputError } from '../../src/app/input-error.ts'
import type { SharedStore } from '../../src/app/project/project-store.ts'
import { listWorkers } from '../../src/app/workers/list-workers.ts'
import { deathsInARow, isPoison } from '../../src/app/workers/poison.ts'
import { dispatchTo } from '../../src/app/workers/worker-dispatch.ts'
import { localDispatcher } from '../../src/dispatch/local-dispatcher.ts'
import { foldAll } from '../../src/engine/fold.ts'
import { cursorBehind } from '../../src/journal/cursor.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import { OutageError } from '../../src/journal/outage.ts'
import type { Workers } from '../../src/journal/workers.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { storedPlan } from '../../src/plan/stored-plan.ts'
import { workersJson, workersText } from '../../src/report/workers.ts'
import { journalled, started } from '../engine/machine.ts'
import { appWith } from '../lab/app-with.ts'
import { appOf, personNamed, preparedIn } from '../lab/application.ts'
import { aroundAppends } from '../lab/around.ts'
import { type Lab, openLab, whileTimePasses } from '../lab/lab.ts'
import { partOf } from '../lab/part-of.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')
const worker = personNamed('worker')

const beginHere = (app: App) => begin(app, alice, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })

async function planOf(app: App, id: string): Promise<Plan> {
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  return readRecordedPlan(await storedPlan(app.store, made?.plan ?? ''))
}

const count = async (app: App, id: string): Promise<number> => (await app.store.read(id)).length

/** The application of a lab that posts executions, the same as it is without that, and who carries what is posted. */
async function dispatching(lab: Lab) {
  const there = await appOf(lab)
  const dispatcher = localDispatcher(lab.clock)
  const dispatch = dispatchTo(dispatcher, there.project, (_, error) => expect.fail(String(error)))
  const app = appWith(there, { dispatch })
  return { app, there, dispatcher }
}

test('a duplicate, a late and a last activation do nothing: what there is to do is on record', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  const driven = () => whileTimePasses(lab.clock, drive(app, worker, id))
  expect((await undriven(app, () => undefined)).map((one) => one.id)).toEqual([id])
  expect(await driven()).toBe('rests')
  expect(await undriven(app, () => undefined)).toEqual([])
  const rested = await count(app, id)
  expect(await driven()).toBe('rests')
  expect(await count(app, id)).toBe(rested)
  await decideAs(app, bob, await planOf(app, id), { decision: 'approve', comment: '' })
  expect((await undriven(app, () => undefined)).map((one) => one.id)).toEqual([id])
  expect(await driven()).toBe('ended')
  const ended = await count(app, id)
  expect(await driven()).toBe('ended')
  expect(await count(app, id)).toBe(ended)
  expect((await app.store.read(id)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
  expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
})

test('two that drive one execution at the same moment: one does, and the switch is committed once', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  await whileTimePasses(lab.clock, drive(app, worker, id))
  await decideAs(app, bob, await planOf(app, id), { decision: 'approve', comment: '' })
  const ends = await whileTimePasses(
    lab.clock,
    Promise.all([drive(app, worker, id), drive(app, worker, id), drive(app, worker, id)]),
  )
  expect(ends.toSorted()).toEqual(['elsewhere', 'elsewhere', 'ended'])
  expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
})

test('an approval that comes while an execution is about to rest is heard by whoever drives it, before they leave it', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  const approved: string[] = []
  const hurried = aroundAppends({
    behind: async (written) => {
      if (approved.length > 0 || !written.some(({ type }) => type === 'TaskWaiting')) return
      approved.push('bob')
      // Nobody is posted for it: whoever drives the execution has the claim of it still.
      await decideAs(app, bob, await planOf(app, id), { decision: 'approve', comment: '' })
    },
  })
  const hasty = appWith(app, { journalAs: (actor) => hurried(app.journalAs(actor)) })
  expect([await whileTimePasses(lab.clock, drive(hasty, worker, id)), approved]).toEqual(['ended', ['bob']])
  expect((await app.store.read(id)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
})

test('a worker that takes an execution up while the store goes away waits for its answer, and drives it then', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  let asked = 0
  const forgetful = appWith(app, {
    journalAs: (actor) => {
      const journal = app.journalAs(actor)
      return {
        ...journal,
        read: (execution) => journal.read(execution),
        append: async (execution, events, after, again) => {
          if (again !== undefined) {
            asked += 1
            if (asked < 3) throw new OutageError('away', { doubt: again.write })
            return (await journal.read(id)).slice(-1)
          }
          const written = await journal.append(execution, events, after)
          // It is written, and its answer is lost.
          if (events[0]?.type === 'ExecutionResumed') throw new OutageError('away', { doubt: { after: 1, hash: 'ab' } })
          return written
        },
      }
    },
  })
  expect(await whileTimePasses(lab.clock, drive(forgetful, worker, id))).toBe('rests')
  expect(asked).toBe(3)
  const types = (await app.store.read(id)).map(({ type }) => type)
  expect(types.filter((type) => type === 'ExecutionResumed')).toHaveLength(1)
  expect(types).toContain('PlanMade')
})

test('one that somebody has stopped is put back, and one that somebody has had rest is left', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const [{ id: stopped }, { id: left }] = [await beginHere(app), await beginHere(app)]
  await askToStop(app, alice, [stopped], { reason: 'the window is over' })
  expect(await whileTimePasses(lab.clock, drive(app, worker, stopped))).toBe('ended')
  expect((await app.store.read(stopped)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'cancelled' })
  await whileTimePasses(
    lab.clock,
    suspend(app, alice, { execution: left, reason: 'lunch' }, () => () => undefined),
  )
  const before = await count(app, left)
  expect(await whileTimePasses(lab.clock, drive(app, worker, left))).toBe('rests')
  expect(await count(app, left)).toBe(before)
})

test('a word to stop is heard though whoever took the execution up for it died before it said so, and not by whom a person has gone on', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const [{ id: stopped }, { id: resumed }] = [await beginHere(app), await beginHere(app)]
  await askToStop(app, alice, [stopped, resumed], { reason: 'the window is over' })
  // A worker that has taken it up, and was killed behind that record.
  await takeUp(app, worker, stopped, 'ExecutionResumed', { byItself: true })
  expect(await whileTimePasses(lab.clock, drive(app, worker, stopped))).toBe('ended')
  expect((await app.store.read(stopped)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'cancelled' })
  // Bob knows of the word, and has it go on.
  await takeUp(app, bob, resumed, 'ExecutionResumed')
  expect(await whileTimePasses(lab.clock, drive(app, worker, resumed))).toBe('rests')
  expect((await app.store.read(resumed)).map(({ type }) => type)).toContain('PlanMade')
})

test('a word to rest is heard though a process has taken the execution up by itself since, and not by whom a person has gone on', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const [{ id: left }, { id: resumed }] = [await beginHere(app), await beginHere(app)]
  for (const id of [left, resumed])
    await whileTimePasses(
      lab.clock,
      suspend(app, alice, { execution: id, reason: 'lunch' }, () => () => undefined),
    )
  // A worker that has taken it up for a switch that was live, and was killed behind that record.
  await takeUp(app, worker, left, 'ExecutionResumed', { byItself: true })
  expect(await whileTimePasses(lab.clock, drive(app, worker, left))).toBe('rests')
  expect((await app.store.read(left)).map(({ type }) => type)).toEqual(['ExecutionStarted', 'ExecutionResumed'])
  await takeUp(app, bob, resumed, 'ExecutionResumed')
  expect(await whileTimePasses(lab.clock, drive(app, worker, resumed))).toBe('rests')
  expect((await app.store.read(resumed)).map(({ type }) => type)).toContain('PlanMade')
})

test('a word to stop that is sent while an execution is taken up is heard by who runs it', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  await askToStop(app, alice, [id], { reason: 'wrong switch' })
  const taken = await takeUp(app, worker, id, 'ExecutionResumed', { byItself: true })
  const word = await listenForStop(app, taken, worker, new AbortController().signal)
  onTestFinished(() => word.close())
  await new Promise<void>((heard) => word.signal.addEventListener('abort', () => heard()))
  expect(word.signal.aborted).toBe(true)
})

test('a word to rest from before is heard by who runs an execution that it has taken up by itself', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  await askToRest(app, alice, id, { reason: 'shift ends' })
  const taken = await takeUp(app, worker, id, 'ExecutionResumed', { byItself: true })
  const word = await listenForStop(app, taken, worker, new AbortController().signal)
  onTestFinished(() => word.close())
  await new Promise<void>((heard) => word.suspend.addEventListener('abort', () => heard()))
  expect([word.suspend.aborted, word.signal.aborted]).toEqual([true, false])
})

test('whoever stops an execution that no worker drives is told so, and the word is on record for the next one', async () => {
  const lab = openLab()
  const { app, there, dispatcher } = await dispatching(lab)
  const { id } = await beginHere(app)
  const told: string[] = []
  const leaves = new AbortController()
  const caller: Caller = { ...alice, stop: leaves.signal, tell: (text) => void told.push(text) }
  const stopping = stop(app, caller, { execution: id, reason: 'wrong switch' }, () => () => undefined)
  await whileTimePasses(
    lab.clock,
    expect.poll(() => told.some((text) => text.includes('no worker drives')), { timeout: 20_000 }).toBe(true),
  )
  await dispatcher.work(['default'], 2, async ({ execution }) => void (await drive(there, worker, execution)))
  expect((await whileTimePasses(lab.clock, stopping)).kind).toBe('stopped')
  expect((await app.store.read(id)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'cancelled' })
})

test('one that no worker can go on with rests for a person, with the reason on record', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  rmSync(join(lab.dir, 'workflow.yaml'))
  expect(await whileTimePasses(lab.clock, drive(app, worker, id))).toBe('for-a-person')
  const word = await app.store.suspendRequest(id, cursorBehind(undefined))
  expect(word?.reason).toMatch(/^no worker can go on with it: /)
  expect(await whileTimePasses(lab.clock, drive(app, worker, id))).toBe('rests')
})

/** An execution whose process has died right behind the record that the timed commit of leaf1 was answered. */
async function armed(lab: Lab): Promise<string> {
  const app = await appOf(lab)
  const { id } = await beginHere(app)
  await whileTimePasses(lab.clock, drive(app, worker, id))
  await decideAs(app, bob, await planOf(app, id), { decision: 'approve', comment: '' })
  let isDead = false
  const killed = aroundAppends({
    before: () => {
      if (isDead) throw new Error('this process was killed')
    },
    behind: (written) => {
      isDead = written.some((event) => event.type === 'ActFinished' && event.act === 'arm')
    },
  })
  const dying = appWith(app, { journalAs: (actor) => killed(app.journalAs(actor)) })
  await expect(whileTimePasses(lab.clock, drive(dying, worker, id))).rejects.toThrow('this process was killed')
  expect(lab.fabric.device('leaf1').switch.sessions.timer).toBeDefined()
  return id
}

test('[P20] one that is live is tried again and never left to a person, whatever a worker lacks to go on with it', async () => {
  const lab = openLab()
  const id = await armed(lab)
  const inventory = readFileSync(join(lab.dir, 'inventory.yaml'), 'utf8')
  lab.write('inventory.yaml', 'devices: [')
  const lacking = await appOf(lab)
  await expect(whileTimePasses(lab.clock, drive(lacking, worker, id))).rejects.toBeInstanceOf(InputError)
  expect(await lacking.store.suspendRequest(id, cursorBehind(undefined))).toBeUndefined()
  lab.write('inventory.yaml', inventory)
  expect(await whileTimePasses(lab.clock, drive(await appOf(lab), worker, id))).toBe('ended')
  expect(lab.fabric.device('leaf1').switch.sessions.timer).toBeUndefined()
})

test('[P20] one that is live goes on though somebody has had it rest: no timer runs out for that', async () => {
  const lab = openLab()
  const id = await armed(lab)
  const app = await appOf(lab)
  await askToRest(app, alice, id, { reason: 'shift ends' })
  await whileTimePasses(lab.clock, drive(app, worker, id))
  const { switch: leaf1 } = lab.fabric.device('leaf1')
  expect(leaf1.sessions.timer).toBeUndefined()
  expect((await app.store.read(id)).some((event) => event.type === 'ActFinished' && event.act === 'save')).toBe(true)
})

test('[W4] after five dead workers in a row a person goes on with it, and then workers do again', async () => {
  const lab = openLab()
  const app: App = { ...(await appOf(lab)), shared: { workers: DEAD } as SharedStore }
  const { id } = await beginHere(app)
  for (let deaths = 0; deaths < 5; deaths += 1) {
    const { seq = 0 } = (await app.store.read(id)).at(-1) ?? {}
    await app.journalAs(alice.principal).append(id, [{ type: 'ExecutionResumed', ownerDied: true }], seq)
  }
  const events = await app.store.read(id)
  expect([deathsInARow(events), isPoison(events)]).toEqual([5, true])
  expect(await drive(app, worker, id)).toBe('for-a-person')
  expect(await count(app, id)).toBe(6)
  expect(await undriven(app, () => undefined)).toEqual([])
  expect((await whileTimePasses(lab.clock, resumeHere(app, alice, id, { detach: true }))).status).toBe('running')
  expect(isPoison(await app.store.read(id))).toBe(false)
})

test('[W4] nobody is sent for one that kills its workers, in no term, until somebody has it stopped', async () => {
  const lab = openLab()
  const posted: string[] = []
  const app: App = {
    ...(await appOf(lab)),
    shared: { workers: DEAD } as SharedStore,
    dispatch: { post: async ({ id }, { why }) => void posted.push(`${id} ${why}`) },
  }
  const four = await killing(app, 4)
  await sendFor(app, { execution: four, token: 5 }, 1)
  expect(posted).toEqual([`${four} owner-died`])
  await diedAgain(app, four)
  for (const term of [2, 3, 4]) await sendFor(app, { execution: four, token: 6 }, term)
  expect(posted).toHaveLength(1)
  await app.journalAs(alice.principal).append(undefined, [{ type: 'StopRequested', stopped: four, reason: 'enough' }])
  await sendFor(app, { execution: four, token: 6 }, 5)
  expect(posted).toEqual([`${four} owner-died`, `${four} owner-died`])
})

/** An execution with which so many workers in a row have died. */
async function killing(app: App, deaths = 5): Promise<string> {
  const { id } = await beginHere(app)
  for (let died = 0; died < deaths; died += 1) await diedAgain(app, id)
  return id
}

async function diedAgain(app: App, id: string): Promise<void> {
  const { seq = 0 } = (await app.store.read(id)).at(-1) ?? {}
  await app.journalAs(alice.principal).append(id, [{ type: 'ExecutionResumed', byItself: true, ownerDied: true }], seq)
}

const DEAD = partOf<Workers>({
  own: 'client',
  list: async () => [],
  hasDied: async () => true,
  leave: async () => undefined,
  onlyWatch: async () => undefined,
  serve: async () => undefined,
  listen: () => () => undefined,
})

test('a word to stop one that kills its workers is driven, five times more, and then again where somebody says it again', async () => {
  const lab = openLab()
  const app: App = { ...(await appOf(lab)), shared: { workers: DEAD } as SharedStore }
  const id = await killing(app)
  const left = async () => (await undriven(app, () => undefined)).map((one) => one.id)
  expect(await left()).toEqual([])
  await askToStop(app, alice, [id], { reason: 'the window is over' })
  for (let died = 0; died < 4; died += 1) await diedAgain(app, id)
  expect(await left()).toEqual([id])
  await diedAgain(app, id)
  expect([await left(), await drive(app, worker, id)]).toEqual([[], 'for-a-person'])
  await askToStop(app, alice, [id], { reason: 'once more' })
  expect(await left()).toEqual([id])
  expect(await whileTimePasses(lab.clock, drive(app, worker, id))).toBe('ended')
  const records = await app.store.read(id)
  expect(records.at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'cancelled' })
  // Whoever has taken it up for the word has said that the one before died: else nobody would count.
  expect(deathsInARow(records)).toBe(11)
})

test('`show` and `workers` say that nobody takes up one that kills its workers, and what a person can do', async () => {
  const lab = openLab()
  const app: App = { ...(await appOf(lab)), shared: { workers: DEAD } as SharedStore }
  const [id, healthy] = [await killing(app), await killing(app, 4)]
  const headline = async (one: string): Promise<string> => (await seenExecution(app, one)).view.headline
  const words = `no worker takes ${id} up, 5 in a row died while they drove it: \`eosflow resume ${id}\` tries it once more, \`eosflow stop ${id}\` puts everything back`
  expect(await headline(id)).toContain(words)
  expect(await headline(healthy)).not.toContain('takes')
  const listing = await listWorkers(app, alice)
  expect(
    workersText(listing)
      .split('\n')
      .filter((line) => line.includes('takes')),
  ).toEqual([`! ${words}`])
  expect(workersJson(listing)).toMatchObject({ leftAlone: [{ execution: id, deaths: 5, isBeingPutBack: false }] })
  // Where somebody has had it stop, the next worker does that.
  await askToStop(app, alice, [id], { reason: 'the window is over' })
  expect([await headline(id), (await listWorkers(app, alice)).leftAlone]).toEqual([
    expect.not.stringContaining('takes'),
    [],
  ])
})

test('whoever asks watches a worker, approves at the own terminal, and sees the end from the record', async () => {
  const lab = openLab()
  const { app, there, dispatcher } = await dispatching(lab)
  const ends: string[] = []
  await dispatcher.work(['default'], 2, async ({ execution }) => void ends.push(await drive(there, worker, execution)))
  const seen: JournalEvent[] = []
  const reviewed: string[] = []
  const caller: Caller = {
    ...personNamed('alice', async (plan) => {
      reviewed.push(plan.digest)
      return true
    }),
    watch: () => ({ written: (events) => void seen.push(...events), close: () => undefined }),
  }
  const begun = await beginHere(app)
  const ended = await whileTimePasses(lab.clock, carryOut(app, caller, begun, {}))
  expect(ended).toMatchObject({ status: 'ended', outcome: 'succeeded' })
  expect([reviewed, ends]).toEqual([[(await planOf(app, begun.id)).digest], ['rests', 'ended']])
  expect(seen).toEqual((await app.store.read(begun.id)).slice(1))
})

test('a no at the terminal is a rejection, and nothing was written', async () => {
  const lab = openLab()
  const { app, there, dispatcher } = await dispatching(lab)
  await dispatcher.work(['default'], 2, async ({ execution }) => void (await drive(there, worker, execution)))
  const ended = await whileTimePasses(
    lab.clock,
    carryOut(
      app,
      personNamed('alice', async () => false),
      await beginHere(app),
      {},
    ),
  )
  expect(ended).toMatchObject({ status: 'ended', outcome: 'refused' })
  expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
})

const ann: Caller = personNamed('ann')

/** An execution of a lab that was stopped before it had changed anything: nobody watches whoever has driven it. */
async function stoppedIn(lab: Lab, app: App): Promise<string> {
  const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  expect(await whileTimePasses(lab.clock, drive(app, ann, id))).toBe('ended')
  return id
}

test('[P20] what ended before the store was restored is not started again: what became of it since is on no record', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const id = await stoppedIn(lab, app)
  const { seq = 0 } = (await app.store.read(id)).at(-1) ?? {}
  const restored = vi.spyOn(app.store, 'restored')
  restored.mockResolvedValue({ seq: seq + 1 } as never)
  await expect(redrive(app, ann, id)).rejects.toThrow(`${id} ended before the store was restored`)
  restored.mockResolvedValue({ seq: seq - 1 } as never)
  expect((await redrive(app, ann, id).catch((error: Error) => error)) as object).not.toMatchObject({
    message: expect.stringContaining('before the store was restored'),
  })
})

test('[P20] nothing is due of an execution that has ended', async () => {
  const ended: EventBody = { type: 'ExecutionEnded', outcome: 'failed', devices: {} }
  const due = (...events: EventBody[]) => {
    const journal = journalled(started(['leaf1']), ...events)
    return isDue({ store: {} as App['store'] }, foldAll('20261120-000000-00c0ffee', journal), journal, 0)
  }
  expect([await due(), await due(ended)]).toEqual([true, false])
})

test('[P20] a word to stop that comes between the look and the taking up is heard, and no other refusal is passed over', async () => {
  const lab = openLab()
  for (const isStopped of [true, false]) {
    const app = await appOf(lab)
    const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
    let times = 0
    const journalAs: App['journalAs'] = (principal) => {
      const journal = app.journalAs(principal)
      const append: typeof journal.append = async (execution, events, ...more) => {
        if (events.some(({ type }) => type === 'ExecutionResumed')) {
          times += 1
          if (!isStopped && times === 1) throw new EosflowError('busy', 'the lease is taken')
          if (times === 1) await journal.append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
        }
        return journal.append(execution, events, ...more)
      }
      return { ...journal, append }
    }
    const driven = whileTimePasses(lab.clock, drive(appWith(app, { journalAs }), ann, id))
    if (isStopped) expect(await driven).toBe('ended')
    else await expect(driven).rejects.toThrow('the lease is taken')
    // Who stops it takes it up, too.
    expect(times).toBe(isStopped ? 2 : 1)
  }
})
