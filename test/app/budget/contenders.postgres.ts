import { expect, test } from 'vitest'
import { KEY } from '../../journal/sqlite/open-for-test.ts'
import { freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { contendingProcesses, judged, MOST } from './contenders.ts'

const servers = serverForTests()

async function contended(starts: number): Promise<void> {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  await contendingProcesses({ address: JSON.stringify(address), key: KEY }, starts)
  const { most, ended, overtaken } = await judged(store)
  expect([ended, most]).toEqual([3 * starts, MOST])
  expect(overtaken).toBeLessThanOrEqual(4)
  await store.verifyChain()
}

test('executions of three processes that share a database never have more under change than budgets allow', () =>
  contended(8))

test(
  'two hundred executions of three processes that share a database never have more under change than budgets allow',
  {
    tags: 'night',
    timeout: 300_000,
  },
  () => contended(67),
)
