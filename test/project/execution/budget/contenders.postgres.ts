import { expect, test } from 'vitest'
import { freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { contendingProcesses, judged, MOST } from './contenders.ts'

const servers = serverForTests()

test('executions of three processes that share a database never have more under change than budgets allow', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  await contendingProcesses(JSON.stringify(address))
  const { most, ended, overtaken } = await judged(store)
  expect([ended, most]).toEqual([24, MOST])
  expect(overtaken).toBeLessThanOrEqual(4)
  await store.verifyChain()
})
