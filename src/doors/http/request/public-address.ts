import { isLoopback, listenAddress, type ServerSettings } from '../../../project/files/settings/server-settings.ts'

export interface PublicAddress {
  readonly origin: string
  readonly host: string
  /** Addresses of this machine under which a browser is sent to {@link PublicAddress.origin}. */
  readonly bare: readonly string[]
  readonly isLoopback: boolean
}

/** The one address of a server that listens on `port`. */
export function publicAddress({ listen, publicUrl, tls }: ServerSettings, port: number): PublicAddress {
  const origin = publicUrl ?? `${tls === undefined ? 'http' : 'https'}://localhost:${port}`
  const { host } = listenAddress(listen)
  return {
    origin,
    host: new URL(origin).host,
    bare: isLoopback(listen)
      ? [...new Set([host, '127.0.0.1', 'localhost', '::1'])].map((name) => hostOf(name, port))
      : [],
    isLoopback: isLoopback(listen),
  }
}

function hostOf(name: string, port: number) {
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`
}
