import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readJson } from '../../../text/source/json.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import type { ListenerAddress } from '../eapi/http-server.ts'
import { faultSchema } from '../fault/fault-schema.ts'
import type { SimulatedFabric } from './simulated-fabric.ts'
import { fabricStatus } from './status.ts'

const HOST = '127.0.0.1'
const BODY_LIMIT = 65_536

/**
 * The control port of a running fabric, on loopback, for `sim status` and `sim fault`: `GET /status`, `POST /faults`
 * with one fault, `DELETE /faults`. `changed` is called after a fault was set or taken off.
 */
export class ControlServer {
  readonly #server: Server
  readonly #fabric: SimulatedFabric
  readonly #changed: () => Promise<void>

  constructor(fabric: SimulatedFabric, changed: () => Promise<void>) {
    this.#fabric = fabric
    this.#changed = changed
    this.#server = createServer((request, response) => {
      this.#serve(request).then(
        ({ status, body }) => reply(response, status, body),
        (error: unknown) => reply(response, 500, { error: String(error) }),
      )
    })
  }

  async start(): Promise<ListenerAddress> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, HOST, resolve)
    })
    return { host: HOST, port: (this.#server.address() as AddressInfo).port }
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const route = `${request.method} ${request.url}`
    if (route === 'GET /status') return { status: 200, body: fabricStatus(this.#fabric) }
    if (route === 'POST /faults') return this.#setFault(await bodyOf(request))
    if (route === 'DELETE /faults') {
      this.#fabric.clearFaults()
      await this.#changed()
      return { status: 200, body: fabricStatus(this.#fabric) }
    }
    return { status: 404, body: { error: `no ${route} here` } }
  }

  async #setFault(body: string): Promise<{ status: number; body: unknown }> {
    const read = readJson(body, 'fault')
    const fault = read.ok ? parseWith(faultSchema, read.value) : read
    if (!fault.ok) return { status: 400, body: { problems: fault.problems } }
    const names = this.#fabric.switches.map(({ device }) => device.name)
    if (!names.includes(fault.value.device)) {
      return { status: 404, body: { error: `no switch \`${fault.value.device}\` here: ${names.join(', ')}` } }
    }
    this.#fabric.fault(fault.value)
    await this.#changed()
    return { status: 200, body: fabricStatus(this.#fabric) }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > BODY_LIMIT) throw new RangeError('the request is too long')
  }
  return body
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
