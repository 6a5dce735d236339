import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

const act = (device: string): EventBody => ({
  type: 'ActIntended',
  act: 'stage',
  device,
  session: 'eosflow-1',
  checkpoint: 'eosflow-1',
})

test('many switches of one execution are written to at once: what the process itself writes meanwhile is no other process', {
  tags: 'turn',
}, async () => {
  const store = await openedAt(await freshDatabase(servers.server))
  await store.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }])
  const devices = Array.from({ length: 48 }, (_, index) => `leaf${index}`)
  const faults: unknown[] = []
  await Promise.all(
    devices.map(async (device) => {
      await store.append('x1', [act(device)])
      for (let tries = 0; tries < 20; tries += 1) {
        await store.fence('x1', device).catch((fault: unknown) => faults.push(fault))
        await store.append('x1', [{ type: 'StateEntered', path: device, state: 'push' }])
      }
    }),
  )
  expect(faults).toEqual([])
})

test('a process whose execution was taken over writes to no switch of it', async () => {
  const address = await freshDatabase(servers.server)
  const first = await openedAt(address, { worker: { ttl: 1_000, beat: 60_000 } })
  await first.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }, act('leaf1')])
  await first.fence('x1', 'leaf1')
  const second = await openedAt(address)
  for (let tries = 0; ; tries += 1) {
    const refused = await second.append('x1', [{ type: 'ExecutionResumed' }]).catch((fault: unknown) => fault)
    if (!(refused instanceof Error)) break
    if (tries > 60) throw refused
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(await thrownBy(() => first.fence('x1', 'leaf1'))).toMatchObject({
    message: 'this process did not answer for too long, and others go on with what it did: nothing was written',
  })
  await second.fence('x1', 'leaf1')
})

test('[S24] a lease for ever of an execution that has ended on record keeps nobody from its switch', async () => {
  const address = await freshDatabase(servers.server)
  const first = await openedAt(address)
  await first.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }, act('leaf1')])
  await asSuperuser(address, `UPDATE lease SET until = '2099-01-01T00:00:00.000Z'`)
  const second = await openedAt(address)
  expect(await thrownBy(() => second.append('x2', [act('leaf1')]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
  await asSuperuser(address, `UPDATE lease SET until = NULL`)
  const third = await openedAt(address)
  await first.append('x1', [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }])
  await asSuperuser(address, `UPDATE lease SET until = '2099-01-01T00:00:00.000Z'`)
  await third.append('x3', [act('leaf1')])
  expect(await third.leaseOf('leaf1')).toMatchObject({ execution: 'x3' })
  // Also where the process has known that lease before its execution ended.
  await third.append('x3', [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }])
  await asSuperuser(address, `UPDATE lease SET until = '2099-01-01T00:00:00.000Z'`)
  await second.append('x2', [act('leaf1')])
  expect(await second.leaseOf('leaf1')).toMatchObject({ execution: 'x2' })
})
