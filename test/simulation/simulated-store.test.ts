import { expect, test } from 'vitest'
import { newSimulatedStore } from '../../simulate/simulated-store.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { asAlice, thrownBy } from '../journal/sqlite/open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }

test('the fence of whoever was superseded by another process of a history is refused', async () => {
  const store = await newSimulatedStore(new VirtualClock())
  const [one, other] = [asAlice(store), asAlice(store.opened())]
  await one.append('x1', [RESUMED, STAGED])
  await other.append('x1', [RESUMED])
  expect(await thrownBy(() => one.fence('x1', 'leaf1'))).toMatchObject({ kind: 'busy' })
  expect(await other.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
})

test('leases last by the time of the store, whatever clock its process has', async () => {
  const clock = new VirtualClock()
  const store = await newSimulatedStore(clock)
  const late = new VirtualClock(Date.parse('2026-01-05T09:00:00.000Z'))
  const process = asAlice(store.opened({ clock: late, leaseTime: () => clock.now(), quarantineSeconds: 180 }))
  const [staged] = await process.append('x1', [STAGED])
  expect(staged?.at).toBe('2026-01-05T09:00:00.000Z')
  expect(await process.leaseOf('leaf1')).toMatchObject({ until: '2026-01-05T08:03:00.000Z' })
  await process.append('x1', [{ ...RESUMED, abandoned: ['leaf1'] }])
  expect(await process.leaseOf('leaf1')).toMatchObject({ quarantine: '2026-01-05T08:03:00.000Z' })
})

test('a copy has what was on record when it was made, and neither knows what the other does then', async () => {
  const store = asAlice(await newSimulatedStore(new VirtualClock()))
  await store.append('x1', [RESUMED])
  const copied = store.copied()
  await store.append('x1', [ENDED])
  const copy = asAlice(await copied)
  expect(copy.id).toBe(store.id)
  expect((await copy.read('x1')).map(({ type }) => type)).toEqual(['ExecutionResumed'])
  await copy.append('x2', [RESUMED])
  expect(await store.executionIds()).toEqual(['x1'])
  expect([(await store.verifyChain()).seq, (await copy.verifyChain()).seq]).toEqual([2, 2])
})

test('whoever verifies a store of a history holds nobody up who writes', async () => {
  const store = asAlice(await newSimulatedStore(new VirtualClock()))
  await store.append('x1', [RESUMED])
  const verified = store.verifyChain()
  const written = store.append('x1', [ENDED])
  expect(store.lastOf('x1')).toBe(2)
  await Promise.all([verified, written])
})
