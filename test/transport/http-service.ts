import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import type { AllowedHost, HttpPort, HttpRequest } from '../../src/model/http-port.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { openSecrets } from '../../src/secret/secrets.ts'
import type { ResolveName } from '../../src/transport/http/guarded-lookup.ts'
import { httpTransport } from '../../src/transport/http/http-transport.ts'
import { listenInTest } from '../lab/loopback.ts'

/** One request as the service saw it. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A service on loopback, over real sockets. */
export interface Service {
  readonly origin: string
  readonly port: number
  readonly seen: readonly SeenRequest[]
  /** How many connections were made to it. */
  connections(): number
  /** Does some work while nobody listens at its port. */
  unreachable<T>(work: () => Promise<T>): Promise<T>
}

/** Starts a service that answers each request, once it has all of it, with `answer`. Ends with the test. */
export async function startService(answer: RequestListener, tls?: ServerOptions): Promise<Service> {
  const seen: SeenRequest[] = []
  let connections = 0
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url: target = '', headers } = request
    seen.push({ method, target, headers, body: Buffer.concat(chunks).toString() })
    answer(request, response)
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  server.on('connection', () => {
    connections += 1
  })
  const port = await listenInTest(server)
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  const unreachable = async <T>(work: () => Promise<T>) => {
    server.close()
    try {
      return await work()
    } finally {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    }
  }
  return { origin, port, seen, connections: () => connections, unreachable }
}

/** An answer of JSON. */
export const jsonAnswer =
  (value: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

/** What the tests sign with. */
export const KEY = '0123456789abcdef0123456789abcdef'

/** The environment in which references are resolved. */
export const ENV = {
  HTTP_KEY: KEY,
  CMDB_TOKEN: 'kestrel-7719-secret',
  OTHER: 'other-secret-value',
  SHORT: 'too short',
  LINES: 'two\r\nlines: 1',
}

/** The real adapter, allowed what `hosts` says, at a fixed time. */
export function portTo(
  hosts: readonly AllowedHost[],
  files: Readonly<Record<string, string>> = {},
  resolveName?: ResolveName,
): HttpPort {
  const scrubber = new Scrubber()
  const secrets = openSecrets({
    env: ENV,
    exec: {},
    register: (secret, name) => scrubber.register(secret, name),
    now: () => 1_732_105_234_567,
  })
  return httpTransport({
    hosts,
    resolve: (reference) => secrets.resolve(reference),
    scrub: (text) => scrubber.scrub(text),
    readCa: async (file) => {
      const text = files[file]
      if (text === undefined) throw new Error(`ENOENT: ${file}`)
      return text
    },
    clock: { now: () => 1_732_105_234_567 },
    ...(resolveName === undefined ? {} : { resolveName }),
  })
}

/** The operator's entry for a host. */
export const allowed = (origin: string, more: Partial<AllowedHost> = {}): AllowedHost => ({
  origin,
  key: `\${env:HTTP_KEY}`,
  secrets: [],
  ...more,
})

/** A request of the tests. */
export const asking = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  name: 'the request',
  method: 'GET',
  url,
  headers: { 'idempotency-key': 'eosflow-1' },
  milliseconds: 5000,
  ...more,
})

/** A signal that nobody aborts. */
export const going = (): AbortSignal => new AbortController().signal
