import { definedMembers } from '../../../model/json.ts'

/** `default_transaction_read_only` is left to them: a server that takes no writes for a time is away. */
export const PINNED: Readonly<Record<string, string>> = {
  array_nulls: 'on',
  backslash_quote: 'safe_encoding',
  bytea_output: 'hex',
  // Of a commit that no standby has the server warns.
  client_min_messages: 'notice',
  DateStyle: 'ISO, YMD',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  exit_on_error: 'off',
  extra_float_digits: '1',
  IntervalStyle: 'postgres',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  lock_timeout: '0',
  quote_all_identifiers: 'off',
  row_security: 'on',
  search_path: 'pg_catalog, pg_temp',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  TimeZone: 'UTC',
  transform_null_equals: 'off',
  xmlbinary: 'base64',
  xmloption: 'content',
}

function startupOptions(own: Readonly<Record<string, string>>) {
  return Object.entries({ ...PINNED, ...own })
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/([\\ ])/g, '\\$1')}`)
    .join(' ')
}

// A session that is frozen inside a transaction would keep its locks: so long it may, in milliseconds.
const IDLE_IN_TRANSACTION = 5_000

export function serverConfig(address: PostgresAddress, name: string, settings: Readonly<Record<string, string>> = {}) {
  const { host, port, database, user, password, tls } = address
  return {
    host,
    port,
    database,
    user,
    ...definedMembers({ password }),
    // The name that the certificate must have. Only `host` may be an IP address, and only newer versions of `pg` set it.
    ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, host },
    application_name: name,
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    options: startupOptions(settings),
  }
}

export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: () => Promise<string>
  /** The name of the server is verified against its certificate; absent on loopback alone. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** An address in words: without a password. */
export function addressWords({ host, port, database, user }: PostgresAddress): string {
  return `postgres://${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
}
