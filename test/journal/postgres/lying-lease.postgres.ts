import { expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests(['fsync = off'])

const stage: EventBody = { type: 'ActIntended', act: 'stage', device: 'leaf1', session: 'eosflow-1', checkpoint: 'c' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
const FOR_EVER = '2099-01-01T00:00:00.000Z'

test('[S24] a lease for ever of an execution that has ended on record keeps nobody from its switch', async () => {
  const address = await freshDatabase(servers.server)
  const first = await openedAt(address)
  await first.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }, stage])
  await asSuperuser(address, `UPDATE lease SET until = '${FOR_EVER}'`)
  const second = await openedAt(address)
  expect(await thrownBy(() => second.append('x2', [stage]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
  await asSuperuser(address, `UPDATE lease SET until = NULL`)
  const third = await openedAt(address)
  await first.append('x1', [ended])
  await asSuperuser(address, `UPDATE lease SET until = '${FOR_EVER}'`)
  await third.append('x3', [stage])
  expect(await third.leaseOf('leaf1')).toMatchObject({ execution: 'x3' })
  // Also where the process has known that lease before its execution ended.
  await third.append('x3', [ended])
  await asSuperuser(address, `UPDATE lease SET until = '${FOR_EVER}'`)
  await second.append('x2', [stage])
  expect(await second.leaseOf('leaf1')).toMatchObject({ execution: 'x2' })
})
