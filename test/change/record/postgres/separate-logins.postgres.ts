import { expect, test } from 'vitest'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import { makeStore } from '../../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { asSuperuser, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ isBare: true })

test('[W5] the hint for who may not make the roles makes an administrator beside the login of workers, and works as it is printed', async () => {
  const address = { host: '127.0.0.1', port: servers.server.port, database: 'postgres', user: 'eosflow' }
  await asSuperuser(address, 'CREATE ROLE eosflow LOGIN')
  const error = await makeStore(address, new KeyRing(KEY)).catch((thrown: unknown) => thrown)
  const { hint } = error as { readonly hint: string }
  const statements = hint.split('\n').filter((line) => line.endsWith(';'))
  expect(statements).toHaveLength(6)
  for (const statement of statements) await asSuperuser(address, statement)
  await makeStore({ ...address, user: 'eosflow_admin' }, new KeyRing(KEY))
  expect(hint).toContain('GRANT eos_worker TO')
  const session = new Session(address, { name: 'test' })
  await session.open()
  const { rows } = await session.send("SELECT pg_has_role('eosflow', 'eos_owner', 'member') AS owns")
  await session.close()
  expect(rows).toEqual([{ owns: false }])
})
