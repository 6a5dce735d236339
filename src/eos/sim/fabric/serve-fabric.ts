import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { definedItems, definedMembers } from '../../../model/json.ts'
import { simulatorText } from '../../../model/simulator.ts'
import { readJson } from '../../../text/source/json.ts'
import { parseWith } from '../../../text/source/yaml.ts'
import { eapiHttpServer, type ListenerAddress } from '../eapi/channel.ts'
import type { DeviceFault } from '../fault/fault.ts'
import { faultSchema } from '../fault/fault-schema.ts'
import { Authority, type Identity } from '../listener/authority.ts'
import type { SwitchListener } from '../listener/switch-listener.ts'
import { type HostKey, hostKeyOf, newHostKey } from '../ssh/host-key.ts'
import { sshServer } from '../ssh/ssh-server.ts'
import type { Fabric } from './fabric.ts'
import { fabricStatus, SimulatedFabric, type SimulatedSwitch, type SimulationPorts } from './simulated-fabric.ts'

const HOST = '127.0.0.1'
const BODY_LIMIT = 65_536

class ControlServer {
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

async function bodyOf(request: IncomingMessage) {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > BODY_LIMIT) throw new RangeError('the request is too long')
  }
  return body
}

function reply(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export interface ServedSwitch extends SimulatedSwitch {
  readonly http: ListenerAddress
  readonly https: ListenerAddress
  readonly ssh: SshAddress
  /** The listeners at which nobody answers now, because the configuration of the switch says so. */
  closed(): readonly ListenerName[]
}

export type ListenerName = 'http' | 'https' | 'ssh'

export interface SshAddress extends ListenerAddress {
  readonly publicKey: string
  readonly hostKey: string
}

export interface ServedFabric {
  readonly simulation: SimulatedFabric
  readonly switches: readonly ServedSwitch[]
  readonly control: ListenerAddress
  /** The certificate of the authority that signed those of the switches, PEM. */
  readonly ca: string
  clientIdentity(user: string): Identity
  fault(fault: DeviceFault): Promise<void>
  clearFaults(): Promise<void>
  close(): Promise<void>
}

export interface FabricOwner {
  readonly project: string | null
  readonly pid: number
}

/** Opens the listeners of a fabric, HTTP, HTTPS and SSH, and its control port; resolves when every port answers. */
export async function serveFabric(
  fabric: Fabric,
  ports: SimulationPorts,
  owner: () => FabricOwner,
): Promise<ServedFabric> {
  const simulation = new SimulatedFabric(fabric, ports)
  const authority = new Authority()
  const clientAuthorities = definedItems(authority.cert, fabric.clientCa)
  const served = simulation.switches.map((one, index): Served => {
    const { host, port, httpsPort, sshPort, sshHostKey } = fabric.devices[index] ?? {}
    const whose = () => simulatorText({ device: one.device.name, fabric: fabric.name, ...owner() })
    const at = { whose, ...definedMembers({ host }) }
    const tls = { identity: () => authority.serverIdentity(one.device.name), clientAuthorities }
    const http = eapiHttpServer(one.eapi, ports.clock, { ...at, ...definedMembers({ port }) })
    const https = eapiHttpServer(one.eapi, ports.clock, {
      ...at,
      tls,
      ...definedMembers({ port: httpsPort }),
    })
    const hostKey = sshHostKey === undefined ? newHostKey() : hostKeyOf(sshHostKey)
    const ssh = sshServer(one.terminals, hostKey, { ...at, ...definedMembers({ port: sshPort }) })
    return { ...one, http, https, ssh, hostKey }
  })
  const servers = served.flatMap(({ http, https, ssh }) => [http, https, ssh])
  const follow = async () => {
    await Promise.all(servers.map((server) => server.follow()))
  }
  const control = new ControlServer(simulation, follow)
  const close = async () => {
    await Promise.all([...servers.map((server) => server.stop()), control.stop()])
  }
  const started = await Promise.allSettled(servers.map((server) => server.start()))
  const failed = started.find((result) => result.status === 'rejected')
  if (failed !== undefined) {
    await close()
    throw failed.reason
  }
  const address = await control.start()
  return {
    simulation,
    switches: served.map(({ hostKey, ...one }) => ({
      ...one,
      http: one.http.address,
      https: one.https.address,
      ssh: { ...one.ssh.address, publicKey: hostKey.public, hostKey: hostKey.fingerprint },
      closed: () => LISTENERS.filter((name) => !one[name].open),
    })),
    control: address,
    ca: authority.cert,
    clientIdentity: (user) => authority.clientIdentity(user),
    fault: (fault) => {
      simulation.fault(fault)
      return follow()
    },
    clearFaults: () => {
      simulation.clearFaults()
      return follow()
    },
    close,
  }
}

const LISTENERS: readonly ListenerName[] = ['http', 'https', 'ssh']

interface Served extends SimulatedSwitch {
  readonly http: SwitchListener
  readonly https: SwitchListener
  readonly ssh: SwitchListener
  readonly hostKey: HostKey
}
