import { getEventListeners } from 'node:events'
import { expect, test, vi } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { trailOf } from '../../src/app/audit/trail-of.ts'
import type { Caller } from '../../src/app/caller.ts'
import { begin } from '../../src/app/execution/begin.ts'
import { beginChange } from '../../src/app/execution/begin-change.ts'
import { carryOut } from '../../src/app/execution/carry-out.ts'
import { changeRecordOf, recordLeft } from '../../src/app/execution/change-record.ts'
import { drive } from '../../src/app/execution/drive.ts'
import { isDue } from '../../src/app/execution/is-due.ts'
import { progressJournal } from '../../src/app/execution/progress-journal.ts'
import { redrive } from '../../src/app/execution/redrive.ts'
import { askedUnder } from '../../src/app/execution/run-key.ts'
import { listenForStop } from '../../src/app/execution/stop-control.ts'
import { askToRest, requireNothingLive, rested } from '../../src/app/execution/suspending.ts'
import { switchEnds } from '../../src/app/execution/switch-ends.ts'
import { wakesOf } from '../../src/app/execution/wakes.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import { MissingSegmentError } from '../../src/journal/missing-segment.ts'
import { EosflowError } from '../../src/model/error.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { journalled, started } from '../engine/machine.ts'
import { appOf, personNamed, preparedIn } from '../lab/application.ts'
import { type Lab, openLab, whileTimePasses } from '../lab/lab.ts'

/** Guards of the life of an execution that could be put wrong one by one while the nearest tests stayed green. */

const ann: Caller = personNamed('ann')

/** An execution of a lab that was stopped before it had changed anything: nobody watches whoever has driven it. */
async function stoppedIn(lab: Lab, app: App): Promise<string> {
  const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  expect(await whileTimePasses(lab.clock, drive(app, ann, id))).toBe('ended')
  return id
}

test('[P20] an execution is not said to rest while a switch of it may run its change', () => {
  const session = 'eosflow-00c0ffee-1'
  const staged: EventBody[] = [
    { type: 'ActIntended', device: 'leaf1', act: 'stage', session, checkpoint: 'eosflow-00c0ffee' },
    { type: 'ActFinished', device: 'leaf1', act: 'stage', session, outcome: 'done' },
  ]
  const arming: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 }
  const resting = (...events: EventBody[]) => {
    const state = foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
    return () => requireNothingLive({ words: () => '' }, state)
  }
  expect(resting(...staged)).not.toThrow()
  expect(resting(...staged, arming)).toThrow(/not at a safe point, and no process runs it: leaf1 not settled/)
})

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

test('[P20] what was begun under a key is answered again to whoever began it, also where they may begin nothing any more', async () => {
  const lab = openLab()
  const [app, prepared] = [await appOf(lab), preparedIn(await appOf(lab))]
  const request = askedUnder('job', { prepared })
  const first = await beginChange(app, ann, { prepared, request })
  lab.write('policy.yaml', 'version: 1\nrules: []\n')
  const later = await appOf(lab)
  const id = first.kind === 'begun' ? first.state.id : ''
  expect(await beginChange(later, ann, { prepared, request })).toEqual({ kind: 'known', id })
  await expect(beginChange(later, ann, { prepared, request: askedUnder('other', { prepared }) })).rejects.toMatchObject(
    { kind: 'not-authorised' },
  )
  expect(await app.store.executionIds()).toEqual([id])
})

test('[P20] of two that begin it at the same moment under a key one has begun it, and the other one reads which', async () => {
  const app = await appOf(openLab())
  const prepared = preparedIn(app)
  const request = askedUnder('job', { prepared })
  const both = await Promise.all([
    beginChange(app, ann, { prepared, request }),
    beginChange(app, ann, { prepared, request }),
  ])
  const [id] = await app.store.executionIds()
  expect(both.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toMatchObject([
    { kind: 'begun', state: { id } },
    { kind: 'known', id },
  ])
})

test('[P20] whoever has said yes at the terminal is not asked again before a worker has heard it', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const state = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  const leaving = new AbortController()
  let asked = 0
  const review = async () => {
    asked += 1
    return true
  }
  const dispatch = { post: async () => undefined } as unknown as Required<App>['dispatch']
  expect(await whileTimePasses(lab.clock, drive(app, ann, state.id))).toBe('rests')
  const watching = carryOut(
    { ...app, dispatch },
    { ...ann, interactive: true, review, stop: leaving.signal },
    state,
    {},
  )
  void lab.clock.sleep(10_000).then(() => leaving.abort())
  expect(await whileTimePasses(lab.clock, watching)).toBeUndefined()
  const digest = (await app.store.read(state.id)).find((event) => event.type === 'PlanMade')?.digest ?? ''
  expect([asked, (await app.store.approvals(digest)).length]).toEqual([1, 1])
})

test('[P20] nothing is due of an execution that has ended', async () => {
  const ended: EventBody = { type: 'ExecutionEnded', outcome: 'failed', devices: {} }
  const due = (...events: EventBody[]) => {
    const journal = journalled(started(['leaf1']), ...events)
    return isDue({ store: {} as App['store'] }, foldAll('20261120-000000-00c0ffee', journal), journal, 0)
  }
  expect([await due(), await due(ended)]).toEqual([true, false])
})

test('[P20] where the switches are is read from the records of an execution, and from those of no other one', async () => {
  const session = 'eosflow-00c0ffee-1'
  const [first, ...armed] = journalled(
    started(['leaf1']),
    { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 },
    { type: 'ActFinished', device: 'leaf1', act: 'arm', session, outcome: 'done' },
  ) as [JournalEvent, ...JournalEvent[]]
  const id = '20261120-000000-00c0ffee'
  const told = async (execution: string): Promise<string> => {
    const written = { append: async () => armed, read: async () => [] }
    const journal = progressJournal(written, foldAll(id, [first]))
    await journal.append(execution, armed)
    return journal.lastWord(Date.parse(first.at)).line
  }
  expect(await told(id)).toContain('leaf1')
  expect(await told('20261120-000000-0badcafe')).not.toContain('leaf1')
})

const ARMED = journalled(
  started(['leaf1']),
  { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 'eosflow-00c0ffee-1', seconds: 300 },
  { type: 'ActFinished', device: 'leaf1', act: 'arm', session: 'eosflow-00c0ffee-1', outcome: 'done' },
)

test('[P20] whoever listens for a word to stop or to rest leaves no ear behind', async () => {
  const [stop, suspend, over] = [new AbortController(), new AbortController(), new AbortController()]
  const caller = { ...ann, stop: stop.signal, suspend: suspend.signal }
  const app = await appOf(openLab())
  const state = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  const ears = () => [stop, suspend, over].map(({ signal }) => getEventListeners(signal, 'abort').length)
  const before = ears()
  const word = await listenForStop(app, state, caller, over.signal)
  expect(ears()).toEqual(before.map((count) => count + 1))
  await word.close()
  expect(ears()).toEqual(before)
})

test('[P20] the end of a switch is read past records whose segment is away, and past no other error', async () => {
  const gone = new MissingSegmentError('segments/records-1-9-00112233aabbccdd.db', { first: 1, last: 9 })
  const storeOf = async (error: Error) => {
    const app = await appOf(openLab())
    vi.spyOn(app.store, 'executions').mockResolvedValue([
      { id: 'x1', first: ARMED[0], last: ARMED[1] },
    ] as unknown as Awaited<ReturnType<App['store']['executions']>>)
    vi.spyOn(app.store, 'read').mockRejectedValue(error)
    return app
  }
  const [away, broken] = [await storeOf(gone), await storeOf(new Error('the store is away'))]
  expect(await whileTimePasses(away.clock as VirtualClock, switchEnds(away))).toEqual(new Map())
  await expect(whileTimePasses(broken.clock as VirtualClock, switchEnds(broken))).rejects.toThrow('the store is away')
})

test('[P20] a pause ends as soon as something is heard', async () => {
  const clock = new VirtualClock()
  let heard = (_about?: string): void => undefined
  const listen = (_of: unknown, hear: typeof heard) => {
    heard = hear
    return () => undefined
  }
  const wakes = wakesOf({ shared: { workers: { listen } }, clock }, { of: 'records' })
  const began = clock.now()
  const paused = wakes.pause(60_000, new AbortController().signal)
  void clock.sleep(5_000).then(() => heard())
  expect([await whileTimePasses(clock, paused), clock.now() - began]).toEqual([true, 5_000])
})

test('[P20] whoever watches an execution that ends does not wait any longer', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const id = await stoppedIn(lab, app)
  const dispatch = { post: async () => undefined } as unknown as Required<App>['dispatch']
  const began = lab.clock.now()
  const from = foldAll(id, (await app.store.read(id)).slice(0, 1))
  expect(await whileTimePasses(lab.clock, carryOut({ ...app, dispatch }, ann, from, {}))).toMatchObject({
    status: 'ended',
  })
  expect(lab.clock.now()).toBe(began)
})

test('[P20] the record of a change is signed where it is not yet, and that it has left is put on record', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  await app.journalAs(ann.principal).append(id, [{ type: 'ExecutionResumed' }])
  const signed = async () => (await trailOf(app).checkpoints(0)).length
  const taken = () => whileTimePasses(lab.clock, changeRecordOf(app, ann, id))
  const before = await signed()
  expect([(await taken()).execution, await signed()]).toEqual([id, before + 1])
  const { cursor } = await app.store.tail()
  await recordLeft(app, ann, id, 'change.html')
  const first = (await app.store.read(id))[0]?.seq
  const exported = { type: 'AuditExported', format: 'html', to: 'change.html', first }
  expect((await app.store.tail(cursor)).events).toMatchObject([exported])
  expect([(await taken()).execution, await signed()]).toEqual([id, before + 1])
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
    const driven = whileTimePasses(lab.clock, drive({ ...app, journalAs }, ann, id))
    if (isStopped) expect(await driven).toBe('ended')
    else await expect(driven).rejects.toThrow('the lease is taken')
    // Who stops it takes it up, too.
    expect(times).toBe(isStopped ? 2 : 1)
  }
})

test('[P20] who has asked an execution to rest reads that somebody else goes on with it: it is busy', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const state = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  const asked = await askToRest(app, ann, state.id, { reason: 'x' })
  await app.journalAs(ann.principal).append(state.id, [{ type: 'ExecutionResumed', asks: true }])
  const resting = rested(app, ann, state, asked, () => undefined)
  await expect(whileTimePasses(lab.clock, resting)).rejects.toMatchObject({
    kind: 'busy',
    message: expect.stringContaining('after it was asked to rest: it goes on'),
  })
})
