import { eapiHttpServer, type ListenerOptions } from '../../src/eos/sim/eapi/channel.ts'
import { SimulatedFabric } from '../../src/eos/sim/fabric/simulated-fabric.ts'
import { Authority } from '../../src/eos/sim/listener/authority.ts'
import { newHostKey } from '../../src/eos/sim/ssh/host-key.ts'
import { sshServer } from '../../src/eos/sim/ssh/ssh-server.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import { simulatorText } from '../../src/model/simulator.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { pods } from './pods.ts'

/** The switches that a process is to serve. */
export interface ServedPods {
  readonly count: number
  /** Which of how many processes that share them this one is, from 0: each serves some of the pods. */
  readonly part: number
  readonly parts: number
  /** So many ports to hosts on each leaf. */
  readonly hosts: number
  /** How long each takes for an answer beside what it takes by itself. */
  readonly seconds: number
  /** Over what they are spoken to: eAPI, or a terminal. */
  readonly protocol: 'http' | 'https' | 'ssh'
}

/** What the process that serves them says once they answer. */
export interface ServedPorts {
  /** The port of each, by its name. */
  readonly ports: Readonly<Record<string, number>>
  /** The authority that has signed their certificates, PEM. */
  readonly ca: string
  /** The fingerprint of the host key of each, by its name, where they are spoken to over SSH. */
  readonly hostKeys: Readonly<Record<string, string>>
}

/** Serves switches, and tells its parent the port of each. It ends when the parent lets go of it. */
async function serve({ count, part, parts, hosts, seconds, protocol }: ServedPods) {
  const ports: Record<string, number> = {}
  const hostKeys: Record<string, string> = {}
  const key = newHostKey()
  const authority = new Authority()
  for (const pod of pods(count, hosts).filter((_, index) => index % parts === part)) {
    const { switches } = new SimulatedFabric(pod, { clock: systemClock, random: new SeededRandom() })
    for (const { device, eapi, terminals } of switches) {
      if (seconds > 0) device.faults.set({ kind: 'slow', before: seconds }, device.now)
      const whose = () => simulatorText({ device: device.name, fabric: 'pods', project: null, pid: process.ppid })
      if (protocol === 'ssh') {
        const server = sshServer(terminals, key, { whose })
        await server.start()
        ports[device.name] = server.address.port
        hostKeys[device.name] = key.fingerprint
        continue
      }
      const tls = { identity: () => authority.serverIdentity(device.name), clientAuthorities: [] }
      const options: ListenerOptions = protocol === 'https' ? { tls, whose } : { whose }
      const server = eapiHttpServer(eapi, systemClock, options)
      await server.start()
      ports[device.name] = server.address.port
    }
  }
  process.send?.({ ports, ca: authority.cert, hostKeys } satisfies ServedPorts)
}

process.once('disconnect', () => process.exit(0))
await serve(JSON.parse(process.argv[2] ?? '') as ServedPods)
