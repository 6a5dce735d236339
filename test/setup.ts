import { AsyncLocalStorage } from 'node:async_hooks'
import fc from 'fast-check'
import { afterAll, beforeEach } from 'vitest'
import { hasTurn } from './extent.ts'

/** One fixed seed for every property test, printed by fast-check with each counterexample. */
fc.configureGlobal({ seed: 20_261_120, numRuns: 200 })

// What follows the flow of calls once costs every promise of the process ever after, that is, of all the files that come behind.
const follows = new Set<AsyncLocalStorage<unknown>>()
const { run } = AsyncLocalStorage.prototype
AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...given: Parameters<typeof run>) {
  follows.add(this)
  return run.apply(this, given)
}
afterAll(() => {
  AsyncLocalStorage.prototype.run = run
  for (const storage of follows) storage.disable()
})

beforeEach(({ task, skip }) => {
  if (task.tags?.includes('turn') === true && !hasTurn(task.name)) skip('its turn comes with another commit')
})
