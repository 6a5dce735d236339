import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { POSTED } from '../../../../src/change/record/postgres/write-announcer.ts'
import { openDbosDispatcher } from '../../../../src/project/app/dispatch/dbos/dbos-dispatcher.ts'
import {
  hasTables,
  makeTables,
  requireTables,
  tablesAre,
} from '../../../../src/project/app/dispatch/dbos/dbos-tables.ts'
import { dispatchPool } from '../../../../src/project/app/dispatch/dbos/patient-pool.ts'
import { activationOf, type Dispatcher } from '../../../../src/project/app/dispatch/port/activation.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { soon } from '../../../lab/loopback.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { dispatcherContract } from './contract.ts'

/** A dispatcher whose worker hears from the database what is posted, as a worker does. */
function hearing(dispatcher: Dispatcher, address: PostgresAddress): Dispatcher {
  const sessions: Session[] = []
  return {
    ...dispatcher,
    work: async (...given) => {
      const working = await dispatcher.work(...given)
      const session = new Session(address, { name: 'test' }, ({ payload }) => working.look(payload))
      sessions.push(session)
      await session.open()
      await session.send(`LISTEN ${POSTED}`)
      return working
    },
    close: async () => {
      for (const session of sessions) await session.close()
      await dispatcher.close()
    },
  }
}

describe('[G46] the dispatcher on DBOS', () => {
  const given = serverForTests()
  dispatcherContract(async () => {
    const options = {
      address: { ...(await freshDatabase(given.server)), user: 'postgres' },
      version: 'i2',
      clock: systemClock,
      tell: (text: string) => void process.stderr.write(`${text}\n`),
    }
    const executor = randomUUID()
    const worker = hearing(await openDbosDispatcher({ ...options, executor }), options.address)
    const client = await openDbosDispatcher({ ...options, executor: randomUUID() })
    // The first worker makes the tables; what was posted before that the sweep of a worker posts again.
    await (await worker.work(['nowhere'], 1, async () => undefined)).drain()
    return {
      worker,
      client,
      workers: new Set([executor]),
      close: async () => {
        await worker.close()
        await client.close()
      },
    }
  })

  test('works for a user who may make nothing, once the owner of the store has made its tables', async () => {
    const address = await freshDatabase(given.server)
    const open = () =>
      openDbosDispatcher({ address, version: 'i2', clock: systemClock, tell: () => undefined, executor: randomUUID() })
    expect(await tablesAre(address)).toBe('not-there')
    const early = await open()
    await expect(early.work(['dc1'], 1, async () => undefined)).rejects.toMatchObject({
      kind: 'store',
      hint: expect.stringContaining('eosflow store init'),
    })
    await early.close()
    await makeTables({ ...address, user: 'postgres' }, systemClock)
    // Once more changes nothing.
    await makeTables({ ...address, user: 'postgres' }, systemClock)
    expect(await tablesAre(address)).toBe('there')
    const came: string[] = []
    const [worker, client] = [await open(), await open()]
    await client.post(activationOf('before', 'dc1', { why: 'begun' }))
    await worker.work(['dc1'], 1, async ({ execution }) => void came.push(execution))
    await client.post(activationOf('after', 'dc1', { why: 'begun' }))
    await soon(() => came.length === 2)
    expect(came).toEqual(['before', 'after'])
    await worker.close()
    await client.close()
  })

  test('has its tables made once by workers that start at the same moment, each of which has them then', async () => {
    const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
    const pools = Array.from({ length: 4 }, (_, n) => dispatchPool(address, `test ${n}`, 2))
    try {
      await Promise.all(pools.map((pool) => requireTables(pool, address, systemClock)))
      expect(await Promise.all(pools.map((pool) => hasTables(pool, address)))).toEqual([true, true, true, true])
    } finally {
      await Promise.all(pools.map((pool) => pool.end()))
    }
  })

  test('touches no right while another process makes the tables', async () => {
    const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
    await makeTables(address, systemClock)
    const other = new Session(address, { name: 'test' })
    await other.open()
    const may = async () =>
      (await other.send("SELECT has_table_privilege('eos_worker', 'dbos.workflow_status', 'TRUNCATE') AS may")).rows[0]
        ?.may
    await other.send('GRANT TRUNCATE ON dbos.workflow_status TO eos_worker')
    // The lock under which they are made, in the hands of another process.
    await other.send('SELECT pg_advisory_lock(28549266489732979)')
    const making = makeTables(address, systemClock)
    await systemClock.sleep(700)
    expect(await may()).toBe(true)
    await other.send('SELECT pg_advisory_unlock(28549266489732979)')
    await making
    expect(await may()).toBe(false)
    await other.close()
  })

  test('[W4] takes what was posted as soon as it hears of it, also while it drives, and what it did not hear of a little later', {
    tags: 'night',
  }, async () => {
    const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
    await makeTables(address, systemClock)
    const options = { address, version: 'i2', clock: systemClock, tell: () => undefined }
    const [deaf, client] = [
      await openDbosDispatcher({ ...options, executor: randomUUID() }),
      await openDbosDispatcher({ ...options, executor: randomUUID() }),
    ]
    const worker = hearing(deaf, address)
    const taken = new Map<string, number>()
    const took = async (name: string, site: string): Promise<number> => {
      const posted = performance.now()
      await client.post(activationOf(name, site, { why: 'begun' }))
      await soon(() => taken.has(name), 8_000)
      return (taken.get(name) ?? Number.NaN) - posted
    }
    const working = await worker.work(['dc1'], 2, async ({ execution }) => {
      taken.set(execution, performance.now())
      if (execution === 'long') await systemClock.sleep(3_000)
    })
    // Longer than the looks at its beginning.
    await systemClock.sleep(1_500)
    const waited: number[] = []
    for (let n = 0; n < 5; n += 1) {
      waited.push(await took(`a${n}`, 'dc1'))
      // Until it is asked seldom again.
      await systemClock.sleep(700)
    }
    expect(waited.toSorted((a, b) => a - b)[2]).toBeLessThan(500)
    await took('long', 'dc1')
    expect(await took('beside', 'dc1')).toBeLessThan(1_500)
    // A site that it serves only now, and of which nobody listens.
    working.add(['dc2'])
    expect(await took('new', 'dc2')).toBeLessThan(1_500)
    await systemClock.sleep(1_500)
    working.look = () => undefined
    const unheard = await took('unheard', 'dc2')
    expect(unheard).toBeGreaterThan(200)
    expect(unheard).toBeLessThan(7_000)
    await worker.close()
    await client.close()
  })

  test('keeps its own limit, whatever limit a queue of that name has in the database', async () => {
    const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
    await makeTables(address, systemClock)
    const session = new Session(address, { name: 'test' })
    await session.open()
    await session.send(
      "INSERT INTO dbos.queues(name, worker_concurrency, polling_interval_sec, application_name) VALUES ('eosflow:dc1', 7, 0.1, 'eosflow')",
    )
    await session.close()
    const options = { address, version: 'i2', clock: systemClock, tell: () => undefined }
    const [worker, client] = [
      await openDbosDispatcher({ ...options, executor: randomUUID() }),
      await openDbosDispatcher({ ...options, executor: randomUUID() }),
    ]
    let [running, most, done] = [0, 0, 0]
    await worker.work(['dc1'], 2, async () => {
      running += 1
      most = Math.max(most, running)
      // Longer than it takes until the database is asked about its queues again.
      await systemClock.sleep(1_200)
      running -= 1
      done += 1
    })
    for (const name of ['a', 'b', 'c', 'd', 'e']) await client.post(activationOf(name, 'dc1', { why: 'begun' }))
    await soon(() => done === 5)
    expect(most).toBe(2)
    await worker.close()
    await client.close()
  })

  test('what a worker has taken and never got is not on its way, and is forgotten at its second look', async () => {
    const address = { ...(await freshDatabase(given.server)), user: 'postgres' }
    const options = { address, version: 'i2', clock: systemClock, tell: () => undefined }
    const worker = await openDbosDispatcher({ ...options, executor: 'one' })
    const client = await openDbosDispatcher({ ...options, executor: 'two' })
    await (await worker.work(['nowhere'], 1, async () => undefined)).drain()
    await client.post(activationOf('a', 'dc1', { why: 'begun' }))
    const other = new Session(address, { name: 'test' })
    await other.open()
    const status = async (): Promise<unknown> =>
      (await other.send('SELECT status FROM dbos.workflow_status')).rows.map((row) => row.status)
    expect([...(await client.posted(60, new Set()))]).toEqual(['a'])
    // Nobody of another version ever takes it.
    const newer = await openDbosDispatcher({ ...options, version: 'i3', executor: 'three' })
    expect([...(await newer.posted(60, new Set()))]).toEqual([])
    await newer.close()
    await other.send("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'one'")
    expect([...(await client.posted(60, new Set(['one'])))]).toEqual(['a'])
    expect([...(await client.posted(60, new Set()))]).toEqual([])
    expect([...(await worker.posted(60, new Set(['one'])))]).toEqual([])
    await worker.forgetLost()
    expect(await status()).toEqual(['PENDING'])
    await worker.forgetLost()
    expect(await status()).toEqual(['CANCELLED'])
    await client.close()
    await worker.close()
    await other.close()
  })

  test('forgets what was done so long ago, a thousand at once, as a user who may make nothing, and nothing that waits or was taken', async () => {
    const address = await freshDatabase(given.server)
    await makeTables({ ...address, user: 'postgres' }, systemClock)
    const options = { address, version: 'i2', clock: systemClock, tell: () => undefined }
    const worker = await openDbosDispatcher({ ...options, executor: 'one' })
    const client = await openDbosDispatcher({ ...options, executor: 'two' })
    const session = new Session({ ...address, user: 'postgres' }, { name: 'test' })
    await session.open()
    const left = async (): Promise<unknown> =>
      (
        await session.send(
          `SELECT w.workflow_uuid || ' ' || w.status || CASE WHEN i.inputs IS NULL THEN '' ELSE ' input' END AS one
            FROM dbos.workflow_status AS w LEFT JOIN dbos.workflow_input AS i USING (workflow_uuid)
            WHERE w.workflow_uuid NOT LIKE 'many%' ORDER BY 1`,
        )
      ).rows.map(({ one }) => one)
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const came: string[] = []
    await worker.work(['dc1'], 9, async ({ id, execution }) => {
      came.push(id)
      if (execution === 'running') await held
      if (execution === 'failed') throw new Error('the switch is on fire')
    })
    for (const name of ['done', 'failed', 'running', 'cancelled', 'fresh'])
      await client.post(activationOf(name, 'dc1', { why: 'begun' }))
    await client.post(activationOf('waiting', 'dc2', { why: 'begun' }))
    await soon(async () => String(await left()).match(/SUCCESS/g)?.length === 4)
    await session.send("UPDATE dbos.workflow_status SET status = 'CANCELLED' WHERE workflow_uuid = 'cancelled@0'")
    const all = [
      'cancelled@0 CANCELLED input',
      'done@0 SUCCESS input',
      'failed@0 SUCCESS input',
      'fresh@0 SUCCESS input',
      'running@0 PENDING input',
      'waiting@0 ENQUEUED input',
    ]
    expect(await left()).toEqual(all)
    // Two hours later but for one of them.
    await session.send(
      `UPDATE dbos.workflow_status SET created_at = created_at - 7200000, updated_at = updated_at - 7200000, completed_at = completed_at - 7200000
        WHERE workflow_uuid <> 'fresh@0'`,
    )
    expect(await client.forgetDone(7260)).toBe(0)
    expect(await left()).toEqual(all)
    expect([await client.forgetDone(3600), await client.forgetDone(3600)]).toEqual([3, 0])
    const rest = ['fresh@0 SUCCESS input', 'running@0 PENDING input', 'waiting@0 ENQUEUED input']
    expect(await left()).toEqual(rest)
    const inputs = await session.send('SELECT workflow_uuid AS one FROM dbos.workflow_input ORDER BY 1')
    expect(inputs.rows.map(({ one }) => one)).toEqual(['fresh@0', 'running@0', 'waiting@0'])
    expect([...(await client.posted(86_400, new Set(['one'])))].toSorted()).toEqual(['running', 'waiting'])

    // Under an id that is forgotten it is carried again: whoever gets it reads the record. Under one that is not, it is not.
    await client.post(activationOf('done', 'dc1', { why: 'begun' }))
    await client.post(activationOf('fresh', 'dc1', { why: 'begun' }))
    await soon(() => came.filter((id) => id === 'done@0').length === 2)
    letGo()
    await soon(async () => !String(await left()).includes('PENDING'))
    expect(came.filter((id) => id === 'fresh@0')).toHaveLength(1)

    await session.send(
      `INSERT INTO dbos.workflow_status(workflow_uuid, status, name, created_at, updated_at, completed_at)
        SELECT 'many' || n || '@0', 'SUCCESS', 'drive', 1000 + n, 1000 + n, 1000 + n FROM generate_series(1, 2500) AS n`,
    )
    // Two workers that each take the other one for dead: none is counted that neither deletes, and none waits for the other.
    const both = await Promise.all([worker.forgetDone(3600), client.forgetDone(3600)])
    expect(both.every((count) => count === 1000)).toBe(true)
    let [rounds, count] = [0, 1]
    for (; count > 0; rounds += 1) count = await client.forgetDone(3600)
    expect(rounds).toBeLessThanOrEqual(4)
    expect(
      (await session.send("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid LIKE 'many%'")).rows[0]?.count,
    ).toBe(0)
    await client.close()
    await worker.close()
    await session.close()
  })
})
