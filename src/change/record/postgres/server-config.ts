import type { PostgresAddress } from './address.ts'
import { startupOptions } from './session-settings.ts'

/** A session that is frozen inside a transaction would keep its locks: so long it may, in milliseconds. */
const IDLE_IN_TRANSACTION = 5_000

/**
 * How the server at an address is reached, by every connection of eosflow: as whom, verified how, known there by which name, and with settings that
 * are those of eosflow, whatever the role and the database have.
 */
export function serverConfig(address: PostgresAddress, name: string, settings: Readonly<Record<string, string>> = {}) {
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
    options: startupOptions(settings),
  }
}
