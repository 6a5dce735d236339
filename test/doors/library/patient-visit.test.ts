import { expect, test } from 'vitest'
import { OutageError } from '../../../src/change/record/store/journal.ts'
import { patientVisit, scrubbedFailure, type Visit } from '../../../src/doors/library/project-door.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { openForTest } from '../../change/record/sqlite/open-for-test.ts'

/** A visit whose store is away for so many questions, under a clock that only sleeping moves. */
async function awayFor(questions: number, refusal = (): Error => new OutageError('away from sesame-open')) {
  let left = questions
  const told = { now: 0 }
  const clock = {
    now: () => told.now,
    monotonic: () => told.now,
    sleep: async (milliseconds: number) => {
      told.now += milliseconds
    },
  }
  const store = await openForTest(':memory:', clock)
  const { read } = store
  store.read = (execution) => {
    if (left === 0) return read.call(store, execution)
    left -= 1
    return Promise.reject(refusal())
  }
  const stop = new AbortController()
  const claims = { claim: async () => undefined, isClaimed: async () => false }
  const visit = { app: { store, clock, claims }, caller: { stop: stop.signal } }
  return { visit: patientVisit(visit as unknown as Visit), told, stop }
}

test.each([
  [1, 1_000],
  [300, 300_000],
])('a store that is away for %i questions is waited for', async (questions, milliseconds) => {
  const { visit, told } = await awayFor(questions)
  expect(await visit.app.store.read('x')).toEqual([])
  expect(told.now).toBe(milliseconds)
})

test('one that stays away is given up after five minutes, as what can be asked again, without secrets', async () => {
  const { visit, told } = await awayFor(400)
  const thrown = await visit.app.store.read('x').catch((error: unknown) => error)
  expect(told.now).toBe(300_000)
  const left = scrubbedFailure(thrown, (text) => text.replaceAll('sesame-open', '<redacted>'))
  expect(left).toBeInstanceOf(EosflowError)
  expect(left).toMatchObject({ name: 'EosflowError', kind: 'store', retryable: true, message: 'away from <redacted>' })
})

test('what is no outage is thrown at once, and so is an outage where nobody waits any more', async () => {
  const broken = await awayFor(1, () => new EosflowError('store', 'does not verify'))
  await expect(broken.visit.app.store.read('x')).rejects.toMatchObject({ message: 'does not verify', retryable: false })
  const left = await awayFor(5)
  left.stop.abort()
  await expect(left.visit.app.store.read('x')).rejects.toBeInstanceOf(OutageError)
  expect([broken.told.now, left.told.now]).toEqual([0, 0])
})
