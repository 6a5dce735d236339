import { expect, test } from 'vitest'
import { listenForStop } from '../../src/app/execution/stop-control.ts'
import { newExecution } from '../../src/engine/state.ts'
import { EosflowError } from '../../src/model/error.ts'

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

test('of a stop and a request to rest the stop alone is heard', async () => {
  expect(await listening(true, true)).toEqual({
    told: [expect.stringContaining('stopping, as local:1000:ann@desk asks (shift ends)')],
    stops: true,
    rests: false,
  })
})
