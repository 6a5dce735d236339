import { expect, test } from 'vitest'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'

const servers = serverForTests()

const WAIT = { type: 'StateEntered', path: '', state: 'wait' } as const

test('[W10] an execution whose row was altered is called altered by whoever goes on with it, and not continued by another process', async () => {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  const [first] = await store.append('x1', [WAIT])
  await asSuperuser(address, "UPDATE eosflow.execution SET last = last + 1 WHERE id = 'x1'")
  const altered = { kind: 'store', message: expect.stringContaining('execution x1') }
  await expect(store.append('x1', [WAIT], first?.seq)).rejects.toMatchObject(altered)
})

test('an execution that another process has continued is called that', async () => {
  const address = await freshDatabase(servers.server)
  const [store, other] = [await openedAt(address), await openedAt(address)]
  const [first] = await store.append('x1', [WAIT])
  await asSuperuser(address, "UPDATE eosflow.worker SET dead = now() WHERE id <> ''")
  await other.append('x1', [{ type: 'ExecutionResumed' }])
  await expect(store.append('x1', [WAIT], first?.seq)).rejects.toMatchObject({
    kind: expect.stringMatching('busy|store'),
  })
})
