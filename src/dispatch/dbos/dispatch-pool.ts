import pg from 'pg'
import type { PostgresAddress } from '../../journal/postgres/address.ts'

/** A frozen worker may not hold rows in a transaction for longer than this, in milliseconds. */
const IDLE_IN_TRANSACTION = 5000
/** How long a connection may take, in milliseconds. */
const CONNECT = 5000

/** Connections that say in `pg_stat_activity` whose they are. */
export function dispatchPool(address: PostgresAddress, name: string, max: number): pg.Pool {
  const { host, port, database, user, password, tls } = address
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, servername: host },
    application_name: name,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    connectionTimeoutMillis: CONNECT,
    max,
    allowExitOnIdle: true,
  })
  // A session that breaks while nobody uses it is replaced at the next question.
  pool.on('error', () => undefined)
  // Of a transaction that was open while this process was frozen: its next statement fails, and the process goes on to its end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
