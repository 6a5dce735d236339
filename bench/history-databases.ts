import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import { noSegmentFiles } from '../src/change/record/chains/retired-segments.ts'
import { copyIn } from '../src/change/record/postgres/copy-in.ts'
import { openPostgresStore } from '../src/change/record/postgres/open-postgres-store.ts'
import type { PostgresAddress } from '../src/change/record/postgres/server-config.ts'
import { KeyRing } from '../src/change/record/seal/store-keys.ts'
import { readWhole } from '../src/change/record/sqlite/kept-rows.ts'
import { storedRows } from '../src/change/record/sqlite/move-out.ts'
import { withMoment } from '../src/change/record/sqlite/read-chains.ts'
import { startCluster } from '../test/postgres/cluster.ts'
import { builtOut } from './built.ts'
import { BESIDE, fillFile, type HistoryStores, keyOf, type PastRecords, withFolderCopied } from './history-stores.ts'

/** What a server of a small machine has: the defaults of PostgreSQL but for the log that a copied store writes. */
const SERVER = ['shared_buffers = 128MB', 'max_wal_size = 2GB', 'max_connections = 100']

/** Each store in a database of its own, all on one server that is started for them. */
export async function databaseStores(): Promise<HistoryStores & { readonly kind: 'postgres' }> {
  const server = await startCluster({ settings: SERVER })
  const addressOf = (dir: string): PostgresAddress => ({
    host: '127.0.0.1',
    port: server.port,
    database: basename(dir).replaceAll('-', '_'),
    user: 'postgres',
  })
  const onServer = (...statements: readonly string[]): Promise<void> => sent(server.url('postgres'), statements)
  return {
    kind: 'postgres',
    // There is no standby, and each command drives what it begins, as on a file.
    settings: (dir) => `store: ${server.url(addressOf(dir).database)}\nworkers: { durability: single }\n`,
    make: async (dir) => {
      await onServer(`CREATE DATABASE ${addressOf(dir).database} ENCODING 'UTF8' TEMPLATE template0`)
      await builtOut(dir, ['store', 'init'])
    },
    open: async (dir) => {
      const { store } = await openPostgresStore({
        address: addressOf(dir),
        installKey: keyOf(dir),
        isReplicated: false,
        ...BESIDE,
      })
      return store
    },
    fill: async (dir, past) => {
      await copyPast(addressOf(dir), keyOf(dir), past)
      const url = server.url(addressOf(dir).database)
      // What was copied is the store: executions wait in it, so that no move would take it. A server in use has long gathered what its plans go by.
      await sent(url, ['DELETE FROM eosflow.copied', 'VACUUM (ANALYZE)', 'CHECKPOINT'])
    },
    // Its settings are part of what is on record, so it has to be in the database that they name: the one that is kept is the copy.
    onCopy: async (dir, use) => {
      const { database } = addressOf(dir)
      await onServer(`CREATE DATABASE kept TEMPLATE ${database}`)
      try {
        return await withFolderCopied(dir, use)
      } finally {
        await onServer(`DROP DATABASE ${database} WITH (FORCE)`, `ALTER DATABASE kept RENAME TO ${database}`)
      }
    },
    end: () => server.end(),
  }
}

/** Makes a history as in a file, where it takes minutes and not hours, and copies that row by row, as a move into a database does. */
async function copyPast(address: PostgresAddress, installKey: string, past: PastRecords): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-history-file-'))
  const [file, keys] = [join(folder, 'store.db'), new KeyRing(installKey)]
  try {
    await fillFile(file, installKey, past)
    await withMoment(file, keys, noSegmentFiles, async (connection, trail) => {
      const said = connection.one<{ origin: string; check: string }>('SELECT origin, key_check AS "check" FROM store')
      const whole = readWhole(connection)
      if (said === undefined || whole === undefined) throw new Error(`${file} is no store`)
      if (trail.chains.fault !== undefined) throw new Error(`${file}: ${trail.chains.fault.reason}`)
      await copyIn(address, { ...said, whole, trail, rows: (table) => storedRows(connection, table) }, keys)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Sends statements to a database, each for itself: some of them go into no transaction. */
async function sent(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
