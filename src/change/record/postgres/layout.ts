import { randomBytes } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { emptyRegister } from '../chains/prepare.ts'
import { sealOfNone } from '../chains/records.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import { OutageError } from '../store/journal.ts'
import { sealAsCopy } from './copied.ts'
import { type Questions, type Session, withSession } from './database.ts'
import { deliveriesText } from './deliveries.ts'
import { noStore } from './postgres-error.ts'
import { putRight } from './put-right.ts'
import { OWNER, WORKER } from './rights.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'
import { APPEND, APPEND_GROUP, FOLLOWING } from './sql/append.ts'
import { COPIED, NOTES, PUT } from './sql/put.ts'
import { RETIRE } from './sql/retire.ts'
import { TABLES } from './sql/tables.ts'
import { WORKERS } from './sql/worker.ts'

const GRANTS = `
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA eosflow FROM PUBLIC;
GRANT USAGE ON SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA eosflow TO eos_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA eosflow TO eos_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA eosflow TO eos_worker;
`

/** The one layout that is read: layouts 1 to 14 were never released (docs/adr/0095). Its statements are run as the owner of the schema, in one transaction with the note that they were, with `eosflow` as the search path. */
export const LAYOUT = {
  number: 15,
  name: 'the store',
  sql: [TABLES, WORKERS, FOLLOWING, APPEND, APPEND_GROUP, PUT, RETIRE, NOTES, COPIED, GRANTS].join('\n'),
}

// One process at a time makes or changes a layout: `eosflow` in ASCII, cut to eight bytes.
const LOCK = 'SELECT pg_advisory_xact_lock(7309453675964592)'

export interface LayoutChange {
  readonly from: number
  readonly to: number
  readonly origin: string
}

function rolesNeeded(database: string) {
  return [
    `CREATE ROLE ${OWNER} NOLOGIN;`,
    `CREATE ROLE ${WORKER} NOLOGIN;`,
    `CREATE ROLE eosflow_admin LOGIN PASSWORD '…';`,
    `GRANT ${OWNER} TO eosflow_admin;`,
    `GRANT CREATE ON DATABASE ${quoted(database)} TO ${OWNER};`,
    `CREATE SCHEMA eosflow AUTHORIZATION ${OWNER};`,
  ]
}

function quoted(name: string) {
  return `"${name.replaceAll('"', '""')}"`
}

const FIRST_ROWS = `WITH its_store AS (INSERT INTO store(origin, key_check) VALUES ($1, $2)),
  its_register AS (INSERT INTO register_head(n, hash, seal, uncovered) VALUES ($3, decode($4, 'hex'), decode($5, 'hex'), '{}')),
  its_checkpoint AS (INSERT INTO checkpoint_head(id, seal) VALUES (0, decode($6, 'hex'))),
  its_deliveries AS (INSERT INTO delivery_head(seal) VALUES (decode($7, 'hex')))
  INSERT INTO freeze_lock DEFAULT VALUES`

/** Throws `store`. */
export function keepRights(address: PostgresAddress): Promise<void> {
  return asOwner(address, async (session) => {
    await requireOwner(session, address)
    await putRight(session, address)
  })
}

/** `isForMove`: a file is moved there, and is the store until then; no command takes an empty database for it. Throws `store`. */
export function makeStore(
  address: PostgresAddress,
  keys: KeyRing,
  { isForMove = false }: { readonly isForMove?: boolean } = {},
): Promise<LayoutChange> {
  return asOwner(address, async (session) => {
    await requireRoles(session, address)
    const change = await apply(session, address, { isNew: true })
    const { rows } = await session.send('SELECT origin, key_check FROM store')
    const [made] = rows
    if (made !== undefined) {
      keys.require(`the store ${addressWords(address)}`, String(made.key_check))
      return { ...change, origin: String(made.origin) }
    }
    const origin = `eosflow.audit/${randomBytes(8).toString('hex')}`
    const { n, hash, seal } = emptyRegister(origin, keys)
    const sealed = [sealOfNone({ origin, keys }), keys.seal(deliveriesText(origin, []))]
    await session.send(FIRST_ROWS, [origin, keys.check, n, hash, seal, ...sealed])
    if (isForMove) await sealAsCopy(session, keys, origin, { n, hash, newest: 0 })
    return { ...change, origin }
  })
}

/** Throws `store`. */
export function migrateStore(address: PostgresAddress): Promise<LayoutChange> {
  return asOwner(address, async (session) => {
    await requireOwner(session, address)
    const change = await apply(session, address)
    const { rows } = await session.send('SELECT origin FROM store')
    return { ...change, origin: String(rows[0]?.origin) }
  })
}

/** Throws `store` for a store of another layout than this version works with. */
export function requireLayout(address: PostgresAddress, layout: number): void {
  const { number } = LAYOUT
  if (layout === number) return
  const what = `the store ${addressWords(address)} has layout ${layout}; this eosflow works with ${number}`
  const hint =
    layout > number
      ? 'Use the eosflow that has changed it, or a newer one.'
      : 'No release has made such a store. Export its record with the eosflow that made it (eosflow audit export), and begin another one: eosflow store init.'
  throw new EosflowError('store', what, { hint })
}

async function requireRoles(session: Session, address: PostgresAddress) {
  const { rows } = await session.send(
    `SELECT (SELECT count(*) FROM pg_roles WHERE rolname IN ($1, $2)) AS roles, EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'eosflow') AS schema,
      (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS may, has_database_privilege(current_database(), 'CREATE') AS creates`,
    [OWNER, WORKER],
  )
  const { roles, schema, may, creates } = rows[0] ?? {}
  if (roles === 2 && schema === true) return
  const statements = rolesNeeded(address.database)
  if (may !== true || (schema !== true && creates !== true)) {
    throw new EosflowError('store', `${address.user} may not make the roles and the schema of the store`, {
      hint: `Whoever owns the database runs:\n${statements.join('\n')}\nThen run this with eosflow_admin in its address. The login of workers is another one: GRANT ${WORKER} TO it, and never ${OWNER}.`,
    })
  }
  for (const role of [OWNER, WORKER]) {
    await session.send(`DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
  }
  await session.send(`GRANT ${OWNER} TO CURRENT_USER`)
  if (schema !== true) await session.send(`CREATE SCHEMA eosflow AUTHORIZATION ${OWNER}`)
}

async function apply(
  session: Session,
  address: PostgresAddress,
  { isNew = false } = {},
): Promise<Omit<LayoutChange, 'origin'>> {
  await putRight(session, address)
  await session.send(`SET LOCAL ROLE ${OWNER}`)
  if (isNew)
    await session.send(
      'CREATE TABLE IF NOT EXISTS eosflow.migration(number int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())',
    )
  const { rows } = await session.send('SELECT coalesce(max(number), 0) AS layout FROM migration')
  const from = Number(rows[0]?.layout)
  const { number, name, sql } = LAYOUT
  if (from > 0) requireLayout(address, from)
  else {
    await session.send(sql)
    await session.send('INSERT INTO migration(number, name) VALUES ($1, $2)', [number, name])
  }
  await putRight(session, address)
  return { from, to: number }
}

/** Throws `store`: there is no store, or this user may not. */
export async function becomeOwner(session: Session, address: PostgresAddress): Promise<void> {
  await requireOwner(session, address)
  await session.send(`SET LOCAL ROLE ${OWNER}`)
}

const MAY_OWN = `SELECT pg_has_role(current_user, oid, 'MEMBER') AS may FROM pg_catalog.pg_roles WHERE rolname = '${OWNER}'`

/** Throws `store`. */
export function mayOwn(address: PostgresAddress): Promise<boolean> {
  return withSession(address, async (session) => (await session.send(MAY_OWN)).rows[0]?.may === true)
}

async function requireOwner(session: Session, address: PostgresAddress) {
  const { rows } = await session.send(MAY_OWN)
  const [owner] = rows
  if (owner === undefined) throw noStore(address)
  if (owner.may === true) return
  throw new EosflowError(
    'store',
    `the store ${addressWords(address)} cannot be used: ${address.user} may not do what its owner does`,
    { hint: 'Do it as the user of eosflow store init: a worker may not.' },
  )
}

/** Throws `store`. */
export function asOwner<T>(address: PostgresAddress, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(address, async (session) => {
    await session.send('BEGIN')
    await session.send(LOCK)
    const given = await work(session)
    await session.send('COMMIT')
    return given
  })
}

/** Throws `store`: there is none, or this user may not use it. PostgreSQL says of the tables of a schema that somebody may not use that they do not exist (PostgreSQL 15, section 5.9.4). */
export async function foundLayout(questions: Questions, address: PostgresAddress): Promise<number> {
  try {
    const found = await questions.one<{ layout: number | null }>('SELECT max(number) AS layout FROM migration')
    return found?.layout ?? 0
  } catch (cause) {
    if (cause instanceof OutageError) throw cause
    const user = await forbidden(questions)
    if (user === undefined) throw cause
    const { name, administers } = user
    throw new EosflowError('store', `the store ${addressWords(address)} cannot be used: this user may not use it`, {
      hint: administers
        ? `${name} may make roles: it is an administrator. In eosflow.yaml name the login of workers, a member of eos_worker alone (docs/store-on-postgresql.md). For store init, migrate, move and seal: GRANT eos_owner TO ${name}.`
        : `Make this login a member of eos_worker, as whoever has made the store: GRANT eos_worker TO ${name}.`,
      cause,
    })
  }
}

function forbidden(
  questions: Questions,
): Promise<{ readonly name: string; readonly administers: boolean } | undefined> {
  return questions.one(
    `SELECT quote_ident(r.rolname) AS name, r.rolcreaterole AS administers FROM pg_namespace n, pg_roles r
      WHERE n.nspname = 'eosflow' AND NOT has_schema_privilege(n.oid, 'USAGE') AND r.rolname = current_user`,
  )
}
