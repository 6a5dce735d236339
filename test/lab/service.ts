import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import { onTestFinished } from 'vitest'
import { listen } from './loopback.ts'

/** One request as the service saw it. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers a request that has come whole. */
export type ServiceAnswer = (request: IncomingMessage, response: ServerResponse, seen: SeenRequest) => unknown

/** A service on loopback, over real sockets. */
export interface Service {
  readonly origin: string
  readonly port: number
  readonly seen: readonly SeenRequest[]
  /** How many connections were made to it. */
  connections(): number
  /** Does some work while nobody listens at its port. */
  unreachable<T>(work: () => Promise<T>): Promise<T>
  /** Cuts its connections, and ends it. */
  close(): Promise<void>
}

/** How a service listens; default: without TLS, on the loopback of IPv4. */
export interface ServiceOptions {
  readonly tls?: ServerOptions | undefined
  readonly host?: '::1' | undefined
}

/** Opens a service that answers each request, once it has all of it, with `answer`. It runs until it is closed. */
export async function openService(answer: ServiceAnswer, { tls, host }: ServiceOptions = {}): Promise<Service> {
  const seen: SeenRequest[] = []
  let connections = 0
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url: target = '', headers } = request
    const one = { method, target, headers, body: Buffer.concat(chunks).toString() }
    seen.push(one)
    await answer(request, response, one)
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  server.on('connection', () => {
    connections += 1
  })
  const port = await listen(server, host)
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    connections: () => connections,
    unreachable: async (work) => {
      server.close()
      try {
        return await work()
      } finally {
        await once(server.listen(port, '127.0.0.1'), 'listening')
      }
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Opens a service that ends with the test. */
export async function startService(answer: ServiceAnswer, tls?: ServerOptions) {
  const service = await openService(answer, { tls })
  onTestFinished(() => service.close())
  return service
}

/** An answer of JSON. */
export const jsonAnswer =
  (value: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
