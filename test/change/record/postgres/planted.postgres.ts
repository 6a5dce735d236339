import { describe, expect, test } from 'vitest'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import { makeStore, migrateStore } from '../../../../src/change/record/postgres/layout.ts'
import { foundDeviations } from '../../../../src/change/record/postgres/put-right.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { makeTables } from '../../../../src/project/app/dispatch/dbos/dbos-tables.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { asSuperuser, freshDatabase, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ settings: ['fsync = off'] })

/** A store with its queues, as a login of workers has it. */
async function fresh() {
  const address = await freshDatabase(servers.server)
  await makeTables({ ...address, user: 'postgres' }, systemClock)
  return address
}

/** What eosflow store init does, as the superuser of the server. */
async function made(address: PostgresAddress) {
  const admin = { ...address, user: 'postgres' }
  await makeStore(admin, new KeyRing(KEY))
  await makeTables(admin, systemClock)
}

/** Sends statements one after the other, as somebody types them; gives the SQLSTATE of each that is refused. */
async function typed(address: PostgresAddress, statements: readonly string[]) {
  const session = new Session(address, { name: 'by hand' })
  await session.open()
  const states: string[] = []
  for (const statement of statements) {
    const state = await session.send(statement).then(
      () => 'done',
      (error: { readonly code?: string }) => error.code ?? String(error),
    )
    states.push(state)
  }
  session.drop()
  return states
}

const QUEUE_TABLES = [
  'application_versions',
  'dbos_migrations',
  'event_dispatch_kv',
  'notifications',
  'operation_outputs',
  'queues',
  'streams',
  'workflow_events',
  'workflow_events_history',
  'workflow_input',
  'workflow_output',
  'workflow_schedules',
  'workflow_status',
]

/** What the function of a plant does, whoever runs it. */
const GRAB = `BEGIN
  INSERT INTO public.trace VALUES (current_user, TG_TABLE_NAME);
  BEGIN EXECUTE 'RESET ROLE'; EXECUTE 'ALTER ROLE eos_app SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END`

const isSuperuser = async (address: PostgresAddress) =>
  (await asSuperuser(address, "SELECT rolsuper AS is FROM pg_roles WHERE rolname = 'eos_app'"))[0]?.is

/** As eosflow of before granted, and as PostgreSQL 14 has the schema public. */
const AS_BEFORE = [
  'ALTER SCHEMA dbos OWNER TO postgres',
  ...QUEUE_TABLES.map((name) => `ALTER TABLE dbos.${name} OWNER TO postgres`),
  'GRANT ALL ON ALL TABLES IN SCHEMA dbos TO eos_worker',
  'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA eosflow TO eos_worker',
  'ALTER DEFAULT PRIVILEGES IN SCHEMA dbos GRANT ALL ON TABLES TO eos_worker',
  'ALTER DEFAULT PRIVILEGES IN SCHEMA dbos GRANT EXECUTE ON FUNCTIONS TO PUBLIC',
  'GRANT UPDATE (note) ON eosflow.checkpoint TO eos_worker',
  'GRANT SELECT ON eosflow.blob TO eos_worker WITH GRANT OPTION',
  'GRANT CREATE ON SCHEMA public TO PUBLIC',
  'CREATE TABLE public.trace(who text, place text)',
  'GRANT INSERT ON public.trace TO PUBLIC',
  'GRANT CREATE ON SCHEMA eosflow, dbos TO eos_worker',
]

/** What a login of workers then leaves, each of which somebody with more rights would run or trip over. */
const PLANTS = [
  `CREATE FUNCTION public.grab() RETURNS trigger LANGUAGE plpgsql AS $$ ${GRAB} $$`,
  ...QUEUE_TABLES.flatMap((name) => [
    `CREATE TRIGGER a_${name} BEFORE INSERT OR UPDATE OR DELETE ON dbos.${name} FOR EACH ROW EXECUTE FUNCTION public.grab()`,
    `CREATE TRIGGER b_${name} AFTER INSERT OR UPDATE OR DELETE ON dbos.${name} FOR EACH STATEMENT EXECUTE FUNCTION public.grab()`,
  ]),
  'CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON dbos.dbos_migrations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.grab()',
  'CREATE TABLE public.bound(id text REFERENCES dbos.workflow_status(workflow_uuid) ON DELETE RESTRICT)',
  // What a question of eosflow names, in the schemas that it looks into: a better fit than that of PostgreSQL.
  ...['eosflow', 'dbos', 'public'].flatMap((schema) => [
    `CREATE FUNCTION ${schema}.format(text, name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.trace VALUES (current_user, 'format'); RETURN $2; END $$`,
    `CREATE FUNCTION ${schema}.coalesced(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.trace VALUES (current_user, '='); RETURN true; END $$`,
    `CREATE OPERATOR ${schema}.=(LEFTARG = name, RIGHTARG = text, FUNCTION = ${schema}.coalesced_name)`,
    `CREATE OPERATOR ${schema}.<>(LEFTARG = text, RIGHTARG = text, FUNCTION = ${schema}.coalesced)`,
    `CREATE TYPE ${schema}.jsonb AS (a int)`,
    `CREATE AGGREGATE ${schema}.max(integer) (SFUNC = int4larger, STYPE = integer)`,
  ]),
  'CREATE VIEW eosflow.store_view AS SELECT public.format($$x$$, current_user::name) AS a',
  'CREATE VIEW dbos.queue AS SELECT 1 AS a',
  'CREATE FUNCTION dbos.dbos_migrations() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
]

describe('what a login of workers could plant', () => {
  test('[S15] is refused, each of it, once the store is made', async () => {
    const address = await fresh()
    const refused = [
      ...QUEUE_TABLES.flatMap((name) => [
        `CREATE TRIGGER a BEFORE UPDATE ON dbos.${name} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        `TRUNCATE dbos.${name}`,
        `CREATE TEMP TABLE bound(id text REFERENCES dbos.${name})`,
        `CREATE RULE a AS ON INSERT TO dbos.${name} DO INSTEAD NOTHING`,
        `CREATE POLICY a ON dbos.${name}`,
        `ALTER TABLE dbos.${name} ENABLE ROW LEVEL SECURITY`,
        `ALTER TABLE dbos.${name} ADD CHECK (pg_sleep(0) IS NULL)`,
        `CREATE INDEX ON dbos.${name} ((1))`,
        `CREATE TEMP TABLE child() INHERITS (dbos.${name})`,
        `ALTER TABLE dbos.${name} OWNER TO eos_app`,
      ]),
      ...['event', 'register', 'execution', 'worker', 'migration', 'store', 'blob', 'used'].flatMap((name) => [
        `CREATE TRIGGER a BEFORE INSERT ON eosflow.${name} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        `ALTER TABLE eosflow.${name} DISABLE TRIGGER ALL`,
        `CREATE RULE a AS ON INSERT TO eosflow.${name} DO INSTEAD NOTHING`,
        `CREATE POLICY a ON eosflow.${name}`,
        `ALTER TABLE eosflow.${name} ADD CHECK (true)`,
        `INSERT INTO eosflow.${name} DEFAULT VALUES`,
      ]),
      ...['eosflow', 'dbos', 'public'].flatMap((schema) => [
        `CREATE FUNCTION ${schema}.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$`,
        `CREATE TABLE ${schema}.mine(a int)`,
        `CREATE VIEW ${schema}.mine AS SELECT 1 AS a`,
        `CREATE TYPE ${schema}.mine AS (a int)`,
        `CREATE OPERATOR ${schema}.=(LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)`,
        `CREATE COLLATION ${schema}.mine FROM "C"`,
        `CREATE EXTENSION hstore SCHEMA ${schema}`,
        `ALTER SCHEMA ${schema} RENAME TO mine`,
        `DROP SCHEMA ${schema} CASCADE`,
      ]),
      'CREATE SCHEMA mine',
      'CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      'CREATE PUBLICATION mine FOR TABLE dbos.workflow_status',
      'ALTER DEFAULT PRIVILEGES FOR ROLE eos_owner GRANT ALL ON TABLES TO eos_app',
      'ALTER ROLE postgres SET search_path = public',
      'ALTER ROLE eos_owner LOGIN',
      'ALTER DATABASE postgres SET search_path = public',
      'CREATE CAST (text AS jsonb) WITH INOUT AS ASSIGNMENT',
      'CREATE LANGUAGE mine HANDLER plpgsql_call_handler',
      'SET ROLE eos_owner',
      'UPDATE dbos.dbos_migrations SET version = 1',
      'SELECT dbos.enqueue_workflow($$drive$$, $$eosflow:dc1$$)',
      "SELECT append('x', '{}', '{}', '{}', 'none', false, '[]')",
      'SELECT write_register($$[]$$::jsonb, $${}$$, false)',
    ]
    const states = await typed(address, refused)
    // These are done, and give nothing.
    const harmless = QUEUE_TABLES.map((name) => `GRANT TRIGGER ON dbos.${name} TO eos_app`)
    await typed(address, [...harmless, 'ALTER DEFAULT PRIVILEGES IN SCHEMA dbos GRANT ALL ON TABLES TO eos_app'])
    expect(refused.length).toBe(219)
    // 42P13 and the others are refusals before the right is looked at.
    expect(refused.filter((_, index) => states[index] === 'done')).toEqual([])
    const denied = states.filter((state) => state === '42501').length
    expect(denied).toBeGreaterThan(190)
    expect(await foundDeviations(address)).toEqual([])
  })

  test.each([['init'], ['migrate']] as const)(
    '[S15] before the rights were few is gone before store %s writes anything',
    { tags: 'night' },
    async (how) => {
      const address = await fresh()
      await asSuperuser(address, ...AS_BEFORE)
      const planted = await typed(address, PLANTS)
      expect(planted.filter((state) => state === 'done').length).toBeGreaterThan(40)
      const found = await foundDeviations(address)
      expect(found.length).toBeGreaterThan(80)
      // A step of DBOS is due, which writes to its tables.
      await asSuperuser(
        address,
        'SET session_replication_role = replica; UPDATE dbos.dbos_migrations SET version = version - 1',
      )
      const admin = { ...address, user: 'postgres' }
      if (how === 'init') await made(address)
      else {
        await migrateStore(admin)
        await makeTables(admin, systemClock)
      }
      await asSuperuser(
        address,
        'UPDATE dbos.dbos_migrations SET version = version',
        'DELETE FROM dbos.workflow_status',
      )
      expect(await asSuperuser(address, 'SELECT * FROM public.trace')).toEqual([])
      expect(await isSuperuser(address)).toBe(false)
      expect((await foundDeviations(address)).map(({ what }) => what)).toEqual([
        'everybody may make objects in the schema public: who works there by hand may run what a login of workers has left',
      ])
      expect(
        await typed(address, [
          'CREATE TRIGGER a BEFORE UPDATE ON dbos.queues FOR EACH ROW EXECUTE FUNCTION public.grab()',
        ]),
      ).toEqual(['42501'])
    },
  )

  test('while somebody is making it at this moment is waited for, and gone', async () => {
    const address = await fresh()
    await asSuperuser(address, ...AS_BEFORE)
    await typed(address, PLANTS.slice(0, 1))
    const open = new Session(address, { name: 'by hand' })
    await open.open()
    await open.send('BEGIN')
    await open.send(
      'CREATE TRIGGER open BEFORE UPDATE ON dbos.dbos_migrations FOR EACH ROW EXECUTE FUNCTION public.grab()',
    )
    const making = made(address)
    await systemClock.sleep(500)
    await open.send('COMMIT')
    await making
    open.drop()
    expect((await foundDeviations(address)).filter(({ isAround }) => isAround !== true)).toEqual([])
  })

  test('as the owner of the queues stops store init before it writes, and says what a superuser does', {
    tags: 'turn',
  }, async () => {
    const address = await freshDatabase(servers.server)
    await asSuperuser(address, `GRANT CREATE ON DATABASE ${address.database} TO eos_app`)
    await typed(address, ['CREATE SCHEMA dbos', 'CREATE TABLE dbos.dbos_migrations(version bigint)'])
    await expect(made(address)).rejects.toMatchObject({
      kind: 'store',
      message: expect.stringContaining('nothing is written to postgres://postgres@127.0.0.1'),
      hint: expect.stringContaining('a superuser runs DROP SCHEMA dbos CASCADE; then: eosflow store init'),
    })
    await asSuperuser(address, 'DROP SCHEMA dbos CASCADE')
    await made(address)
    expect((await foundDeviations(address)).map(({ what, hint }) => [what, hint])).toEqual([
      [
        `eos_app may make objects in the database ${address.database}: who works there by hand may run what a login of workers has left`,
        `REVOKE CREATE ON DATABASE ${address.database} FROM eos_app;`,
      ],
    ])
  })
})

test('[S15] the rights of a login of workers are those that are written here', async () => {
  const address = await fresh()
  const rows = await asSuperuser(
    address,
    `SELECT n.nspname || '.' || c.relname AS name, pg_get_userbyid(c.relowner) AS owner, (SELECT string_agg(r, ' ' ORDER BY place)
        FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) WITH ORDINALITY AS u(r, place)
        WHERE has_table_privilege('eos_app', c.oid, r) OR (r NOT IN ('DELETE', 'TRUNCATE', 'TRIGGER') AND has_any_column_privilege('eos_app', c.oid, r))) AS may
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('eosflow', 'dbos') AND c.relkind IN ('r', 'v', 'm', 'p', 'f') ORDER BY 1`,
  )
  const written = [
    'application_versions',
    'operation_outputs',
    'queues',
    'workflow_input',
    'workflow_output',
    'workflow_status',
  ]
  expect(rows.length).toBe(34)
  for (const { name, owner, may } of rows) {
    expect(owner, String(name)).toBe('eos_owner')
    const its = String(name).replace('dbos.', '')
    const meant = written.includes(its) ? 'SELECT INSERT UPDATE DELETE' : its === 'event_dispatch_kv' ? null : 'SELECT'
    expect(may, String(name)).toBe(meant)
  }
  const functions = await asSuperuser(
    address,
    `SELECT DISTINCT p.proname::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN ('eosflow', 'dbos') AND has_function_privilege('eos_app', p.oid, 'EXECUTE') ORDER BY 1`,
  )
  expect(functions.map(({ name }) => name)).toEqual([
    ...[
      'append_group',
      'blob_put',
      'checkpoint_put',
      'copied_here',
      'delivery_put',
      'execution_rest',
      'fence',
      'hold_name',
      'horizon',
      'is_held',
    ],
    ...['is_living', 'is_missed', 'is_replicated', 'member', 'newest_freeze', 'note_change'],
    ...[
      'present_timeline',
      'standing',
      'term_end',
      'unhold_name',
      'worker_beat',
      'worker_begin',
      'worker_drain',
      'worker_end',
      'worker_reap',
      'worker_sites',
    ],
  ])
  const owned = await asSuperuser(
    address,
    `SELECT DISTINCT r.rolname::text AS owner, r.rolcanlogin AS logs FROM pg_roles r WHERE r.oid IN (
      SELECT nspowner FROM pg_namespace WHERE nspname IN ('eosflow', 'dbos')
      UNION SELECT proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('eosflow', 'dbos'))`,
  )
  expect(owned).toEqual([{ owner: 'eos_owner', logs: false }])
})

test.each(
  everyNthOfLong(6, 'rights that are not those of a store', [
    [
      'a login of workers that owns the store',
      'GRANT eos_owner TO eos_app',
      'eos_app is a login of workers and owns the store',
      'REVOKE eos_owner FROM eos_app',
    ],
    [
      'a login of workers that owns the store, each by way of another role',
      'CREATE ROLE staff; CREATE ROLE bob LOGIN; GRANT eos_worker TO staff; GRANT staff TO bob; CREATE ROLE keepers; GRANT eos_owner TO keepers; GRANT keepers TO bob',
      'bob is a login of workers and owns the store',
      'DROP ROLE bob; DROP ROLE staff; DROP ROLE keepers',
    ],
    [
      'a login of workers that may give itself roles',
      'ALTER ROLE eos_app CREATEROLE',
      'eos_app is a login of workers and may do more (CREATEROLE)',
      'ALTER ROLE eos_app NOCREATEROLE',
    ],
    [
      'a login of workers that may write files of the server, and copy it',
      'ALTER ROLE eos_app REPLICATION; GRANT pg_write_server_files TO eos_app',
      'eos_app is a login of workers and may do more (REPLICATION, pg_write_server_files)',
      'ALTER ROLE eos_app NOREPLICATION; REVOKE pg_write_server_files FROM eos_app',
    ],
    [
      'a login of workers that can take the role of a superuser, or of who gives roles',
      'CREATE ROLE dba SUPERUSER; CREATE ROLE boss CREATEROLE; GRANT boss TO dba; GRANT dba TO eos_app',
      'eos_app is a login of workers and may do more (CREATEROLE of boss, SUPERUSER of dba)',
      'DROP ROLE dba; DROP ROLE boss',
    ],
    [
      'a login of workers that reads and writes every table',
      'GRANT pg_read_all_data TO eos_app; GRANT pg_write_all_data TO eos_app',
      'eos_app is a login of workers and may do more (pg_read_all_data, pg_write_all_data)',
      'REVOKE pg_read_all_data FROM eos_app; REVOKE pg_write_all_data FROM eos_app',
    ],
    [
      'a view elsewhere by which others write as the owner of the store',
      'CREATE VIEW public.leases AS SELECT * FROM eosflow.lease; ALTER VIEW public.leases OWNER TO eos_owner; GRANT ALL ON public.leases TO PUBLIC',
      'view public.leases is none of eosflow and belongs to eos_owner',
      'DROP VIEW public.leases',
    ],
    [
      'a function elsewhere that acts as the owner of the store',
      "CREATE FUNCTION public.f() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM eosflow.lease'; ALTER FUNCTION public.f OWNER TO eos_owner",
      'function public.f() is none of eosflow and belongs to eos_owner',
      'DROP FUNCTION public.f',
    ],
    [
      'an owner that may log in',
      'ALTER ROLE eos_owner LOGIN',
      'the role eos_owner may log in',
      'ALTER ROLE eos_owner NOLOGIN',
    ],
    [
      'a role of workers with more',
      'GRANT pg_signal_backend TO eos_worker',
      'the role eos_worker is a member of pg_signal_backend',
      'REVOKE pg_signal_backend FROM eos_worker',
    ],
    [
      'a guard that is gone',
      'DROP TRIGGER event_stands ON eosflow.event',
      'the trigger event_stands of eosflow.event is missing',
      'SELECT 1',
    ],
    [
      'a guard that is switched off',
      'ALTER TABLE eosflow.event DISABLE TRIGGER event_stands',
      'the trigger event_stands of eosflow.event is switched off',
      'SELECT 1',
    ],
    [
      'a right that is lacking',
      'REVOKE DELETE ON dbos.workflow_status FROM eos_worker',
      'eos_worker has no DELETE on table dbos.workflow_status',
      'SELECT 1',
    ],
    [
      'a table that is none of ours',
      'CREATE TABLE eosflow.mine(a int)',
      'table eosflow.mine is none of eosflow',
      'DROP TABLE eosflow.mine',
    ],
    [
      'an event trigger of somebody',
      'CREATE FUNCTION public.e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$; ALTER FUNCTION public.e() OWNER TO eos_app; CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION public.e()',
      'the event trigger e runs with what the owner of the store does, and eos_app can alter its function',
      'DROP EVENT TRIGGER e',
    ],
  ] as const),
)('[S15] store check finds %s', async (_what, make, said, undo) => {
  const address = await fresh()
  await asSuperuser(address, ...make.split('; '))
  try {
    expect((await foundDeviations(address)).map(({ what }) => what)).toContainEqual(expect.stringContaining(said))
  } finally {
    await asSuperuser(address, ...undo.split('; '))
  }
})

test('what comes back each time that it is put right has nothing written: somebody has to take away what puts it there', {
  tags: 'turn',
}, async () => {
  const address = await fresh()
  await asSuperuser(
    address,
    'GRANT TRUNCATE ON eosflow.blob TO eos_worker',
    `CREATE FUNCTION public.again() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN GRANT TRUNCATE ON eosflow.blob TO eos_worker; END $$`,
    "CREATE EVENT TRIGGER again ON ddl_command_end WHEN TAG IN ('REVOKE') EXECUTE FUNCTION public.again()",
  )
  const refused = {
    kind: 'store',
    message: expect.stringMatching(/^nothing is written to .*eos_worker.*TRUNCATE.*, also once it was put right$/),
  }
  await expect(made(address)).rejects.toMatchObject(refused)
  await expect(migrateStore({ ...address, user: 'postgres' })).rejects.toMatchObject(refused)
  await asSuperuser(address, 'DROP EVENT TRIGGER again')
  await made(address)
  expect(await foundDeviations(address)).toEqual([])
})
