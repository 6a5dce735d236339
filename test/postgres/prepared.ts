import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { makeStore } from '../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../src/change/record/seal/store-keys.ts'
import { fill } from '../change/record/fill-store.ts'
import { KEY } from '../change/record/sqlite/open-for-test.ts'
import { postgresPrograms, prepareClusters, startCluster } from './cluster.ts'
import { asSuperuser, copyOf, FILLED, MADE, opened, SHARED } from './store-for-test.ts'

/**
 * Calls initdb once for all files of a run, and makes the store once that each database begins as a copy of. Starts the server that most files share.
 * Gives what ends it and takes all of it away.
 */
export async function setup(): Promise<() => Promise<void>> {
  const remove = await prepareClusters()
  if (postgresPrograms() === undefined) return async () => remove()
  const server = await startCluster({ settings: ['max_connections = 300'] })
  const admin = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' }
  await asSuperuser(admin, `CREATE DATABASE ${MADE} ENCODING 'UTF8' TEMPLATE template0`)
  await makeStore({ ...admin, database: MADE }, new KeyRing(KEY))
  await asSuperuser(admin, 'CREATE ROLE eos_app LOGIN IN ROLE eos_worker')
  await copyOf({ ...admin, database: MADE }, FILLED)
  const store = await opened({ ...admin, database: FILLED, user: 'eos_app' })
  await fill(store, () => store.audit.close())
  await store.close()
  await server.stop()
  // A server that a file has for itself begins as this one does.
  const data = join(server.folder, 'made')
  execFileSync('cp', ['-a', join(server.folder, 'data'), data])
  await server.start()
  process.env[SHARED] = JSON.stringify({ port: server.port, data })
  return async () => {
    await server.end()
    remove()
  }
}
