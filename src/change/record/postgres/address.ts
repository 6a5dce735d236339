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
