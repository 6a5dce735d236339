import { ensureSystemDatabase, verifySystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database'
import type { Pool } from 'pg'
import { keepRights, mayOwn } from '../../../../change/record/postgres/layout.ts'
import { addressWords, type PostgresAddress } from '../../../../change/record/postgres/server-config.ts'
import type { Clock } from '../../../../model/clock.ts'
import { EosflowError } from '../../../../model/error.ts'
import { dispatchPool } from './patient-pool.ts'

const SCHEMA = 'dbos'
// The lock under which the tables of DBOS are made: `eosdbos` in ASCII.
const MAKING = '28549266489732979'
// How often it is asked whether another process has made them, in milliseconds.
const AGAIN = 100
// What PostgreSQL says where somebody may not: insufficient_privilege.
const FORBIDDEN = '42501'

const silent = { info: () => undefined, debug: () => undefined, warn: () => undefined, error: () => undefined }

type Logger = Parameters<typeof ensureSystemDatabase>[1]

export async function hasTables(pool: Pool, address: PostgresAddress): Promise<boolean> {
  try {
    await verifySystemDatabase(addressWords(address), silent as unknown as Logger, pool, SCHEMA, false)
    return true
  } catch {
    return false
  }
}

/** Throws `store` where this user may not. */
export async function requireTables(pool: Pool, address: PostgresAddress, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (await hasTables(pool, address)) return
  await makeTables(address, clock)
}

/** What is there is put right before anything is written to it. Throws `store`: this user may not. */
export async function makeTables(address: PostgresAddress, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (!(await mayOwn(address))) throw mayNot(address)
  const pool = dispatchPool(address, 'eosflow store', 2, true)
  pool.giveUp()
  try {
    await oneAtATime(pool, clock, async () => {
      await keepRights(address)
      if (!(await hasTables(pool, address))) await made(pool, address)
      await keepRights(address)
    })
  } finally {
    await pool.end()
  }
}

async function oneAtATime(pool: Pool, clock: Pick<Clock, 'sleep'>, work: () => Promise<void>) {
  const client = await pool.connect()
  try {
    // Asked again and again: a statement that waits would keep an index from being made concurrently, which waits for every statement.
    while (!(await client.query('SELECT pg_try_advisory_lock($1) AS got', [MAKING])).rows[0]?.got) {
      await clock.sleep(AGAIN)
    }
    await work()
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MAKING]).catch(() => undefined)
    client.release()
  }
}

async function made(pool: Pool, address: PostgresAddress) {
  try {
    await ensureSystemDatabase(addressWords(address), silent as unknown as Logger, pool, SCHEMA, false)
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== FORBIDDEN) throw cause
    throw mayNot(address, cause)
  }
}

function mayNot(address: PostgresAddress, cause?: unknown) {
  return new EosflowError(
    'store',
    `the queues of the workers are not there, or of another version, and ${address.user} may not make them`,
    { hint: 'Make them as the user of `eosflow store init`: eosflow store init, or eosflow store migrate.', cause },
  )
}

/** Throws `store`. */
export async function tablesAre(address: PostgresAddress): Promise<'there' | 'not-there' | 'forbidden'> {
  const pool = dispatchPool(address, 'eosflow store', 1)
  pool.giveUp()
  try {
    const { rows } = await pool.query(
      `SELECT s.oid IS NOT NULL AS made, coalesce(has_schema_privilege(s.oid, 'USAGE'), false) AS may
        FROM (SELECT to_regnamespace($1)::oid AS oid) AS s`,
      [SCHEMA],
    )
    if (rows[0]?.made !== true) return 'not-there'
    if (rows[0]?.may !== true) return 'forbidden'
    return (await hasTables(pool, address)) ? 'there' : 'not-there'
  } finally {
    await pool.end()
  }
}
