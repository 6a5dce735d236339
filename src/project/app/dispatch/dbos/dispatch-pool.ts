import type { PostgresAddress } from '../../../../change/record/postgres/address.ts'
import { serverConfig } from '../../../../change/record/postgres/server-config.ts'
import { PatientPool } from './patient-pool.ts'

// How long a connection and an answer may take, in milliseconds: over a connection that is half-open none ever comes.
const CONNECT = 5000
const ANSWER = 10_000
const LONG = 600_000

/** Connections that say in `pg_stat_activity` whose they are. `makes`: tables, which takes longer than an answer does. */
export function dispatchPool(address: PostgresAddress, name: string, max: number, makes = false): PatientPool {
  const pool = new PatientPool({
    ...serverConfig(address, name),
    connectionTimeoutMillis: CONNECT,
    query_timeout: makes ? LONG : ANSWER,
    max,
    allowExitOnIdle: true,
  })
  // A session that breaks while nobody uses it is replaced at the next question.
  pool.on('error', () => undefined)
  // Of a transaction that was open while this process was frozen: its next statement fails, and the process goes on to its end.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
