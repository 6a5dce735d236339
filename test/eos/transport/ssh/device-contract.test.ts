// @module-tag long
import { onTestFinished } from 'vitest'
import type { SshTarget } from '../../../../src/eos/device/device.ts'
import { oneSwitchFabric } from '../../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../../src/eos/sim/fabric/simulated-fabric.ts'
import { newHostKey } from '../../../../src/eos/sim/ssh/host-key.ts'
import { sshServer } from '../../../../src/eos/sim/ssh/ssh-server.ts'
import { sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { BOOT, deviceContract, fenceContract, noOwnerContract, type Rig } from '../device-contract.ts'
import { type Deliver, delayedBy, type Hardship, hurriedClock, oneByOne, simulatedShell } from './scripted-shell.ts'

/** A switch of this EOS version under a virtual clock, and nothing that listens yet. */
function oneSwitch(eos: string) {
  const clock = new VirtualClock()
  const fabric = oneSwitchFabric(BOOT, { eos, name: 'leaf1' })
  const simulation = new SimulatedFabric(fabric, { clock, random: new SeededRandom() })
  return { clock, fabric, simulation, ...simulation.get('leaf1') }
}

const BANNER = 'leaf1#\nleaf1(config-s-eosflo)#\nPassword: \n --More-- \n% Invalid input\nleaf1>'

/** Each byte by itself, each as late as the whole would be. */
const slowly =
  (deliver: Deliver): Deliver =>
  (bytes, hear) => {
    for (const byte of bytes) deliver(Uint8Array.of(byte), hear)
  }

const TARGET: SshTarget = {
  name: 'leaf1',
  host: '127.0.0.1',
  port: 22,
  transport: 'ssh',
  hostKey: { mode: 'known-hosts', file: 'known_hosts' },
}

/** Reached over SSH on loopback: a real client, a real server, real time between them. */
async function onLoopback(eos: string): Promise<Rig> {
  const { clock, fabric, simulation, device, terminals } = oneSwitch(eos)
  const key = newHostKey()
  const server = sshServer(terminals, key)
  await server.start()
  onTestFinished(() => server.stop())
  const { host, port } = server.address
  const transport = sshTransport({
    clock: systemClock,
    readKnownHosts: async () => `[${host}]:${port} ${key.public}\n`,
  })
  const { username, password: right } = fabric.credentials
  return {
    connect: (password = right, fence = noFence) =>
      transport.connect({ ...TARGET, host, port }, { username, password: new Secret(password) }, fence),
    fault: async (fault) => {
      simulation.fault({ ...fault, device: 'leaf1' })
      await server.follow()
    },
    advance: async (seconds) => {
      await clock.advance(seconds * 1000)
      await server.follow()
    },
    counters: () => device.counters,
    close: () => server.stop(),
  }
}

/** Reached by the same dialogue without a socket; the way between may cut what the switch says anywhere. */
async function inMemory(eos: string, hardship: Hardship = {}, waiting: Clock = systemClock): Promise<Rig> {
  const { clock, fabric, simulation, device, terminals } = oneSwitch(eos)
  const { username, password: right } = fabric.credentials
  const transport = sshTransport({
    clock: waiting,
    openShell: async (_target, { password }) =>
      simulatedShell(terminals, { username, password: password?.reveal() ?? '' }, hardship),
  })
  return {
    connect: (password = right, fence = noFence) =>
      transport.connect(TARGET, { username, password: new Secret(password) }, fence),
    fault: async (fault) => simulation.fault({ ...fault, device: 'leaf1' }),
    advance: (seconds) => clock.advance(seconds * 1000),
    counters: () => device.counters,
    close: async () => undefined,
  }
}

// The contract without a hardship is looked at over sockets: each of the two in memory would show less than those with one.
for (const eos of everyNthOfLong(2, 'versions over SSH in memory', ['4.31.2F', '4.32.2F']))
  fenceContract(`SSH in memory, EOS ${eos}`, () => inMemory(eos))
// Real sockets take their time: both versions by night.
for (const eos of everyNthOfLong(2, 'versions over real sockets', ['4.32.2F', '4.31.2F'])) {
  deviceContract(`SSH on loopback, EOS ${eos}`, () => onLoopback(eos))
  fenceContract(`SSH on loopback, EOS ${eos}`, () => onLoopback(eos))
  noOwnerContract(`SSH in memory, EOS ${eos}`, () => inMemory(eos))
}
const HARDSHIPS: readonly (readonly [what: string, start: () => Promise<Rig>])[] = [
  [
    'byte by byte, 80 columns, behind a banner like a prompt',
    () => inMemory('4.32.2F', { deliver: oneByOne, width: 80, banner: BANNER }),
  ],
  [
    'with 300 ms before every answer, behind a banner like a prompt',
    () => {
      const clock = hurriedClock()
      return inMemory('4.31.2F', { deliver: delayedBy(300, clock), banner: BANNER }, clock)
    },
  ],
  [
    'at 40 columns with 20 ms before every byte',
    () => {
      const clock = hurriedClock()
      return inMemory('4.31.2F', { deliver: slowly(delayedBy(20, clock)), width: 40 }, clock)
    },
  ],
]
for (const [what, start] of everyNthOfLong(3, 'hardships of a terminal', HARDSHIPS))
  deviceContract(`SSH ${what}`, start)
