import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { ConfigTree } from '../../src/eos/config/text/tree.ts'
import { eapiHttpServer } from '../../src/eos/sim/eapi/channel.ts'
import { SimulatedFabric, type SimulatedSwitch } from '../../src/eos/sim/fabric/simulated-fabric.ts'
import { newHostKey } from '../../src/eos/sim/ssh/host-key.ts'
import { sshServer } from '../../src/eos/sim/ssh/ssh-server.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { pods } from '../../test/soak/pods.ts'
import type { PeerSwitch, Seen } from './switches.ts'

/** Every connection that clients have made. Counted here, it costs them nothing. */
const sockets: Socket[] = []
subscribe('net.server.socket', (message) => {
  sockets.push((message as { readonly socket: Socket }).socket)
})

/** Serves as many switches as are asked for, over HTTP and over SSH; gives them, and where each answers. */
async function serve(count: number): Promise<{ switches: readonly SimulatedSwitch[]; answering: PeerSwitch[] }> {
  const fabrics = pods(count).map((pod) => new SimulatedFabric(pod, { clock: systemClock, random: new SeededRandom() }))
  const switches = fabrics.flatMap((fabric) => fabric.switches)
  const answering: PeerSwitch[] = []
  for (const { device, eapi, terminals } of switches) {
    const key = newHostKey()
    const [http, ssh] = [eapiHttpServer(eapi, systemClock), sshServer(terminals, key)]
    await Promise.all([http.start(), ssh.start()])
    const { public: hostKey, fingerprint } = key
    answering.push({ name: device.name, http: http.address.port, ssh: ssh.address.port, hostKey, fingerprint })
  }
  return { switches, answering }
}

/** What all switches have seen so far, and what runs on them now. */
function seen(switches: readonly SimulatedSwitch[], before: NodeJS.CpuUsage): Seen {
  const devices = switches.map(({ device }) => device)
  for (const device of devices) device.settle()
  const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0)
  const { user, system } = process.cpuUsage(before)
  return {
    requests: sum(devices.map(({ counters }) => counters.requests)),
    connections: sockets.length,
    bytesToSwitches: sum(sockets.map(({ bytesRead }) => bytesRead)),
    bytesFromSwitches: sum(sockets.map(({ bytesWritten }) => bytesWritten)),
    cpu: (user + system) / 1e6,
    running: devices.filter(({ running }) => hasVlan(running)).length,
    saved: devices.filter(({ startup }) => hasVlan(startup)).length,
    timed: sum(devices.map(({ counters }) => counters.commits.timed)),
    confirmed: sum(devices.map(({ counters }) => counters.commits.confirms)),
    leftOver: devices.filter(({ sessions }) => sessions.all().some(({ state }) => state !== 'completed')).length,
  }
}

function hasVlan({ children }: ConfigTree): boolean {
  return children.some(
    ({ line, children: under }) => line === 'vlan 998' && under.some((one) => one.line === 'name TESTED'),
  )
}

process.once('disconnect', () => process.exit(0))
const { switches, answering } = await serve(Number(process.argv[2]))
const before = process.cpuUsage()
process.on('message', () => process.send?.(seen(switches, before)))
process.send?.(answering)
