import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { foldAll } from '../../src/change/engine/fold.ts'
import { newExecution } from '../../src/change/engine/state.ts'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { EosflowError } from '../../src/model/error.ts'
import { begin } from '../../src/project/execution/journal/begin.ts'
import { listenForStop } from '../../src/project/execution/run/run.ts'
import { askToRest, requireNothingLive, rested } from '../../src/project/execution/stop/suspending.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { journalled, started } from '../change/engine/machine.ts'
import { appOf, openLab, personNamed, preparedIn, whileTimePasses } from '../lab/lab.ts'

/** A running execution that listens to a store which cannot be read at first: somebody holds a lock on it for a moment. */
async function listening(stop: boolean, rest: boolean) {
  const told: string[] = []
  let looks = 0
  const claim = { renew: async () => undefined, release: async () => undefined }
  const request = { actor: 'local:1000:ann@desk', at: '2026-01-05T08:00:00.000Z', reason: 'shift ends' }
  const store = {
    stopRequest: async () => {
      looks += 1
      if (looks === 1) throw new EosflowError('store', 'the store is locked')
      return stop ? request : undefined
    },
    read: async () => [],
    suspendRequest: async () => (rest ? request : undefined),
  }
  const app = { store, claims: { claim: async () => claim } } as never
  const caller = { stop: new AbortController().signal, tell: (text: string) => told.push(text) } as never
  const word = await listenForStop(app, { ...newExecution('e-1'), seq: 4 }, caller, new AbortController().signal)
  await expect.poll(() => word.signal.aborted || word.suspend.aborted, { timeout: 5000 }).toBe(true)
  await word.close()
  return { told, stops: word.signal.aborted, rests: word.suspend.aborted }
}

test('a request is heard although the store could not be read for a moment', async () => {
  expect(await listening(false, true)).toEqual({
    told: [expect.stringContaining('resting at the next safe point, as local:1000:ann@desk asks (shift ends)')],
    stops: false,
    rests: true,
  })
})

test('of a stop and a request to rest the stop alone is heard', { tags: ['long', 'turn'] }, async () => {
  expect(await listening(true, true)).toEqual({
    told: [expect.stringContaining('stopping, as local:1000:ann@desk asks (shift ends)')],
    stops: true,
    rests: false,
  })
})

const ann: Caller = personNamed('ann')

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
