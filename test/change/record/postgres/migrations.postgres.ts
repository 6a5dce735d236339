import { expect, test } from 'vitest'
import { makeStore, migrateStore } from '../../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { KEY, thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

test('a store of each layout before the first release is refused by name, and stays as it is', async () => {
  const address = await freshDatabase(servers.server)
  const admin = { ...address, user: 'postgres' }
  const tables = "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'eosflow'"
  const [before] = await asSuperuser(address, tables)
  const layouts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
  for (const layout of layouts) {
    await asSuperuser(address, `UPDATE eosflow.migration SET number = ${layout}`)
    const refusal = {
      kind: 'store',
      message: expect.stringContaining(`has layout ${layout}; this eosflow works with 15`),
      hint: expect.stringMatching(/^No release has made such a store\. Export its record .* begin another one/),
    }
    expect(await thrownBy(() => openedAt(address)), `open ${layout}`).toMatchObject(refusal)
    expect(await thrownBy(() => migrateStore(admin)), `migrate ${layout}`).toMatchObject(refusal)
    expect(await thrownBy(() => makeStore(admin, new KeyRing(KEY))), `init ${layout}`).toMatchObject(refusal)
  }
  expect(await asSuperuser(address, tables)).toEqual([before])
  expect(await asSuperuser(address, 'SELECT number FROM eosflow.migration')).toEqual([{ number: 14 }])
})

test('a store of this layout is left as it is by a migration', async () => {
  const address = await freshDatabase(servers.server)
  expect(await migrateStore({ ...address, user: 'postgres' })).toMatchObject({ from: 15, to: 15 })
  await openedAt(address)
})
