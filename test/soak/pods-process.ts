import { EapiHttpServer } from '../../src/sim/eapi/http-server.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { pods } from './pods.ts'

/** Serves as many switches as its first argument says, with as many ports to hosts as the second one says, and tells its parent the port of each. It ends when the parent lets go of it. */
async function serve(count: number, hosts: number | undefined): Promise<void> {
  const ports: Record<string, number> = {}
  for (const pod of pods(count, hosts)) {
    const { switches } = new SimulatedFabric(pod, { clock: systemClock, random: new SeededRandom() })
    for (const { device, eapi } of switches) {
      const server = new EapiHttpServer(eapi, systemClock)
      await server.start()
      ports[device.name] = server.address.port
    }
  }
  process.send?.(ports)
}

process.once('disconnect', () => process.exit(0))
const [, , count, hosts] = process.argv
await serve(Number(count), hosts === undefined ? undefined : Number(hosts))
