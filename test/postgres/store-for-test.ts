import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { Questions } from '../../src/change/record/postgres/database.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../../src/change/record/postgres/postgres-store.ts'
import type { PostgresAddress } from '../../src/change/record/postgres/server-config.ts'
import type { Journal } from '../../src/change/record/store/journal.ts'
import type { Notes } from '../../src/change/record/store/notes.ts'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { asAlice, KEY } from '../change/record/sqlite/open-for-test.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** The database of every server here in which a store was made: each new one begins as a copy of it. */
export const MADE = 'made'
/** The same, with sixteen records in it: see {@link fill}. */
export const FILLED = 'filled'
/** The variable that says where the server is that files share, and the folder that each other one begins as a copy of. */
export const SHARED = 'TEST_POSTGRES_SHARED'

/** A server as tests know it that share it with others. */
export type Server = Pick<Cluster, 'port' | 'url'>

function shared() {
  const said = process.env[SHARED]
  if (said === undefined) throw new Error('no server was prepared: npm run test:postgres')
  return JSON.parse(said)
}

/** The databases of the file that runs, which are taken away when it is over. */
const ofFile: PostgresAddress[] = []

/** The server that all files share. A file that changes a role or stops a server takes {@link ownServerForTests}. */
export function serverForTests(): { readonly server: Server } {
  afterAll(async () => {
    const { port } = shared()
    const dropped = ofFile.splice(0).flatMap((one) => (one.port === port ? [one.database] : []))
    const statements = dropped.map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    if (statements.length > 0) await asSuperuser(adminOf({ port }), ...statements)
  })
  return {
    get server() {
      const { port } = shared()
      return { port, url: (database: string, user = 'postgres') => `postgres://${user}@127.0.0.1:${port}/${database}` }
    },
  }
}

/** How a server is that a file has for itself. */
interface OwnServer {
  readonly settings?: readonly string[]
  /** Without a role and a store. Default: as the one that files share. */
  readonly isBare?: boolean
}

/** A server for the tests of one file, which may stop it and change its roles. */
export function ownServerForTests({ settings = [], isBare = false }: OwnServer = {}): { readonly server: Cluster } {
  const from = () => (isBare ? {} : { from: shared().data })
  return begunBefore(async () => ({ server: await startCluster({ settings, ...from() }) }))
}

/** A server and its standby, for the tests of one file. */
export function withStandby(): { readonly primary: Cluster; readonly standby: Cluster } {
  return begunBefore(async () => {
    const primary = await startCluster({ from: shared().data })
    return { standby: await startCluster({ standbyOf: { primary, name: 'second' } }), primary }
  })
}

/** Begins servers before the tests of a file, and ends them when these are over. */
function begunBefore<Servers extends Readonly<Record<string, Cluster>>>(begin: () => Promise<Servers>) {
  let begun: Servers | undefined
  beforeAll(async () => {
    begun = await begin()
  })
  afterAll(async () => {
    for (const cluster of Object.values(begun ?? {})) await cluster.end()
  })
  return new Proxy({} as Servers, { get: (_, name) => begun?.[String(name)] })
}

let made = 0

/** A name that no other database of these servers has. */
function newName() {
  made += 1
  return `store${made}_${process.pid}`
}

/** The address of a server's own database, as its superuser. */
export function adminOf({ port }: Pick<Server, 'port'>): PostgresAddress {
  return { host: '127.0.0.1', port, database: 'postgres', user: 'postgres' }
}

/** The address of a store of its own, as a user who may do no more than a worker. */
export async function freshDatabase(server: Pick<Server, 'port'>): Promise<PostgresAddress> {
  return { ...(await copyOf({ ...adminOf(server), database: MADE })), user: 'eos_app' }
}

/** A database in which there is nothing, as the superuser. */
export async function emptyDatabase(server: Pick<Server, 'port'>): Promise<PostgresAddress> {
  const database = newName()
  await asSuperuser(adminOf(server), `CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0`)
  const address = { ...adminOf(server), database }
  ofFile.push(address)
  return address
}

/** The address of a database as settings have it. */
export const urlOf = ({ host, port, database, user }: PostgresAddress) =>
  `postgres://${user}@${host}:${port}/${database}`

/** A database as another one is, in which nobody is connected: a store of which many tests change a copy. */
export async function copyOf(address: PostgresAddress, database = newName()): Promise<PostgresAddress> {
  await asSuperuser(adminOf(address), `CREATE DATABASE ${database} TEMPLATE ${address.database}`)
  const copy = { ...address, database }
  ofFile.push(copy)
  return copy
}

/** A store as one process has it open until the test is over. Its beats have the time of the machine, its records that of `clock`. */
export async function openedAt(
  address: PostgresAddress,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore & Journal & { readonly notes: Notes }> {
  const store = await opened(address, options)
  let closed: Promise<void> | undefined
  const end = store.close.bind(store)
  const close = () => (closed ??= end())
  onTestFinished(close)
  return Object.assign(store, { close })
}

/** The same, for whoever closes it. */
export async function opened(
  address: PostgresAddress,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore & Journal & { readonly notes: Notes }> {
  const clock = options.clock ?? new VirtualClock()
  const timed = { now: () => clock.now(), monotonic: () => systemClock.monotonic(), sleep: systemClock.sleep }
  const { store, notes } = await openPostgresStore({
    address,
    installKey: KEY,
    quarantineSeconds: 10,
    isReplicated: false,
    isClockHeld: false,
    ...options,
    clock: timed,
  })
  return Object.assign(asAlice(store), { notes })
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
export async function promote(standby: PostgresAddress) {
  await asSuperuser(standby, 'SELECT pg_promote(false)')
  const isWaiting = async () => (await asSuperuser(standby, 'SELECT pg_is_in_recovery() AS waits'))[0]?.waits !== false
  while (await isWaiting()) await systemClock.sleep(20)
}
