import { expect, onTestFinished, test } from 'vitest'
import { cursorBehind } from '../../../../src/change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { recordDeaths } from '../../../../src/project/app/store/worker-deaths.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

const STARTED = ONE_OF_EACH[0] as EventBody

/** A process that shares a store; with `beats: false` it gives no sign of life after its first. */
async function process(address: PostgresAddress, name: string, { beats = true, kind = 'worker' } = {}) {
  const worker = { kind, name, sites: ['dc1'], version: '0.1.0', ttl: 1_000, beat: beats ? 100 : 3_600_000 }
  const opened = await openPostgresStore({
    address,
    installKey: KEY,
    isReplicated: false,
    isClockHeld: false,
    clock: systemClock,
    worker,
  })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= opened.store.close())
  onTestFinished(close)
  await opened.claims.claim(`${kind} ${opened.workers.own}`)
  const rowOf = async (id: string) => (await opened.workers.list()).find((one) => one.id === id)
  const record = () => recordDeaths(opened.workers, opened.store.as({ ...ALICE, id: `worker:${name}` }))
  const reap = async (id: string) => opened.workers.reap(id, (await rowOf(id))?.beat ?? '')
  return { ...opened, own: opened.workers.own, rowOf, record, reap, close }
}

async function deathsIn({
  store,
}: {
  readonly store: {
    tail: (after: ReturnType<typeof cursorBehind>) => Promise<{ readonly events: readonly JournalEvent[] }>
  }
}) {
  const { events } = await store.tail(cursorBehind(undefined))
  return events.filter(({ type }) => type === 'WorkerDied')
}

const silence = () => systemClock.sleep(1_300)

test('a process that nobody with the key has begun, or that says something else of itself, counts for nobody, and is found', async () => {
  const address = await freshDatabase(servers.server)
  const one = await process(address, 'rack-1')
  const other = await process(address, 'rack-2')
  const columns = 'name, kind, sites, version, ttl, since, beat, dead, drain, reaper, seal'
  await asSuperuser(
    address,
    `INSERT INTO eosflow.worker(id, ${columns}) SELECT 'added', ${columns} FROM eosflow.worker WHERE id = '${other.own}'`,
  )
  expect((await one.workers.list()).map(({ id }) => id)).toEqual([one.own, other.own])
  await expect(one.store.verifyChain()).rejects.toThrow('what is kept of process added is not what it has sealed')
  await asSuperuser(address, "DELETE FROM eosflow.worker WHERE id = 'added'")
  await one.store.verifyChain()
  await asSuperuser(address, `UPDATE eosflow.worker SET sites = '{dc2}' WHERE id = '${other.own}'`)
  expect((await one.workers.list()).map(({ id }) => id)).toEqual([one.own])
  await other.workers.serve(['dc3'])
  expect((await one.rowOf(other.own))?.sites).toEqual(['dc3'])
  await one.store.verifyChain()
})

test('a death is on record once, however many looked: who died, when it was last heard of, and who said so', async () => {
  const address = await freshDatabase(servers.server)
  const dead = await process(address, 'rack-1', { beats: false })
  const [one, other] = [await process(address, 'rack-2'), await process(address, 'rack-3')]
  await silence()
  expect(await one.reap(dead.own)).toBe(true)
  expect(await other.reap(dead.own)).toBe(false)
  const row = await one.rowOf(dead.own)
  expect(row).toMatchObject({ name: 'rack-1', reaper: { worker: one.own, name: 'rack-2' } })
  expect(row?.isOnRecord).toBe(false)
  await Promise.all([other.record(), one.record(), other.record()])
  expect(await deathsIn(one)).toMatchObject([
    {
      type: 'WorkerDied',
      worker: dead.own,
      kind: 'worker',
      name: 'rack-1',
      sites: ['dc1'],
      version: '0.1.0',
      lastSign: row?.lastSign,
      declared: row?.dead,
      by: { worker: one.own, name: 'rack-2' },
    },
  ])
  expect(Date.parse(row?.dead ?? '') - Date.parse(row?.lastSign ?? '')).toBeGreaterThan(1_000)
  expect(await one.rowOf(dead.own)).toMatchObject({ isOnRecord: true })
  await other.record()
  expect(await deathsIn(one)).toHaveLength(1)
  await one.store.verifyChain()
  await asSuperuser(address, `DELETE FROM eosflow.used WHERE key = 'death ${dead.own}'`)
  await expect(one.store.verifyChain()).rejects.toMatchObject({
    message: expect.stringContaining(`that it used up "death ${dead.own}" is not kept`),
  })
})

test.each([
  ['an execution that it drove', 'execution'],
  ['a name that it held', 'name'],
])('who takes %s has declared it dead, and that is on record, too', { tags: 'turn' }, async (_, what) => {
  const address = await freshDatabase(servers.server)
  const dead = await process(address, 'rack-1', { beats: false })
  await dead.store.as(ALICE).append('x1', [STARTED])
  await dead.claims.claim('drift')
  const taker = await process(address, 'rack-2')
  await silence()
  if (what === 'execution') await taker.store.as(ALICE).append('x1', [{ type: 'ExecutionResumed' }])
  else await taker.claims.claim('drift')
  await taker.record()
  expect(await deathsIn(taker)).toMatchObject([{ worker: dead.own, by: { worker: taker.own, name: 'rack-2' } }])
  await taker.store.verifyChain()
})

test('a death that is not on record is forgotten by nobody: not after a day, and not by the dead one when it ends', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  const dead = await process(address, 'rack-1', { beats: false })
  const reaper = await process(address, 'rack-2')
  await silence()
  expect(await reaper.reap(dead.own)).toBe(true)
  await dead.close()
  await asSuperuser(address, `UPDATE eosflow.worker SET dead = dead - interval '2 days' WHERE id = '${dead.own}'`)
  const next = await process(address, 'rack-3')
  expect(await next.rowOf(dead.own)).toMatchObject({ isOnRecord: false })
  await next.record()
  expect(await deathsIn(next)).toHaveLength(1)
  const last = await process(address, 'rack-4')
  expect(await last.rowOf(dead.own)).toBeUndefined()
})

test('who ends in order leaves no death', async () => {
  const address = await freshDatabase(servers.server)
  const [one, other] = [await process(address, 'rack-1'), await process(address, 'rack-2')]
  await one.close()
  await other.record()
  expect(await deathsIn(other)).toEqual([])
  expect(await other.rowOf(one.own)).toBeUndefined()
})
