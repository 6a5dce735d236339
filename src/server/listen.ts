import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { isLoopback, listenAddress } from '../inventory/server-settings.ts'
import { EosflowError } from '../model/error.ts'

/** Where and how it is listened. */
export interface Listening {
  /** As the settings have it: an address and a port. */
  readonly listen: string
  /** The only addresses that connections are taken from. Absent: all. */
  readonly trustedProxy?: readonly string[] | undefined
  /** Certificate chain and private key, both PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined
  fetch(request: Request): Response | Promise<Response>
}

/** Sockets that take requests. */
export interface Listener {
  readonly port: number
  /** Takes no new connection, and ends those that there are. */
  close(): void
}

/** A request must have come as a whole in this time, its head in a part of it, in milliseconds: whoever sends slowly holds a connection no longer. */
const WHOLE_REQUEST = 30_000
const HEAD = 10_000
const MOST_CONNECTIONS = 2_000

/**
 * Listens at an address. On this machine at both of its addresses: a browser tries `[::1]` first for `localhost`, and who had that port would be
 * given what is meant for this server. Throws `busy` when a port is taken.
 */
export async function listenAt(listening: Listening): Promise<Listener> {
  const { host, port } = listenAddress(listening.listen)
  const [first, second] = isLoopback(listening.listen) ? ['127.0.0.1', '::1'] : [host]
  const server = await opened(listening, first ?? host, port)
  const servers = [server]
  const found = (server.address() as AddressInfo).port
  if (second !== undefined) {
    const beside = await opened(listening, second, found).catch((error: unknown) => {
      if (error instanceof EosflowError && error.kind === 'busy') {
        shut(server)
        throw error
      }
      return undefined
    })
    if (beside !== undefined) servers.push(beside)
  }
  return { port: found, close: () => servers.forEach(shut) }
}

async function opened({ fetch, tls, trustedProxy }: Listening, host: string, port: number): Promise<ServerType> {
  const limits = { requestTimeout: WHOLE_REQUEST, headersTimeout: HEAD }
  const server =
    tls === undefined
      ? createAdaptorServer({ fetch, createServer, serverOptions: limits })
      : createAdaptorServer({
          fetch,
          createServer: createSecureServer,
          serverOptions: { ...limits, cert: tls.certificate, key: tls.key, allowHTTP1: true, minVersion: 'TLSv1.2' },
        })
  const net = server as Server
  net.maxConnections = MOST_CONNECTIONS
  if (trustedProxy !== undefined)
    net.prependListener('connection', (socket: Socket) => refuseOthers(socket, trustedProxy))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unlistenable(error, host, port)))
    server.listen(port, host, () => resolve())
  })
  return server
}

function refuseOthers(socket: Socket, trusted: readonly string[]): void {
  const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!trusted.includes(from)) socket.destroy()
}

function unlistenable(error: NodeJS.ErrnoException, host: string, port: number): EosflowError {
  const { code = 'unknown' } = error
  const isTaken = code === 'EADDRINUSE'
  const message = isTaken
    ? `another process listens on ${host} port ${port}`
    : `${host} port ${port} cannot be listened on (${code})`
  return new EosflowError(isTaken ? 'busy' : 'refused', message, {
    hint: 'Name another port: `server: { listen: 127.0.0.1:PORT }` in eosflow.yaml.',
    cause: error,
  })
}

function shut(server: ServerType): void {
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
}
