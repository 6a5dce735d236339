import type { PostgresAddress } from '../../journal/postgres/address.ts'
import { PatientPool } from './patient-pool.ts'

/** A frozen worker may not hold rows in a transaction for longer than this, in milliseconds. */
const IDLE_IN_TRANSACTION = 5000
/** How long a connection and an answer may take, in milliseconds: over a connection that is half-open none ever comes. */
const CONNECT = 5000
const ANSWER = 10_000
/** How long the making of a table may take. */
const LONG = 600_000

/** Connections that say in `pg_stat_activity` whose they are. `makes`: tables, which takes longer than an answer does. */
export function dispatchPool(address: PostgresAddress, name: string, max: number, makes = false): PatientPool {
  const { host, port, database, user, password, tls } = address
  const pool = new PatientPool({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    // The name that the certificate must have. Only `host` may be an IP address, and only newer versions of `pg` set it.
    ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, host },
    application_name: name,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    connectionTimeoutMillis: CONNECT,
    query_timeout: makes ? LONG : ANSWER,
    keepAlive: true,
    max,
    allowExitOnIdle: true,
  })
  // A session that breaks while nobody uses it is replaced at the next question.
  pool.on('error', () => undefined)
  // Of a transaction that was open while this process was frozen: its next statement fails, and the process goes on to its end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
