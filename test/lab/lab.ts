import { expect, onTestFinished } from 'vitest'
import type { Seams } from '../../src/app/seams.ts'
import type { Transport } from '../../src/device/transport.ts'
import { atRest } from '../../src/journal/sqlite/group-commit.ts'
import type { Credentials } from '../../src/sim/auth/local-users.ts'
import { type InMemoryAnswer, type InMemoryEapi, inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
import type { Fabric } from '../../src/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import type { Disk } from '../../src/system/disk.ts'
import { eapiTransport } from '../../src/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../src/transport/eapi/exchange.ts'
import { rememberedConverge } from '../../src/trial/rehearsal/remembered-network.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { type RunningDevice, readFabricFolder } from '../../src/trial/start-fabric.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { aroundAppends } from './around-appends.ts'
import { DC1 } from './checkout.ts'
import { type Files, writeFiles } from './files.ts'
import { temporaryFolder } from './folder.ts'
import { inventoryOf } from './inventory.ts'
import { networkTruths, untrue } from './network-truth.ts'
import { assertSettled, type Ended } from './sockets.ts'
import { typed } from './typed.ts'
import { WORKFLOW } from './vlan-change.ts'

/** A simulated switch without a listener. */
type LabDevice = Pick<
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

/** A project, its switches in memory and a clock that only waiting moves: hours of commit timer pass in no time. */
export interface Lab {
  readonly fabric: LabFabric
  readonly clock: VirtualClock
  /** What every command line of the lab draws from: the same each time. */
  readonly random: SeededRandom
  /** Runs one command line of the real program to its end. */
  eosflow(...argv: readonly string[]): Promise<Ended>
  /** The same in another folder, on a machine that has no keys in its environment. */
  eosflowIn(folder: string, ...argv: readonly string[]): Promise<Ended>
  /** Runs the workflow as a person who approves the plan that is shown. */
  change(): Promise<Ended>
  /** Runs one command line as a person who says yes once. */
  agreed(...argv: readonly string[]): Promise<Ended>
  /** Everything the commands have printed so far. */
  readonly printed: string
  /** Writes a file of the project. */
  write(path: string, text: string): void
  /** The folder of the project. */
  readonly dir: string
}

/** What happens to the requests of a lab. */
export interface LabOptions {
  /** Default: the bundled fabric. */
  readonly fabric?: Fabric
  readonly workflow?: string
  /** Further files of the project, and other ones. */
  readonly files?: Files
  /** Called before each request is sent, with its commands. */
  readonly before?: (lab: Lab, device: string, commands: readonly string[]) => void | Promise<void>
  /** Whether the switches look at passwords. Default: whoever comes is let in. */
  readonly judgesLogins?: true
  /** Which switch answers at an address; default: the one whose name it is. */
  readonly answers?: (lab: Lab, device: string) => string
  /** What is heard of an answer; default: the answer. */
  readonly hears?: (lab: Lab, answer: InMemoryAnswer) => InMemoryAnswer
  /** The environment of each command line; default: none. */
  readonly env?: Readonly<Record<string, string>>
  /** Takes each live line that is drawn; default: nobody watches. */
  readonly live?: (line: string | undefined) => void
  /** Whether exec commands may be typed in a config session; default: it is a defect. */
  readonly mayRunExec?: true
  /** The interrupt. */
  readonly stop?: AbortSignal
  /** What else stands between one command line and its world; called for each. Default: nothing. */
  readonly seams?: (seams: Seams) => Seams
}

/** A local disk (ext4, statfs(2)) with room for whatever a lab writes; its ballast is small, because hundreds of labs keep one. */
export const WIDE_DISK: Disk = { fileSystemOf: () => ({ type: 0xef53, free: 2 ** 40 }), ballast: 4096 }

/** Makes a lab of the bundled fabric. When the test is over, the common teardown is asked and the project removed. */
export function startLab(options: LabOptions = {}): Lab {
  const clock = new VirtualClock()
  const fabric = inMemoryFabric(options.fabric ?? bundledFabric(), clock)
  const dir = temporaryFolder()
  let printed = ''
  const run = async (argv: readonly string[], answers: readonly string[], cwd = dir): Promise<Ended> => {
    const ended = await runMain(argv, answers, cwd, lab, cwd === dir ? options : { ...options, env: {} })
    printed += ended.out + ended.err
    return ended
  }
  const lab: Lab = {
    fabric,
    clock,
    random: new SeededRandom(),
    dir,
    eosflow: (...argv) => run(argv, []),
    eosflowIn: (folder, ...argv) => run(argv, [], folder),
    change: () => run(['run', 'workflow.yaml'], ['yes']),
    agreed: (...argv) => run(argv, ['yes']),
    get printed() {
      return printed
    },
    write: (path, text) => writeFiles(dir, { [path]: text }),
  }
  writeFiles(dir, {
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': inventoryOf(fabric),
    'workflow.yaml': options.workflow ?? WORKFLOW,
    ...options.files,
  })
  onTestFinished(() => {
    expect(untrue(fabric.networks.told), 'words of networks behind put-backs that are not true').toEqual([])
    return assertSettled(fabric, printed, options.mayRunExec)
  })
  return lab
}

let bundled: Fabric | undefined

/** The fabric of a lab. */
export function bundledFabric(): Fabric {
  if (bundled !== undefined) return bundled
  const read = readFabricFolder(DC1)
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  bundled = read.value
  return bundled
}

/** Labs of one fabric begin alike: what its network settles in is computed once for all of them. */
const states = new WeakMap<Fabric, ReturnType<typeof rememberedConverge>>()

/** A fabric that listens on no port; the inventory's addresses are never connected to. */
function inMemoryFabric(fabric: Fabric, clock: VirtualClock): LabFabric {
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

function runMain(
  argv: readonly string[],
  answers: readonly string[],
  cwd: string,
  lab: Lab,
  options: LabOptions,
): Promise<Ended> {
  const { env = {}, live, stop = new AbortController().signal } = options
  const typing = { env, answers, interactive: answers.length > 0, stop, seams: seamsOf(lab, options) }
  return whileTimePasses(lab.clock, typed(cwd, argv, { ...typing, ...(live === undefined ? {} : { live }) }))
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
  return options.seams?.(seams) ?? seams
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
        const answer = await connection(body)
        return hears?.(lab, answer) ?? answer
      }, username)
    },
  })
}

/** A server moves so often without a pause; from so many moves on a pause is a longer one. */
const AT_ONCE = 50
const SOON = 1_000

/**
 * Lets the clock go on to the next deadline whenever somebody waits for it and nothing else is left to do. `isServed`: in a server, where what is
 * really read gets its turn.
 */
export async function whileTimePasses<T>(
  clock: VirtualClock,
  work: Promise<T>,
  { isServed = false }: { readonly isServed?: boolean } = {},
): Promise<T> {
  let over = false
  let moves = 0
  const end = (): void => {
    over = true
  }
  const done = work.then(end, end)
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve))
    if (over) break
    moves += 1
    // In a server somebody always sleeps a little: while a file or a module is read on a busy machine hours would pass, and logins end.
    if (isServed && moves > AT_ONCE) await new Promise((resolve) => setTimeout(resolve, moves > SOON ? 10 : 1))
    if (over) break
    if (clock.sleeping > 0) await clock.next()
    // A file or a program is waited for: to look again and again would take from it the processor that it needs.
    else await Promise.race([done, clock.asleep()])
  }
  return work
}
