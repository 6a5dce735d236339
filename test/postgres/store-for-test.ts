import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { KeyRing } from '../../src/journal/key-ring.ts'
import type { PostgresAddress } from '../../src/journal/postgres/address.ts'
import { Questions } from '../../src/journal/postgres/database.ts'
import { makeStore } from '../../src/journal/postgres/layout.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../../src/journal/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../../src/journal/postgres/postgres-store.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { asAlice, KEY } from '../journal/sqlite/open-for-test.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** A server for the tests of one file. */
export function serverForTests(settings: readonly string[] = []): { readonly server: Cluster } {
  const held: { server?: Cluster } = {}
  beforeAll(async () => {
    held.server = await startCluster({ settings })
  })
  afterAll(() => held.server?.end())
  return {
    get server() {
      if (held.server === undefined) throw new Error('the server was not started')
      return held.server
    },
  }
}

let made = 0

/** A database that no other one of this process is called. */
const newName = (): string => {
  made += 1
  return `store${made}`
}

/** The database of a server in which the layout of a store is laid, and no store: each new one begins as a copy of it. */
const LAID = 'laid'
/** The tables that have a row as soon as there is a store. */
const HEADS = ['store', 'register_head', 'checkpoint_head', 'delivery_head', 'freeze_lock']

/** What lays the layout in a server: once, for all who ask at the same time. */
const laying = new WeakMap<Cluster, Promise<void>>()

/** The address of a store of its own, as a user who may do no more than a worker. */
export async function freshDatabase(server: Cluster): Promise<PostgresAddress> {
  const admin: PostgresAddress = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' }
  const isLaid = laying.get(server) ?? layOnce(admin).finally(() => laying.delete(server))
  laying.set(server, isLaid)
  await isLaid
  const address = await copyOf({ ...admin, database: LAID })
  await makeStore(address, new KeyRing(KEY))
  return { ...address, user: 'eos_app' }
}

/** To lay a layout takes ten times as long as to make a store where it is laid. A server that was put back may have none. */
async function layOnce(admin: PostgresAddress): Promise<void> {
  const [found] = await asSuperuser(admin, `SELECT 1 FROM pg_database WHERE datname = '${LAID}'`)
  if (found !== undefined) return
  const address = { ...admin, database: 'laying' }
  await asSuperuser(admin, `CREATE DATABASE ${address.database} ENCODING 'UTF8' TEMPLATE template0`)
  await makeStore(address, new KeyRing(KEY))
  const emptied = HEADS.map((table) => `DELETE FROM eosflow.${table}`)
  await asSuperuser(address, 'SET session_replication_role = replica', ...emptied)
  await asSuperuser(
    admin,
    `ALTER DATABASE ${address.database} RENAME TO ${LAID}`,
    'DO $$ BEGIN CREATE ROLE eos_app LOGIN IN ROLE eos_worker; EXCEPTION WHEN duplicate_object THEN NULL; END $$',
  )
}

/** A database as another one is, in which nobody is connected: a store of which many tests change a copy. */
export async function copyOf(address: PostgresAddress): Promise<PostgresAddress> {
  const database = newName()
  await asSuperuser({ ...address, database: 'postgres' }, `CREATE DATABASE ${database} TEMPLATE ${address.database}`)
  return { ...address, database }
}

/** A store as one process has it open until the test is over. Its beats have the time of the machine, its records that of `clock`. */
export async function openedAt(
  address: PostgresAddress,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore & Journal> {
  const store = await opened(address, options)
  onTestFinished(() => store.close())
  return store
}

/** The same, for whoever closes it. */
export async function opened(
  address: PostgresAddress,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore & Journal> {
  const clock = options.clock ?? new VirtualClock()
  const timed = { now: () => clock.now(), monotonic: () => systemClock.monotonic(), sleep: systemClock.sleep }
  const { store } = await openPostgresStore({
    address,
    installKey: KEY,
    quarantineSeconds: 10,
    isReplicated: false,
    isClockHeld: false,
    ...options,
    clock: timed,
  })
  return asAlice(store)
}

/** Asks a database as its superuser, past every rule of the store. */
export async function asSuperuser(
  address: PostgresAddress,
  ...statements: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const questions = new Questions({ ...address, user: 'postgres' }, { name: 'test' })
  try {
    let rows: readonly Record<string, unknown>[] = []
    for (const statement of statements) rows = await questions.ask(statement)
    return rows
  } finally {
    await questions.close()
  }
}

/** Has a standby take over, and waits until it has: a busy machine takes longer for it than a session waits for an answer. */
export async function promote(standby: PostgresAddress): Promise<void> {
  await asSuperuser(standby, 'SELECT pg_promote(false)')
  const isWaiting = async () => (await asSuperuser(standby, 'SELECT pg_is_in_recovery() AS waits'))[0]?.waits !== false
  while (await isWaiting()) await systemClock.sleep(20)
}
