/** Where a store is on a PostgreSQL server, and how one gets there. */
export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** Asked for at each connection, as it may change. */
  readonly password?: () => Promise<string>
  /** The name of the server is verified against its certificate; absent on loopback alone. PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** An address in words: without a password. */
export function addressWords({ host, port, database, user }: PostgresAddress): string {
  return `postgres://${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
}
