import { expect } from 'vitest'
import { aroundAppends } from './around.ts'
import { DC1 } from './checkout.ts'
import type { Lab, LabOptions } from './lab.ts'
import { networkTruths, untrue } from './network-truth.ts'
import {
  atRest,
  type Clock,
  type Credentials,
  channelOver,
  type DeviceFault,
  type Disk,
  eapiTransport,
  type Fabric,
  type FabricSource,
  type InMemoryAnswer,
  type InMemoryEapi,
  inMemoryEapi,
  oneSwitchFabric,
  type RunningDevice,
  readFabricFolder,
  rememberedConverge,
  type Seams,
  SeededRandom,
  SimulatedFabric,
  type Transport,
  type VirtualClock,
} from './sources.ts'

/** A simulated switch without a listener. */
export type LabDevice = Pick<
  RunningDevice,
  'name' | 'username' | 'password' | 'http' | 'switch' | 'eapi' | 'counters' | 'requests'
> & {
  /** Makes a new connection to its eAPI; as the simulator's own user unless somebody else is given. */
  connect(as?: Credentials): InMemoryEapi
}

/** Simulated switches without a listener. */
export interface LabFabric {
  readonly devices: readonly LabDevice[]
  /** A switch by name. Throws a RangeError when there is none. */
  device(name: string): LabDevice
  fault(fault: DeviceFault): void
  clearFaults(): void
  /** Whether a switch reaches an address now, by the converged state of the network and by nobody's reading of it. */
  reaches(from: string, vrf: string, to: string): boolean
  /** What is said of networks behind put-backs, beside what they are. */
  readonly networks: ReturnType<typeof networkTruths>
}

/** A local disk (ext4, statfs(2)) with room for whatever a lab writes; its ballast is small, because hundreds of labs keep one. */
export const WIDE_DISK: Disk = { fileSystemOf: () => ({ type: 0xef53, free: 2 ** 40 }), ballast: 4096 }

const read = new Map<string, Fabric>()

/** The switches of a source, as data. */
function fabricOf(source: FabricSource): Fabric {
  if ('fabric' in source) return source.fabric
  if ('config' in source) return oneSwitchFabric(source.config, source)
  const known = read.get(source.folder)
  if (known !== undefined) return known
  const found = readFabricFolder(source.folder)
  if (!found.ok) throw new Error(found.problems.map(({ message }) => message).join('\n'))
  read.set(source.folder, found.value)
  return found.value
}

/** The fabric of a lab. */
export const bundledFabric = (): Fabric => fabricOf({ folder: DC1 })

/** Labs of one fabric begin alike: what its network settles in is computed once for all of them. */
const states = new WeakMap<Fabric, ReturnType<typeof rememberedConverge>>()

/** A fabric that listens on no port; the inventory's addresses are never connected to. */
export function inMemoryFabric(source: FabricSource, clock: VirtualClock): LabFabric {
  const fabric = fabricOf(source)
  const converge = states.get(fabric) ?? rememberedConverge()
  states.set(fabric, converge)
  const simulation = new SimulatedFabric(fabric, { clock, random: new SeededRandom(), converge })
  const devices = simulation.switches.map(
    ({ device, eapi }, index): LabDevice => ({
      name: device.name,
      ...fabric.credentials,
      http: { host: '127.0.0.1', port: index + 1 },
      switch: device,
      eapi: inMemoryEapi(eapi),
      connect: (as) => inMemoryEapi(eapi, as),
      counters: () => device.counters,
      requests: () => device.requests,
    }),
  )
  return {
    devices,
    device: (name) => {
      const found = devices.find((device) => device.name === name)
      if (found === undefined) throw new RangeError(`no switch ${name}`)
      return found
    },
    fault: (fault) => simulation.fault(fault),
    clearFaults: () => simulation.clearFaults(),
    networks: networkTruths(
      (name) => simulation.network.context(simulation.get(name).device).state,
      devices.map(({ name }) => name),
    ),
    reaches: (from, vrf, to) => simulation.network.context(simulation.get(from).device).state.reaches(vrf, to),
  }
}

/** Expects that each word of a network behind a put-back was true. */
export function assertTrueWords({ networks: { told } }: LabFabric) {
  expect(untrue(told), 'words of networks behind put-backs that are not true').toEqual([])
}

/** What stands between an act of a lab and its world: the lab's clock, its random numbers and its switches. */
export function seamsOf(lab: Lab, options: LabOptions = {}): Seams {
  const seams: Seams = {
    clock: lab.clock,
    random: lab.random,
    moment: atRest,
    journal: aroundAppends({ behind: (written) => lab.fabric.networks.saw(written) }),
    transport: () => inMemoryTransport(lab, options),
    disk: WIDE_DISK,
  }
  const serviced = (options.services ?? []).reduce((given, { seams: through }) => through?.(given) ?? given, seams)
  return options.seams?.(serviced) ?? serviced
}

/** The real request mapping over an in-memory channel. */
function inMemoryTransport(lab: Lab, { before, answers, hears, judgesLogins }: LabOptions): Transport {
  return eapiTransport({
    openChannel: ({ name }, { username, password }) => {
      const as = judgesLogins === true ? { username, password: password?.reveal() ?? '' } : undefined
      const connections = new Map<string, InMemoryEapi>()
      return channelOver(async (body) => {
        const { params } = JSON.parse(body) as { params: { cmds?: readonly (string | { cmd: string })[] } }
        const commands = (params.cmds ?? []).map((command) => (typeof command === 'string' ? command : command.cmd))
        await before?.(lab, name, commands)
        const device = lab.fabric.device(answers?.(lab, name) ?? name)
        const connection = connections.get(device.name) ?? device.connect(as)
        connections.set(device.name, connection)
        const answer: InMemoryAnswer = await connection(body)
        return hears?.(lab, answer) ?? answer
      }, username)
    },
  })
}

/** A server moves so often without a pause; from so many moves on a pause is a longer one. */
const AT_ONCE = 50
const SOON = 1_000

/**
 * Lets the clock go on to the next deadline when something waits for it and nothing else is left to do. `isServed`: in a server, where what is
 * really read gets its turn.
 */
export async function whileTimePasses<T>(
  clock: Clock & Pick<VirtualClock, 'sleeping' | 'next' | 'asleep'>,
  work: Promise<T>,
  { isServed = false }: { readonly isServed?: boolean } = {},
): Promise<T> {
  let over = false
  let moves = 0
  const end = () => {
    over = true
  }
  const done = work.then(end, end)
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve))
    if (over) break
    moves += 1
    // In a server something always sleeps a little: while a file or a module is read on a busy machine hours would pass, and logins end.
    if (isServed && moves > AT_ONCE) await new Promise((resolve) => setTimeout(resolve, moves > SOON ? 10 : 1))
    if (over) break
    if (clock.sleeping > 0) await clock.next()
    // A file or a program is waited for: to look again and again would take from it the processor that it needs.
    else await Promise.race([done, clock.asleep()])
  }
  return work
}
