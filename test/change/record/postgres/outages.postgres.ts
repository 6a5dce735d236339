import { expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { CuttingProxy } from '../../../postgres/cutting-proxy.ts'
import { asSuperuser, freshDatabase, openedAt, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { KEY, thrownBy } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ settings: ['max_connections = 100'] })

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const RESUMED: EventBody = { type: 'ExecutionResumed' }

test('a proof lasts no longer than the term behind which others may take over: who gives no other sign of life gives one with it', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  // Its own signs of life do not get through.
  const one = await openedAt(address, { worker: { ttl: 2_000, beat: 3_600_000 } })
  const other = await openedAt(address)
  await one.append('x1', [STARTED, STAGED])
  await systemClock.sleep(1_800)
  const fence = await one.fence('x1', 'leaf1')
  // 2.1 s behind its first sign of life: 0.3 s behind the proof, which may be 0.6 s old.
  await systemClock.sleep(300)
  const taken = await other.append('x1', [RESUMED]).then(
    () => true,
    () => false,
  )
  expect({ taken, isFresh: fence.isFresh }).toEqual({ taken: false, isFresh: true })
  await systemClock.sleep(2_000)
  await other.append('x1', [RESUMED])
  expect(fence.isFresh).toBe(false)
  expect(await thrownBy(() => one.fence('x1', 'leaf1'))).toMatchObject({ kind: 'busy' })
})

test('a process whose first word was written, and the answer lost, is the one that was begun', async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const store = await openedAt({ ...address, port: proxy.port })
  const cut = proxy.cutAt('worker_begin', 'behind')
  const [written] = await Promise.all([store.append('x1', [STARTED]), cut])
  expect(written).toHaveLength(1)
})

test('a claim that cannot be given up, because the server is away, is given up once it is back', async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const open = async (port: number) => {
    const opened = await openPostgresStore({
      address: { ...address, port },
      installKey: KEY,
      clock: systemClock,
      isReplicated: false,
      isClockHeld: false,
    })
    onTestFinished(() => opened.store.close())
    return opened
  }
  const [one, other] = [await open(proxy.port), await open(servers.server.port)]
  await one.store.as(ALICE).append('x1', [STARTED])
  const claim = await one.claims.claim('x1')
  proxy.down()
  await claim.release()
  expect(await other.claims.isClaimed('x1')).toBe(true)
  proxy.up()
  await expect.poll(() => other.claims.isClaimed('x1'), { timeout: 8_000 }).toBe(false)
  await other.store.as(ALICE).append('x1', [RESUMED])
  expect(await one.store.as(ALICE).read('x1')).toHaveLength(2)
})

test('a claim that is had anew is not given up by the one before', { tags: 'turn' }, async () => {
  const address = await freshDatabase(servers.server)
  const proxy = await CuttingProxy.to(servers.server.port)
  onTestFinished(() => proxy.close())
  const { store, claims } = await openPostgresStore({
    address: { ...address, port: proxy.port },
    installKey: KEY,
    clock: systemClock,
    isReplicated: false,
    isClockHeld: false,
  })
  onTestFinished(() => store.close())
  await store.as(ALICE).append('x1', [STARTED])
  const first = await claims.claim('x1')
  proxy.down()
  await first.release()
  proxy.up()
  await claims.claim('x1')
  await store.as(ALICE).append('x1', [RESUMED])
  await systemClock.sleep(2_000)
  expect(await asSuperuser(address, "SELECT name FROM eosflow.hold WHERE name = 'x1'")).toEqual([{ name: 'x1' }])
  expect(await asSuperuser(address, 'SELECT token, worker IS NULL AS free FROM eosflow.execution')).toEqual([
    { token: 2, free: false },
  ])
})

test.each([
  ['statement_timeout', '1ms'],
  ['lock_timeout', '1ms'],
])('a limit that the server has for the user does not end appends: %s', { tags: 'turn' }, async (setting, value) => {
  const address = await freshDatabase(servers.server)
  onTestFinished(() => asSuperuser(address, `ALTER ROLE eos_app RESET ${setting}`).then(() => undefined))
  await asSuperuser(address, `ALTER ROLE eos_app SET ${setting} = '${value}'`)
  const store = await openedAt(address)
  await store.append('x1', [STARTED])
  // Somebody else writes at the same time.
  const held = asSuperuser(address, 'BEGIN; SELECT 1 FROM eosflow.execution FOR UPDATE; SELECT pg_sleep(0.5); COMMIT')
  await systemClock.sleep(100)
  expect(await store.append('x1', [STAGED])).toHaveLength(1)
  await held
})

test('what was acknowledged is on the disk of the server, also where the settings of the user say otherwise', async () => {
  const address = await freshDatabase(servers.server)
  onTestFinished(() => asSuperuser(address, 'ALTER ROLE eos_app RESET synchronous_commit').then(() => undefined))
  await asSuperuser(
    address,
    'ALTER ROLE eos_app SET synchronous_commit = off',
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    'SELECT pg_reload_conf()',
  )
  const store = await openedAt(address)
  await store.append('x1', [STARTED])
  await store.append('x1', [STAGED])
  await servers.server.stop('immediate')
  await servers.server.start()
  await expect.poll(async () => (await store.read('x1').catch(() => [])).length, { timeout: 5_000 }).toBe(2)
})

test.each([
  [
    'takes no writes',
    'ALTER ROLE eos_app SET default_transaction_read_only = on',
    'ALTER ROLE eos_app RESET default_transaction_read_only',
  ],
  ['lets nobody connect', 'ALTER ROLE eos_app CONNECTION LIMIT 0', 'ALTER ROLE eos_app CONNECTION LIMIT -1'],
])(
  'a server that %s is an outage, and what was to be written is written when that is over',
  { tags: 'turn' },
  async (_, on, off) => {
    const address = await freshDatabase(servers.server)
    const store = await openedAt(address)
    const [begun] = await store.append('x1', [STARTED])
    const cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'eos_app'"
    onTestFinished(() => asSuperuser(address, off, cut).then(() => undefined))
    await asSuperuser(address, on, cut)
    const error = await thrownBy(() => store.append('x1', [STAGED], begun?.seq))
    if (!(error instanceof OutageError) || error.doubt === undefined) throw error
    expect(await thrownBy(() => store.fence('x1', 'leaf1').then(() => store.put('a text')))).toBeInstanceOf(OutageError)
    await asSuperuser(address, off, cut)
    const again = { write: error.doubt, ifLost: 'send' } as const
    expect(await store.as(ALICE).append('x1', [STAGED], begun?.seq, again)).toHaveLength(1)
  },
)
