import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { Questions, Session } from '../../../../src/change/record/postgres/database.ts'
import { makeStore } from '../../../../src/change/record/postgres/layout.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { PINNED, type PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { openDbosDispatcher } from '../../../../src/project/app/dispatch/dbos/dbos-dispatcher.ts'
import { makeTables } from '../../../../src/project/app/dispatch/dbos/dbos-tables.ts'
import { dispatchPool } from '../../../../src/project/app/dispatch/dbos/patient-pool.ts'
import { activationOf } from '../../../../src/project/app/dispatch/port/activation.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { soon } from '../../../lab/loopback.ts'
import { asSuperuser, freshDatabase, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ settings: ['fsync = off'] })

/** Each setting of a session that changes a text or a meaning, as somebody has set it, and as every session of eosflow has it. */
const HOSTILE: readonly (readonly [name: string, hostile: string, own: string])[] = [
  ['array_nulls', 'off', 'on'],
  ['backslash_quote', 'on', 'safe_encoding'],
  ['bytea_output', 'escape', 'hex'],
  ['client_min_messages', 'error', 'notice'],
  ['DateStyle', 'SQL, DMY', 'ISO, YMD'],
  ['default_transaction_deferrable', 'on', 'off'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['exit_on_error', 'on', 'off'],
  ['extra_float_digits', '-15', '1'],
  ['IntervalStyle', 'iso_8601', 'postgres'],
  ['lc_monetary', 'C.UTF-8', 'C'],
  ['lc_numeric', 'C.UTF-8', 'C'],
  ['lc_time', 'C.UTF-8', 'C'],
  ['lock_timeout', '1ms', '0'],
  ['quote_all_identifiers', 'on', 'off'],
  ['row_security', 'off', 'on'],
  ['search_path', 'public', 'its own'],
  ['standard_conforming_strings', 'off', 'on'],
  ['statement_timeout', '1ms', 'its own'],
  ['TimeZone', 'Asia/Kathmandu', 'UTC'],
  ['transform_null_equals', 'on', 'off'],
  ['xmlbinary', 'hex', 'base64'],
  ['xmloption', 'document', 'content'],
]

/** Settings of the same kinds that are left as they are, and why. */
const LEFT: Readonly<Record<string, string>> = {
  check_function_bodies: 'of functions that are made: these are made by eosflow',
  client_encoding: 'the driver sets it',
  default_table_access_method: 'where a table is kept is its owner’s',
  default_tablespace: 'where a table is kept is its owner’s',
  default_text_search_config: 'no text is searched so',
  default_toast_compression: 'where a table is kept is its owner’s',
  default_transaction_read_only: 'who sets it means it: the store is away as long as it takes no writes',
  escape_string_warning: 'there is no backslash in a literal',
  gin_fuzzy_search_limit: 'there is no such index in the store',
  gin_pending_list_limit: 'speed alone',
  idle_in_transaction_session_timeout: 'the driver sets it',
  idle_session_timeout: 'a session that was ended is opened anew',
  local_preload_libraries: 'of the folder of plugins, which only an administrator of the machine fills',
  restrict_nonsystem_relation_kind: 'there are no views and foreign tables',
  synchronize_seqscans: 'what has an order is asked for in it',
  temp_tablespaces: 'where a table is kept is its owner’s',
  timezone_abbreviations: 'times are written with their distance from UTC',
  transaction_deferrable: 'of one transaction',
  transaction_isolation: 'of one transaction',
  transaction_read_only: 'of one transaction',
  transaction_timeout: 'a transaction that was ended is begun anew',
}

async function set(address: PostgresAddress, where: 'ROLE eos_app' | 'DATABASE') {
  const place = where === 'DATABASE' ? `DATABASE ${address.database}` : where
  await asSuperuser(
    address,
    ...HOSTILE.map(([name, value]) => `ALTER ${place} SET ${name} = ${name === 'DateStyle' ? value : `'${value}'`}`),
  )
}

async function shown(address: PostgresAddress) {
  const session = new Session(address, { name: 'test', statementTimeout: 777 })
  const questions = new Questions(address, { name: 'test', statementTimeout: 777 })
  const pool = dispatchPool(address, 'test', 1)
  try {
    await session.open()
    const values: (readonly [string, string])[] = []
    for (const [name, , own] of HOSTILE) {
      const text = `SELECT current_setting('${name}') AS value`
      const found = [
        (await session.send(text)).rows[0]?.value,
        (await questions.one<{ value: string }>(text))?.value,
        (await pool.query(text)).rows[0]?.value,
      ]
      const meant =
        name === 'search_path'
          ? ['eosflow, pg_temp', 'eosflow, pg_temp', 'pg_catalog, pg_temp']
          : name === 'statement_timeout'
            ? ['777ms', '777ms', '0']
            : [own, own, own]
      expect(found, name).toEqual(meant)
      values.push([name, String(found[0])])
    }
    return values
  } finally {
    await session.close()
    await questions.close()
    await pool.end()
  }
}

test('[W1] every setting that changes a text or a meaning is that of eosflow, whatever the role and the database have', async () => {
  const address = await freshDatabase(servers.server)
  expect(HOSTILE.map(([name]) => name)).toEqual(Object.keys(PINNED))
  try {
    for (const where of ['ROLE eos_app', 'DATABASE'] as const) {
      await set(address, where)
      expect(await shown(address)).toHaveLength(23)
      await asSuperuser(address, 'ALTER ROLE eos_app RESET ALL')
    }
  } finally {
    await asSuperuser(address, 'ALTER ROLE eos_app RESET ALL')
  }
})

test('there is no other one of these kinds on this server that nobody has looked at', async () => {
  const address = await freshDatabase(servers.server)
  const rows = await asSuperuser(
    address,
    `SELECT name FROM pg_settings WHERE context = 'user' AND name NOT LIKE 'vacuum%'
      AND (category LIKE 'Client Connection Defaults%' OR category LIKE 'Version and Platform Compatibility%') ORDER BY 1`,
  )
  const names = rows.map(({ name }) => String(name))
  expect(names.length).toBeGreaterThan(35)
  expect(names.filter((name) => PINNED[name] === undefined && LEFT[name] === undefined)).toEqual([])
})

test('[W1] the dead are declared, workers are listed and activations come with all of them set against eosflow', async () => {
  const address = await freshDatabase(servers.server)
  await set(address, 'DATABASE')
  const admin = { ...address, user: 'postgres' }
  await makeStore(admin, new KeyRing(KEY))
  await makeTables(admin, systemClock)
  const open = (id: string) =>
    openPostgresStore({
      address,
      installKey: KEY,
      clock: systemClock,
      isReplicated: false,
      worker: { id, kind: 'worker', ttl: 600, beat: 60_000 },
    })
  const [dead, living] = [await open('dead'), await open('living')]
  try {
    await dead.store.as(ALICE).append('x1', [ONE_OF_EACH[0] as (typeof ONE_OF_EACH)[number]])
    await living.store.as(ALICE).append('x2', [ONE_OF_EACH[0] as (typeof ONE_OF_EACH)[number]])
    await systemClock.sleep(700)
    const rows = await living.workers.list()
    const row = rows.find(({ id }) => id === 'dead')
    expect(row).toMatchObject({ id: 'dead', ttl: 600, since: expect.stringMatching(/^20\d\d-\d\d-\d\dT/) })
    expect(Math.abs(Date.parse(row?.lastSign ?? '') - Date.now())).toBeLessThan(60_000)
    expect(row?.age).toBeGreaterThan(600)
    expect(await living.workers.reap('dead', row?.beat ?? '')).toBe(true)
    expect((await living.workers.list()).find(({ id }) => id === 'dead')?.dead).toMatch(/^20\d\d-/)
    expect(await living.workers.hasDied('x1')).toBe(true)
    expect((await living.store.read('x1')).length).toBe(1)
    await living.store.verifyChain()
  } finally {
    await dead.store.close()
    await living.store.close()
  }
  const dispatcher = () =>
    openDbosDispatcher({ address, version: 'i2', clock: systemClock, tell: () => undefined, executor: randomUUID() })
  const [worker, client] = [await dispatcher(), await dispatcher()]
  const came: string[] = []
  await client.post(activationOf('a', 'dc1', { why: 'begun' }))
  await worker.work(['dc1'], 1, async ({ execution }) => void came.push(execution))
  await soon(() => came.length === 1)
  await client.close()
  await worker.close()
})
