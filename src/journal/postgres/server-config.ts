import type { PostgresAddress } from './address.ts'

/** A session that is frozen inside a transaction would keep its locks: so long it may, in milliseconds. */
const IDLE_IN_TRANSACTION = 5_000

/** How the server at an address is reached, by every connection of eosflow: as whom, verified how, and known there by which name. */
export function serverConfig(address: PostgresAddress, name: string) {
  const { host, port, database, user, password, tls } = address
  return {
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    // The name that the certificate must have. Only `host` may be an IP address, and only newer versions of `pg` set it.
    ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, host },
    application_name: name,
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
  }
}
