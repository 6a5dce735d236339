import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import { drive } from '../../../src/project/execution/resume/drive.ts'
import { carryOut } from '../../../src/project/execution/run/carry-out.ts'
import { wakesOf } from '../../../src/project/history/requests/wakes.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import {
  type App,
  appOf,
  appWith,
  type Lab,
  openLab,
  partOf,
  personNamed,
  preparedIn,
  whileTimePasses,
} from '../../lab/lab.ts'

const ann: Caller = personNamed('ann')

/** An execution of a lab that was stopped before it had changed anything: nobody watches whoever has driven it. */
async function stoppedIn(lab: Lab, app: App) {
  const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  expect(await whileTimePasses(lab.clock, drive(app, ann, id))).toBe('ended')
  return id
}

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
  const dispatch = partOf<Required<App>['dispatch']>({ post: async () => undefined })
  expect(await whileTimePasses(lab.clock, drive(app, ann, state.id))).toBe('rests')
  const watching = carryOut(
    appWith(app, { dispatch }),
    { ...ann, interactive: true, review, stop: leaving.signal },
    state,
    {},
  )
  void lab.clock.sleep(10_000).then(() => leaving.abort())
  expect(await whileTimePasses(lab.clock, watching)).toBeUndefined()
  const digest = (await app.store.read(state.id)).find((event) => event.type === 'PlanMade')?.digest ?? ''
  expect([asked, (await app.store.approvals(digest)).length]).toEqual([1, 1])
})

test('[P20] a pause ends as soon as something is heard', async () => {
  const clock = new VirtualClock()
  let heard = (_about?: string) => undefined
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
  const dispatch = partOf<Required<App>['dispatch']>({ post: async () => undefined })
  const began = lab.clock.now()
  const from = foldAll(id, (await app.store.read(id)).slice(0, 1))
  expect(await whileTimePasses(lab.clock, carryOut(appWith(app, { dispatch }), ann, from, {}))).toMatchObject({
    status: 'ended',
  })
  expect(lab.clock.now()).toBe(began)
})
