import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, promote, withStandby } from '../../../postgres/store-for-test.ts'
import { Way } from '../../../project/worker/way.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const LONG = { lasts: 600_000 }

const servers = withStandby()

test('a server goes on with the notes that a standby has which took over without the newest of them', async () => {
  const address = await freshDatabase(servers.primary)
  const way = await Way.to(servers.primary.port)
  const { store, notes } = await openPostgresStore({
    address: { ...address, port: way.port },
    installKey: KEY,
    clock: systemClock,
    isReplicated: false,
  })
  onTestFinished(async () => {
    await store.close()
    way.close()
  })
  await notes.put('session', 'ann', 'ann', LONG)
  const later = { ...address, port: servers.standby.port }
  const has = async () => asSuperuser(later, 'SELECT kind FROM eosflow.note').catch(() => [])
  await expect.poll(has, { timeout: 10_000 }).toEqual([{ kind: 'session' }])
  await servers.standby.stop()
  await notes.put('session', 'ben', 'ben', LONG)
  await servers.primary.stop('immediate')
  await servers.standby.start()
  way.leadTo(servers.standby.port)
  // What the first questions break off with says nothing.
  for (let tries = 0; tries < 3; tries += 1) await notes.now().catch(() => undefined)
  await expect(notes.read('session', 'ann')).rejects.toThrow('it is a standby that has not taken over')
  await promote({ ...later, user: 'postgres', database: 'postgres' })
  expect((await notes.read('session', 'ann'))?.text).toBe('ann')
  expect([await notes.read('session', 'ben'), await notes.put('session', 'ben', 'another', LONG)]).toEqual([
    undefined,
    true,
  ])
})
