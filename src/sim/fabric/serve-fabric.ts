import { EapiHttpServer, type ListenerAddress } from '../eapi/http-server.ts'
import type { DeviceFault } from '../fault/fault.ts'
import { ControlServer } from './control-server.ts'
import type { Fabric } from './fabric.ts'
import { SimulatedFabric, type SimulatedSwitch, type SimulationPorts } from './simulated-fabric.ts'

/** One switch that answers. */
export interface ServedSwitch extends SimulatedSwitch {
  readonly http: ListenerAddress
}

/** A fabric whose switches answer on loopback. */
export interface ServedFabric {
  readonly simulation: SimulatedFabric
  readonly switches: readonly ServedSwitch[]
  readonly control: ListenerAddress
  /** Sets a fault while it runs; resolves when the listeners have followed. */
  fault(fault: DeviceFault): Promise<void>
  clearFaults(): Promise<void>
  close(): Promise<void>
}

/** Opens the HTTP listeners of a fabric and its control port; resolves when every port answers. */
export async function serveFabric(fabric: Fabric, ports: SimulationPorts): Promise<ServedFabric> {
  const simulation = new SimulatedFabric(fabric, ports)
  const servers = simulation.switches.map(
    ({ eapi }, index) => new EapiHttpServer(eapi, ports.clock, fabric.devices[index]?.port),
  )
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
    switches: simulation.switches.map((one, index) => ({ ...one, http: httpOf(servers[index]) })),
    control: address,
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

function httpOf(server: EapiHttpServer | undefined): ListenerAddress {
  return server?.address ?? { host: '127.0.0.1', port: 0 }
}
