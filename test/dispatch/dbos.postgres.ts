import { randomUUID } from 'node:crypto'
import { describe } from 'vitest'
import { openDbosDispatcher } from '../../src/dispatch/dbos/dbos-dispatcher.ts'
import { Session } from '../../src/journal/postgres/database.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { serverForTests } from '../postgres/store-for-test.ts'
import { dispatcherContract } from './contract.ts'

describe('the dispatcher on DBOS', () => {
  const given = serverForTests()
  let databases = 0
  dispatcherContract(async () => {
    databases += 1
    const admin = { host: '127.0.0.1', port: given.server.port, database: 'postgres', user: 'postgres' }
    const session = new Session(admin, { name: 'test' })
    await session.open()
    await session.send(`CREATE DATABASE dispatch${databases}`)
    await session.close()
    const options = {
      address: { ...admin, database: `dispatch${databases}` },
      version: 'i2',
      clock: systemClock,
      tell: (text: string) => void process.stderr.write(`${text}\n`),
    }
    const worker = await openDbosDispatcher({ ...options, executor: randomUUID() })
    const client = await openDbosDispatcher({ ...options, executor: randomUUID() })
    // The first worker makes the tables; what was posted before that the sweep of a worker posts again.
    await (await worker.work(['nowhere'], 1, async () => undefined)).drain()
    return {
      worker,
      client,
      close: async () => {
        await worker.close()
        await client.close()
      },
    }
  })
})
