import { simulatorText } from '../../../model/simulator.ts'
import { EapiHttpServer, type ListenerAddress } from '../eapi/http-server.ts'
import type { DeviceFault } from '../fault/fault.ts'
import { Authority, type Identity } from '../listener/authority.ts'
import { type HostKey, hostKeyOf, newHostKey } from '../ssh/host-key.ts'
import { SshServer } from '../ssh/ssh-server.ts'
import { ControlServer } from './control-server.ts'
import type { Fabric } from './fabric.ts'
import { SimulatedFabric, type SimulatedSwitch, type SimulationPorts } from './simulated-fabric.ts'

/** One switch that answers. */
export interface ServedSwitch extends SimulatedSwitch {
  readonly http: ListenerAddress
  readonly https: ListenerAddress
  readonly ssh: SshAddress
  /** The listeners at which nobody answers now, because the configuration of the switch says so. */
  closed(): readonly ListenerName[]
}

/** A way into a simulated switch. */
export type ListenerName = 'http' | 'https' | 'ssh'

/** Where SSH answers, and how clients know that it is this switch. */
export interface SshAddress extends ListenerAddress {
  /** As `known_hosts` has it: `ssh-ed25519 AAAA…`. */
  readonly publicKey: string
  /** Its fingerprint: `SHA256:…`. */
  readonly hostKey: string
}

/** A fabric whose switches answer on loopback. */
export interface ServedFabric {
  readonly simulation: SimulatedFabric
  readonly switches: readonly ServedSwitch[]
  readonly control: ListenerAddress
  /** The certificate of the authority that signed those of the switches, PEM. */
  readonly ca: string
  /** A certificate that logs a user in where the configuration trusts certificates. */
  clientIdentity(user: string): Identity
  /** Sets a fault while it runs; resolves when the listeners have followed. */
  fault(fault: DeviceFault): Promise<void>
  clearFaults(): Promise<void>
  close(): Promise<void>
}

/** Who has started a fabric: the folder of the project, null outside of one, and the process. */
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
  const clientAuthorities = [authority.cert, ...(fabric.clientCa === undefined ? [] : [fabric.clientCa])]
  const served = simulation.switches.map((one, index): Served => {
    const { host, port, httpsPort, sshPort, sshHostKey } = fabric.devices[index] ?? {}
    const whose = (): string => simulatorText({ device: one.device.name, fabric: fabric.name, ...owner() })
    const at = { whose, ...(host === undefined ? {} : { host }) }
    const tls = { identity: () => authority.serverIdentity(one.device.name), clientAuthorities }
    const http = new EapiHttpServer(one.eapi, ports.clock, { ...at, ...(port === undefined ? {} : { port }) })
    const https = new EapiHttpServer(one.eapi, ports.clock, {
      ...at,
      tls,
      ...(httpsPort === undefined ? {} : { port: httpsPort }),
    })
    const hostKey = sshHostKey === undefined ? newHostKey() : hostKeyOf(sshHostKey)
    const ssh = new SshServer(one.terminals, hostKey, { ...at, ...(sshPort === undefined ? {} : { port: sshPort }) })
    return { ...one, http, https, ssh }
  })
  const servers = served.flatMap(({ http, https, ssh }) => [http, https, ssh])
  const follow = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.follow()))
  }
  const control = new ControlServer(simulation, follow)
  const close = async (): Promise<void> => {
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
    switches: served.map((one) => ({
      ...one,
      http: one.http.address,
      https: one.https.address,
      ssh: sshAddress(one.ssh.address, one.ssh.hostKey),
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
  readonly http: EapiHttpServer
  readonly https: EapiHttpServer
  readonly ssh: SshServer
}

function sshAddress(address: ListenerAddress, hostKey: HostKey): SshAddress {
  return { ...address, publicKey: hostKey.public, hostKey: hostKey.fingerprint }
}
