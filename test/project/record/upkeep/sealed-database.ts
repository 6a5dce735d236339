import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../../../../src/change/record/postgres/postgres-store.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { signingKeys } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ALICE, STARTED, STATEMENT } from '../../../change/record/one-of-each-event.ts'
import { temporaryFolder, writeFiles } from '../../../lab/lab.ts'
import { adminOf, asSuperuser, copyOf, emptyDatabase, type Server, urlOf } from '../../../postgres/store-for-test.ts'
import { type TypedIn, typedIn } from './typed-in.ts'

/** A project whose store is in a database. */
export interface DatabasePlace extends TypedIn {
  readonly dir: string
  /** Of the database, as its superuser. */
  readonly address: PostgresAddress
  /** The store as a process has it open that has no segments; closed when the test is over. */
  open(segments?: SegmentFiles): Promise<PostgresStore>
  /** The files of segments, and how many rows a table has. */
  segments(): readonly string[]
  count(table: string): Promise<unknown>
}

const planOf = (nonce: string) => `sha256:${Buffer.from(nonce.padEnd(32, '-')).toString('hex')}`

/** Nine records, of which 1, 3, 4 and 9 stay in the store when it leaves. */
async function changed(store: PostgresStore, id: string, device: string) {
  const journal = store.as(ALICE)
  const statement = { ...STATEMENT, plan: planOf(id), nonce: id, expires: '2026-01-06T08:00:00.000Z' }
  await journal.append(id, [STARTED, { type: 'StateEntered', path: '', state: 'plan' }])
  const events: readonly EventBody[] = [
    {
      type: 'PlanMade',
      digest: statement.plan,
      plan: await store.put(`the plan of ${id}`),
      waves: [[device]],
      unchanged: [],
    },
  ]
  await journal.append(id, events)
  await journal.append(undefined, [{ type: 'ApprovalDecided', statement, seal: 'hmac:1' }])
  await journal.append(id, [{ type: 'ApprovalUsed', plan: statement.plan, nonce: id }])
  await journal.append(id, [
    { type: 'ActIntended', act: 'stage', device, session: 'eosflow-1', checkpoint: 'eosflow-1' },
    { type: 'TaskSubmitted', path: '', state: 'ask', token: `sha256:${id}` },
  ])
  await journal.append(id, [
    {
      type: 'SnapshotTaken',
      name: 'before',
      snapshot: await store.put('what all of them show'),
      devices: [device],
      baseline: [device],
      notices: [device],
    },
  ])
  await journal.append(id, [
    { type: 'StateEntered', path: '', state: 'öffnen' },
    { type: 'ExecutionEnded', outcome: 'succeeded', devices: { [device]: 'changed' } },
  ])
}

/**
 * x1 to x3 have changed leaf1, one after the other, and x4 is open: the records of x1 and x2 may leave the store. `isAnother`: it has a name and keys
 * that no other place has.
 */
export async function databasePlace(server: Pick<Server, 'port'>, isAnother = false): Promise<DatabasePlace> {
  if (isAnother) return filledPlace(await emptyDatabase(server))
  const place = filled.get(server.port) ?? filledOnce(server)
  filled.set(server.port, place)
  const { dir: from, address: full } = await place
  const address = await copyOf(full)
  const dir = temporaryFolder()
  cpSync(from, dir, { recursive: true })
  writeFileSync(join(dir, 'eosflow.yaml'), settingsFor(address))
  return placeAt(dir, address)
}

/** The place that all others on a server begin as, by its port. It is made once for a process, because `store init` takes a second. */
const filled = new Map<number, Promise<DatabasePlace>>()

async function filledOnce(server: Pick<Server, 'port'>): Promise<DatabasePlace> {
  const address = { ...adminOf(server), database: `sealed_${process.pid}` }
  await asSuperuser(adminOf(server), `CREATE DATABASE ${address.database} ENCODING 'UTF8' TEMPLATE template0`)
  return filledPlace(address)
}

async function filledPlace(address: PostgresAddress): Promise<DatabasePlace> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-sealed-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  writeFiles(dir, {
    'eosflow.yaml': settingsFor(address),
    'inventory.yaml': `credentials: { lab: { username: u, password: "\${env:P}" } }\ndefaults: { credentials: lab }\ndevices: { leaf1: { host: 192.0.2.1 } }\n`,
  })
  const place = placeAt(dir, address)
  await place.done('store', 'init')
  const store = await openedIn(place)
  for (const id of ['x1', 'x2', 'x3']) await changed(store, id, 'leaf1')
  await store.as(ALICE).append('x4', [STARTED])
  await store.audit.checkpoint()
  await store.close()
  return place
}

const settingsFor = (address: PostgresAddress) =>
  `version: 1\nworkers: { durability: single }\nstore: ${urlOf(address)}\n`

function placeAt(dir: string, address: PostgresAddress): DatabasePlace {
  return {
    dir,
    address,
    ...typedIn(dir),
    open: async (segments) => {
      const store = await openedIn({ dir, address }, segments)
      onTestFinished(() => store.close())
      return store
    },
    segments: () => readdirSync(join(dir, '.eosflow/segments')).filter((name) => name.includes('executions-')),
    count: async (table) => (await asSuperuser(address, `SELECT count(*) AS many FROM ${table}`))[0]?.many,
  }
}

async function openedIn(
  { dir, address }: Pick<DatabasePlace, 'dir' | 'address'>,
  segments?: SegmentFiles,
): Promise<PostgresStore> {
  const { store } = await openPostgresStore({
    address,
    installKey: readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim(),
    checkpointKey: () => signingKeys(join(dir, '.eosflow'), {}).readOrMake('checkpoint').key,
    clock: systemClock,
    isReplicated: false,
    ...(segments === undefined ? {} : { segments }),
  })
  return store
}

const WAITS: readonly EventBody[] = [
  STARTED,
  { type: 'StateEntered', path: '', state: 'ask' },
  { type: 'TaskSubmitted', path: '', state: 'ask', token: 'sha256:00' },
]

/** Begins so many executions, w000 and on, of which each waits for an answer. Gives their ids. */
export async function beginWaiting(store: Pick<Store, 'as'>, count: number) {
  const ids = Array.from({ length: count }, (_, index) => `w${String(index).padStart(3, '0')}`)
  await Promise.all(ids.map((id) => store.as(ALICE).append(id, WAITS)))
  return ids
}
