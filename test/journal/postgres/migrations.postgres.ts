import { expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { asOwner, migrateStore } from '../../../src/journal/postgres/layout.ts'
import { MIGRATIONS } from '../../../src/journal/postgres/migrations.ts'
import { emptyRegister } from '../../../src/journal/postgres/prepare.ts'
import { storeKeys } from '../../../src/journal/store-keys.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { ONE_OF_EACH } from '../one-of-each-event.ts'
import { KEY, thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests(['fsync = off'])

const STARTED = ONE_OF_EACH[0] as EventBody
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

test('a store of layout 3 is refused by name, is brought up to date, and is written to then', async () => {
  const fresh = await freshDatabase(servers.server)
  const address = { ...fresh, database: 'older' }
  const admin = { ...address, user: 'postgres' }
  await asSuperuser(fresh, "CREATE DATABASE older ENCODING 'UTF8' TEMPLATE template0")
  await asSuperuser(address, 'CREATE SCHEMA eosflow AUTHORIZATION eos_owner')
  const origin = 'eosflow.audit/0123456789abcdef'
  const keys = storeKeys(KEY)
  await asOwner(admin, async (session) => {
    await session.send('SET LOCAL ROLE eos_owner')
    await session.send(
      'CREATE TABLE eosflow.migration(number int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())',
    )
    for (const { number, name, sql } of MIGRATIONS.filter((one) => one.number <= 3)) {
      await session.send(sql)
      await session.send('INSERT INTO migration(number, name) VALUES ($1, $2)', [number, name])
    }
    const { n, hash, seal } = emptyRegister(origin, keys)
    await session.send('INSERT INTO store(origin, key_check) VALUES ($1, $2)', [origin, keys.check])
    await session.send(
      "INSERT INTO register_head(n, hash, seal, uncovered) VALUES ($1, decode($2, 'hex'), decode($3, 'hex'), '{}')",
      [n, hash, seal],
    )
    await session.send('INSERT INTO freeze_version(version) VALUES (0)')
  })
  expect(await thrownBy(() => openedAt(address))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('has layout 3'),
    hint: 'Bring it up to date: eosflow store migrate.',
  })
  expect(await migrateStore(admin)).toMatchObject({ from: 3, origin })
  const store = await openedAt(address)
  await store.append('x1', [STARTED])
  await store.append('x1', [ASKED, ASKED])
  expect(await store.read('x1')).toHaveLength(3)
  await store.verifyChain()
})
