import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { foldAll } from '../../src/change/engine/fold.ts'
import { recordedPlan } from '../../src/change/plan/stored-plan.ts'
import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { OutageError } from '../../src/change/record/store/journal.ts'
import type { Workers } from '../../src/change/record/store/workers.ts'
import { EosflowError } from '../../src/model/error.ts'
import { localDispatcher } from '../../src/project/app/dispatch/open-dispatcher.ts'
import { deathsInARow, isPoison } from '../../src/project/app/dispatch/poison.ts'
import { dispatchTo } from '../../src/project/app/dispatch/worker-dispatch.ts'
import type { SharedStore } from '../../src/project/app/store/project-store.ts'
import { decideAs } from '../../src/project/approval/decide.ts'
import { begin } from '../../src/project/execution/journal/begin.ts'
import { drive, sendFor, undriven } from '../../src/project/execution/resume/drive.ts'
import { redrive } from '../../src/project/execution/resume/resume.ts'
import { carryOut } from '../../src/project/execution/run/carry-out.ts'
import { listenForStop, resumeHere, takeUp } from '../../src/project/execution/run/run.ts'
import { stop } from '../../src/project/execution/stop/stop.ts'
import { askToRest, suspend } from '../../src/project/execution/stop/suspending.ts'
import { isDue, seenExecution } from '../../src/project/history/execution-view.ts'
import { askToStop } from '../../src/project/history/requests/stop-asked.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { InputError } from '../../src/project/system/process/input-error.ts'
import { listWorkers } from '../../src/project/worker/drain-worker.ts'
import { workersJson, workersText } from '../../src/report/phrases/workers.ts'
import { journalled, started } from '../change/engine/machine.ts'
import {
  type App,
  appOf,
  appWith,
  aroundAppends,
  type Lab,
  openLab,
  partOf,
  personNamed,
  preparedIn,
  whileTimePasses,
} from '../lab/lab.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')
const worker = personNamed('worker')
const ann = personNamed('ann')

const beginHere = (app: App) => begin(app, alice, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })

async function planOf(app: App, id: string) {
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  return await recordedPlan(app.store, made?.plan ?? '')
}

/** A store on which every worker is held for dead. */
const DEAD = partOf<Workers>({
  own: 'client',
  list: async () => [],
  hasDied: async () => true,
  leave: async () => undefined,
  onlyWatch: async () => undefined,
  serve: async () => undefined,
  listen: () => () => undefined,
})

/** A lab and its application, and what is asked of them again and again. */
async function opened(lab: Lab = openLab(), more: Partial<App> = {}) {
  const app: App = { ...(await appOf(lab)), ...more }
  const passing = <T>(work: Promise<T>) => whileTimePasses(lab.clock, work)
  const records = (id: string) => app.store.read(id)
  return {
    lab,
    app,
    passing,
    records,
    types: async (id: string) => (await records(id)).map(({ type }) => type),
    last: async (id: string) => (await records(id)).at(-1),
    begun: async () => (await beginHere(app)).id,
    driven: (id: string, over = app) => passing(drive(over, worker, id)),
    found: async () => (await undriven(app, () => undefined)).map((one) => one.id),
    approved: async (id: string) =>
      void (await decideAs(app, bob, await planOf(app, id), { decision: 'approve', comment: '' })),
    resting: (execution: string) => passing(suspend(app, alice, { execution, reason: 'lunch' }, () => () => undefined)),
    commits: () => lab.commits('leaf1'),
  }
}

const SUCCEEDED = { type: 'ExecutionEnded', outcome: 'succeeded' }
const CANCELLED = { type: 'ExecutionEnded', outcome: 'cancelled' }
const ONCE = { plain: 0, timed: 1, confirms: 1 }

/** The application of a lab that posts executions, the same as it is without that, and who carries what is posted. */
async function dispatching(lab: Lab) {
  const there = await appOf(lab)
  const dispatcher = localDispatcher(lab.clock)
  const dispatch = dispatchTo(dispatcher, there.project, (_, error) => expect.fail(String(error)))
  const ends: string[] = []
  const work = () =>
    dispatcher.work(['default'], 2, async ({ execution }) => void ends.push(await drive(there, worker, execution)))
  return { app: appWith(there, { dispatch }), work, ends }
}

test('a duplicate, a late and a last activation do nothing: what there is to do is on record', {
  tags: ['long', 'turn'],
}, async () => {
  const { records, last, begun, driven, found, approved, commits } = await opened()
  const id = await begun()
  expect(await found()).toEqual([id])
  expect(await driven(id)).toBe('rests')
  expect(await found()).toEqual([])
  const rested = await records(id)
  expect([await driven(id), await records(id)]).toEqual(['rests', rested])
  await approved(id)
  expect(await found()).toEqual([id])
  expect(await driven(id)).toBe('ended')
  const ended = await records(id)
  expect([await driven(id), await records(id)]).toEqual(['ended', ended])
  expect(await last(id)).toMatchObject(SUCCEEDED)
  expect(commits()).toEqual(ONCE)
})

test('two that drive one execution at the same moment: one does, and the switch is committed once', async () => {
  const { app, passing, begun, driven, approved, commits } = await opened()
  const id = await begun()
  await driven(id)
  await approved(id)
  const ends = await passing(Promise.all([1, 2, 3].map(() => drive(app, worker, id))))
  expect(ends.toSorted()).toEqual(['elsewhere', 'elsewhere', 'ended'])
  expect(commits()).toEqual(ONCE)
})

test('an approval that comes while an execution is about to rest is heard by whoever drives it, before they leave it', {
  tags: ['long', 'turn'],
}, async () => {
  const { app, last, begun, driven, approved } = await opened()
  const id = await begun()
  const by: string[] = []
  const hurried = aroundAppends({
    behind: async (written) => {
      if (by.length > 0 || !written.some(({ type }) => type === 'TaskWaiting')) return
      by.push('bob')
      // Nobody is posted for it: whoever drives the execution has the claim of it still.
      await approved(id)
    },
  })
  const hasty = appWith(app, { journalAs: (actor) => hurried(app.journalAs(actor)) })
  expect([await driven(id, hasty), by]).toEqual(['ended', ['bob']])
  expect(await last(id)).toMatchObject(SUCCEEDED)
})

test('a worker that takes an execution up while the store goes away waits for its answer, and drives it then', async () => {
  const { app, types, begun, driven } = await opened()
  const id = await begun()
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
  expect(await driven(id, forgetful)).toBe('rests')
  expect(asked).toBe(3)
  const found = await types(id)
  expect(found.filter((type) => type === 'ExecutionResumed')).toHaveLength(1)
  expect(found).toContain('PlanMade')
})

test('one that somebody has stopped is put back, and one that somebody has had rest is left', async () => {
  const { app, records, last, begun, driven, resting } = await opened()
  const [stopped, left] = [await begun(), await begun()]
  await askToStop(app, alice, [stopped], { reason: 'the window is over' })
  expect(await driven(stopped)).toBe('ended')
  expect(await last(stopped)).toMatchObject(CANCELLED)
  await resting(left)
  const before = await records(left)
  expect([await driven(left), await records(left)]).toEqual(['rests', before])
})

test.each(['stop', 'rest'])(
  'a word to %s is heard though a process that took the execution up for it has died since, and not by whom a person has gone on',
  async (word) => {
    const { app, types, last, begun, driven, resting } = await opened()
    const [id, resumed] = [await begun(), await begun()]
    if (word === 'stop') await askToStop(app, alice, [id, resumed], { reason: 'the window is over' })
    else for (const one of [id, resumed]) await resting(one)
    // A worker that has taken it up, and was killed behind that record.
    await takeUp(app, worker, id, 'ExecutionResumed', { byItself: true })
    expect(await driven(id)).toBe(word === 'stop' ? 'ended' : 'rests')
    if (word === 'stop') expect(await last(id)).toMatchObject(CANCELLED)
    else expect(await types(id)).toEqual(['ExecutionStarted', 'ExecutionResumed'])
    // Bob knows of the word, and has it go on.
    await takeUp(app, bob, resumed, 'ExecutionResumed')
    expect(await driven(resumed)).toBe('rests')
    expect(await types(resumed)).toContain('PlanMade')
  },
)

test.each(['stop', 'rest'])(
  'a word to %s from before is heard by who takes an execution up by itself',
  async (word) => {
    const { app, begun } = await opened()
    const id = await begun()
    if (word === 'stop') await askToStop(app, alice, [id], { reason: 'wrong switch' })
    else await askToRest(app, alice, id, { reason: 'shift ends' })
    const taken = await takeUp(app, worker, id, 'ExecutionResumed', { byItself: true })
    const heardBy = await listenForStop(app, taken, worker, new AbortController().signal)
    onTestFinished(() => heardBy.close())
    const { signal, suspend: rest } = heardBy
    await new Promise<void>((heard) => {
      for (const one of [signal, rest]) one.addEventListener('abort', () => heard())
    })
    expect([signal.aborted, rest.aborted]).toEqual([word === 'stop', word === 'rest'])
  },
)

test('whoever stops an execution that no worker drives is told so, and the word is on record for the next one', async () => {
  const { lab, passing, last } = await opened()
  const { app, work } = await dispatching(lab)
  const { id } = await beginHere(app)
  const told: string[] = []
  const leaves = new AbortController()
  const caller: Caller = { ...alice, stop: leaves.signal, tell: (text) => void told.push(text) }
  const stopping = stop(app, caller, { execution: id, reason: 'wrong switch' }, () => () => undefined)
  await passing(
    expect.poll(() => told.some((text) => text.includes('no worker drives')), { timeout: 20_000 }).toBe(true),
  )
  await work()
  expect((await passing(stopping)).kind).toBe('stopped')
  expect(await last(id)).toMatchObject(CANCELLED)
})

test('one that no worker can go on with rests for a person, with the reason on record', async () => {
  const { lab, app, begun, driven } = await opened()
  const id = await begun()
  rmSync(join(lab.dir, 'workflow.yaml'))
  expect(await driven(id)).toBe('for-a-person')
  const word = await app.store.suspendRequest(id, cursorBehind(undefined))
  expect(word?.reason).toMatch(/^no worker can go on with it: /)
  expect(await driven(id)).toBe('rests')
})

/** An execution whose process has died right behind the record that the timed commit of leaf1 was answered. */
async function armed(lab: Lab) {
  const { app, begun, driven, approved } = await opened(lab)
  const id = await begun()
  await driven(id)
  await approved(id)
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
  await expect(driven(id, dying)).rejects.toThrow('this process was killed')
  expect(timerOf(lab)).toBeDefined()
  return id
}

const timerOf = (lab: Lab) => lab.device('leaf1').switch.sessions.timer

test('[P20] one that is live is tried again and never left to a person, whatever a worker lacks to go on with it', async () => {
  const lab = openLab()
  const id = await armed(lab)
  const inventory = lab.read('inventory.yaml')
  lab.write('inventory.yaml', 'devices: [')
  const lacking = await opened(lab)
  await expect(lacking.driven(id)).rejects.toBeInstanceOf(InputError)
  expect(await lacking.app.store.suspendRequest(id, cursorBehind(undefined))).toBeUndefined()
  lab.write('inventory.yaml', inventory)
  expect(await (await opened(lab)).driven(id)).toBe('ended')
  expect(timerOf(lab)).toBeUndefined()
})

test('[P20] one that is live goes on though somebody has had it rest: no timer runs out for that', {
  tags: 'long',
}, async () => {
  const lab = openLab()
  const id = await armed(lab)
  const { app, driven, records } = await opened(lab)
  await askToRest(app, alice, id, { reason: 'shift ends' })
  await driven(id)
  expect(timerOf(lab)).toBeUndefined()
  expect((await records(id)).some((event) => event.type === 'ActFinished' && event.act === 'save')).toBe(true)
})

/** A lab whose workers die. */
const deadly = (more: Partial<App> = {}) => opened(openLab(), { shared: { workers: DEAD } as SharedStore, ...more })

/** Has one more worker die that drove an execution. */
async function diedAgain(app: App, id: string) {
  const { seq = 0 } = (await app.store.read(id)).at(-1) ?? {}
  await app.journalAs(alice.principal).append(id, [{ type: 'ExecutionResumed', byItself: true, ownerDied: true }], seq)
}

/** An execution with which so many workers in a row have died. */
async function killing(app: App, deaths = 5) {
  const { id } = await beginHere(app)
  for (let died = 0; died < deaths; died += 1) await diedAgain(app, id)
  return id
}

test('[W4] after five dead workers in a row a person goes on with it, and then workers do again', async () => {
  const { app, passing, records, found } = await deadly()
  const id = await killing(app)
  const events = await records(id)
  expect([deathsInARow(events), isPoison(events)]).toEqual([5, true])
  expect(await drive(app, worker, id)).toBe('for-a-person')
  expect(await records(id)).toHaveLength(6)
  expect(await found()).toEqual([])
  expect((await passing(resumeHere(app, alice, id, { detach: true }))).status).toBe('running')
  expect(isPoison(await records(id))).toBe(false)
})

test('[W4] nobody is sent for one that kills its workers, in no term, until somebody has it stopped', async () => {
  const posted: string[] = []
  const { app } = await deadly({
    dispatch: { post: async ({ id }, { why }) => void posted.push(`${id} ${why}`) },
  })
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

test('a word to stop one that kills its workers is driven, five times more, and then again where somebody says it again', async () => {
  const { app, records, found, driven } = await deadly()
  const id = await killing(app)
  expect(await found()).toEqual([])
  await askToStop(app, alice, [id], { reason: 'the window is over' })
  for (let died = 0; died < 4; died += 1) await diedAgain(app, id)
  expect(await found()).toEqual([id])
  await diedAgain(app, id)
  expect([await found(), await drive(app, worker, id)]).toEqual([[], 'for-a-person'])
  await askToStop(app, alice, [id], { reason: 'once more' })
  expect(await found()).toEqual([id])
  expect(await driven(id)).toBe('ended')
  const events = await records(id)
  expect(events.at(-1)).toMatchObject(CANCELLED)
  // Whoever has taken it up for the word has said that the one before died: else nobody would count.
  expect(deathsInARow(events)).toBe(11)
})

test('`show` and `workers` say that nobody takes up one that kills its workers, and what a person can do', async () => {
  const { app } = await deadly()
  const [id, healthy] = [await killing(app), await killing(app, 4)]
  const headline = async (one: string) => (await seenExecution(app, one)).view.headline
  const words = `no worker takes ${id} up, 5 in a row died while they drove it: \`eosflow resume ${id}\` tries it once more, \`eosflow stop ${id}\` puts everything back`
  expect(await headline(id)).toContain(words)
  expect(await headline(healthy)).not.toContain('takes')
  const listing = await listWorkers(app, alice)
  const lines = workersText(listing).split('\n')
  expect(lines.filter((line) => line.includes('takes'))).toEqual([`! ${words}`])
  expect(workersJson(listing)).toMatchObject({ leftAlone: [{ execution: id, deaths: 5, isBeingPutBack: false }] })
  // Where somebody has had it stop, the next worker does that.
  await askToStop(app, alice, [id], { reason: 'the window is over' })
  expect(await headline(id)).not.toContain('takes')
  expect((await listWorkers(app, alice)).leftAlone).toEqual([])
})

test('whoever asks watches a worker, approves at the own terminal, and sees the end from the record', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, passing, records } = await opened()
  const { app, work, ends } = await dispatching(lab)
  await work()
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
  expect(await passing(carryOut(app, caller, begun, {}))).toMatchObject({ status: 'ended', outcome: 'succeeded' })
  expect([reviewed, ends]).toEqual([[(await planOf(app, begun.id)).digest], ['rests', 'ended']])
  expect(seen).toEqual((await records(begun.id)).slice(1))
})

test('[P20] what ended before the store was restored is not started again: what became of it since is on no record', async () => {
  const { app, last, begun, driven } = await opened()
  const id = await begun()
  await askToStop(app, ann, [id], { reason: 'x' })
  expect(await driven(id)).toBe('ended')
  const { seq = 0 } = (await last(id)) ?? {}
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
  const { app, begun, driven } = await opened()
  for (const isStopped of [true, false]) {
    const id = await begun()
    let times = 0
    const rival = aroundAppends({
      before: async (events) => {
        if (!events.some(({ type }) => type === 'ExecutionResumed')) return
        times += 1
        if (!isStopped && times === 1) throw new EosflowError('busy', 'the lease is taken')
        if (times === 1) await askToStop(app, ann, [id], { reason: 'x' })
      },
    })
    const ends = driven(id, appWith(app, { journalAs: (actor) => rival(app.journalAs(actor)) }))
    if (isStopped) expect(await ends).toBe('ended')
    else await expect(ends).rejects.toThrow('the lease is taken')
    // Who stops it takes it up, too.
    expect(times).toBe(isStopped ? 2 : 1)
  }
})
