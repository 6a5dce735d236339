import type { Clock, Random } from '../../../model/clock.ts'
import { definedMembers, gathered } from '../../../model/json.ts'
import { commandSet } from '../cli/command/command-words.ts'
import { CONFIGURE_COMMANDS, LOCK_COMMANDS } from '../cli/exec/configure.ts'
import { FILE_COMMANDS } from '../cli/exec/files.ts'
import { ACCOUNTING_COMMANDS, loggingCommands } from '../cli/exec/logging.ts'
import { pingCommands } from '../cli/exec/ping.ts'
import { SHOW_CONFIG_COMMANDS } from '../cli/exec/show-config.ts'
import { clearCommands, showStateCommands } from '../cli/exec/show-state.ts'
import { SHOW_TERMINAL_COMMANDS } from '../cli/exec/show-terminal.ts'
import { SYSTEM_COMMANDS } from '../cli/exec/system.ts'
import { converge } from '../converge/converge.ts'
import { disjointSets } from '../converge/disjoint-sets.ts'
import { AnswerCache } from '../eapi/answer-cache.ts'
import { EapiChannel } from '../eapi/channel.ts'
import { CookieJar } from '../eapi/login.ts'
import { atTime, type DeviceFault, type Fault, type FaultOf, isHand, waitsForPoint } from '../fault/fault.ts'
import { type OperationalFault, operationalFault } from '../fault/operational.ts'
import type { Cable, Demand, RecordedOutput } from '../platform/facts.ts'
import type { ShowContext } from '../show/format/define.ts'
import { SHOW_COMMANDS } from '../show/registry.ts'
import type { TerminalService } from '../ssh/service.ts'
import { behaviourOf } from '../switch/behaviour.ts'
import type { Actor } from '../switch/config-session.ts'
import type { Counters, RequestRecord } from '../switch/counters.ts'
import { Switch } from '../switch/switch.ts'
import type { Fabric, FabricDevice } from './fabric.ts'
import { NetworkPart } from './network-part.ts'
import { physicalPorts } from './ports.ts'

class Network {
  readonly #parts: readonly NetworkPart[]
  readonly #partOf: ReadonlyMap<string, NetworkPart>

  constructor(
    switches: readonly Switch[],
    { cabling, demands = [] }: Pick<Fabric, 'cabling' | 'demands'>,
    compute: typeof converge = converge,
  ) {
    const all = new Map(switches.map((device) => [device.name, device]))
    const parts = joinedBy(cabling, demands, switches).map((part) => ({
      ...part,
      made: new NetworkPart(part.switches, all, part, compute),
    }))
    this.#parts = parts.map(({ made }) => made)
    this.#partOf = new Map(parts.flatMap((part) => part.switches.map(({ name }) => [name, part.made] as const)))
  }

  disturb(fault: OperationalFault): void {
    this.part(fault.device).disturb(fault)
  }

  restore(): void {
    for (const part of this.#parts) part.restore()
  }

  get faults(): readonly OperationalFault[] {
    return this.#parts.flatMap(({ faults }) => faults)
  }

  context(device: Switch): ShowContext {
    return this.part(device.name).context(device)
  }

  stamp(device: Switch): string {
    return this.part(device.name).stamp(device.now)
  }

  part(device: string): NetworkPart {
    const part = this.#partOf.get(device)
    if (part === undefined) throw new RangeError(`no switch ${device} in the network`)
    return part
  }
}

interface JoinedSwitches {
  readonly switches: readonly Switch[]
  readonly cabling: readonly Cable[]
  readonly demands: readonly Demand[]
}

function joinedBy(
  cabling: readonly Cable[],
  demands: readonly Demand[],
  switches: readonly Switch[],
): readonly JoinedSwitches[] {
  const { find, join } = disjointSets()
  for (const { a, b } of cabling) join(b.device, a.device)
  const devices = gathered(switches.map((one) => [find(one.name), one]))
  const cables = gathered(cabling.map((one) => [find(one.a.device), one]))
  const flows = gathered(demands.map((one) => [find(one.from), one]))
  return [...devices].map(([root, list]) => ({
    switches: list,
    cabling: cables.get(root) ?? [],
    demands: flows.get(root) ?? [],
  }))
}

const FOREIGN: Actor = { user: 'cvpadmin', from: 'TerminAttr (localhost)' }

const STRIKES_AT_ONCE: ReadonlySet<Fault['kind']> = new Set(['session-limit', 'foreign-timer', 'no-startup-config'])

// Sets a fault on a switch: foreign sessions and timers, and hands and reboots without a moment, strike at once.
function setFault(device: Switch, fault: Fault) {
  device.settle()
  if (STRIKES_AT_ONCE.has(fault.kind)) device.faults.felt(fault)
  if (fault.kind === 'session-limit') fillSessions(device, fault.sessions ?? Number.POSITIVE_INFINITY)
  else if (fault.kind === 'foreign-timer') armForeign(device, fault)
  else if (fault.kind === 'no-startup-config') device.config.eraseStartup()
  else device.faults.set(atOnce(fault), device.now, fault)
  device.settle()
}

function fillSessions({ sessions, random }: Switch, count: number) {
  for (let left = Math.min(count, sessions.room); left > 0; left -= 1)
    sessions.open(foreignName(random.hex(4)), FOREIGN)
}

function armForeign({ sessions, random }: Switch, { session, user, seconds }: FaultOf<'foreign-timer'>) {
  const by = { ...FOREIGN, user: user ?? FOREIGN.user }
  const opened = sessions.open(session ?? foreignName(random.hex(4)), by)
  if (!('ok' in opened)) sessions.commitTimer(opened.name, seconds, by)
}

// As CloudVision names its sessions (docs/eos.md 2.6).
function foreignName(hex: string) {
  return `CVP-configtask-${hex}`
}

function atOnce(fault: Fault): Fault {
  if (isHand(fault)) return waitsForPoint(fault) ? fault : atTime(fault, fault.after ?? 0)
  const waits = fault.kind === 'reboot' && (fault.on !== undefined || fault.command !== undefined)
  return fault.kind === 'reboot' && !waits ? { ...fault, after: fault.after ?? 0 } : fault
}

export interface SimulatedSwitch {
  readonly device: Switch
  readonly eapi: EapiChannel
  readonly terminals: TerminalService
}

export interface SimulationPorts {
  readonly clock: Clock
  readonly random: Random
  readonly converge?: typeof converge
}

const UPTIME_SECONDS = 100_000

export class SimulatedFabric {
  readonly fabric: Fabric
  readonly switches: readonly SimulatedSwitch[]
  readonly network: Network
  readonly answers = new AnswerCache()
  readonly #clock: Clock
  readonly #byName: ReadonlyMap<string, SimulatedSwitch>

  constructor(fabric: Fabric, { clock, random, converge: compute }: SimulationPorts) {
    const devices = fabric.devices.map((entry) => newSwitch(entry, fabric, clock, random))
    this.fabric = fabric
    this.#clock = clock
    this.network = new Network(devices, fabric, compute)
    const commands = commandSet([
      ...CONFIGURE_COMMANDS,
      ...LOCK_COMMANDS,
      ...ACCOUNTING_COMMANDS,
      ...SHOW_CONFIG_COMMANDS,
      ...SYSTEM_COMMANDS,
      ...loggingCommands((device) => this.network.part(device.name).logOf(device)),
      ...clearCommands((device, vrf, peer) => this.network.part(device.name).clear(device, vrf, peer)),
      ...pingCommands((device) => this.network.context(device).state),
      ...SHOW_TERMINAL_COMMANDS,
      ...FILE_COMMANDS,
      ...showStateCommands(SHOW_COMMANDS, (device) => this.network.context(device)),
    ])
    this.switches = devices.map((device) => ({
      device,
      eapi: new EapiChannel(
        {
          device,
          commands,
          cookies: new CookieJar(random),
          answers: this.answers,
          stamp: () => this.network.stamp(device),
        },
        clock,
      ),
      terminals: { device, commands, clock },
    }))
    this.#byName = new Map(this.switches.map((one) => [one.device.name, one]))
    for (const fault of fabric.faults) this.fault(fault)
  }

  /** Throws a RangeError when the fabric has none of it. */
  get(name: string): SimulatedSwitch {
    const found = this.#byName.get(name)
    if (found === undefined) throw new RangeError(`no switch \`${name}\` in the fabric ${this.fabric.name}`)
    return found
  }

  fault(fault: DeviceFault): void {
    const { device } = this.get(fault.device)
    const operational = operationalFault(fault, this.#clock.now())
    if (operational === undefined) setFault(device, fault)
    else this.network.disturb(operational)
    this.network.part(device.name).changed()
  }

  clearFaults(): void {
    for (const { device } of this.switches) device.faults.clear()
    this.network.restore()
  }
}

function byCommand(outputs: readonly RecordedOutput[]): ReadonlyMap<string, RecordedOutput> {
  return new Map(outputs.map((output) => [output.command, output]))
}

function newSwitch(entry: FabricDevice, fabric: Fabric, clock: Clock, random: Random) {
  const { name, eos, model, serial, mac, config, startup, enableSecret } = entry
  return new Switch(
    definedMembers({
      name,
      facts: { eos, model, serial, systemMac: mac, interfaces: physicalPorts(name, config, fabric.cabling) },
      config,
      startup,
      recorded: entry.recorded === undefined ? undefined : byCommand(entry.recorded),
      credentials: fabric.credentials,
      privilege: entry.privilege ?? 1,
      enableSecret,
      verbatim: entry.verbatim ?? false,
      unknownLines: entry.unknownLines ?? 'accept',
      vouched: fabric.vouched ?? [],
      managementOutside: entry.managementOutside ?? false,
      behaviour: behaviourOf(eos, entry.behaviour),
      uptimeSeconds: UPTIME_SECONDS,
    }),
    clock,
    random,
  )
}

export interface SwitchStatus {
  readonly name: string
  readonly eos: string
  readonly reachable: boolean
  readonly uptimeSeconds: number
  readonly sessions: Readonly<Record<string, string>>
  readonly timer?: { readonly session: string; readonly secondsLeft: number }
  readonly saved: boolean
  readonly counters: Counters
  readonly lastRequest?: RequestRecord
  readonly faults: readonly Fault[]
  readonly recorded: readonly string[]
}

export interface FabricStatus {
  readonly name: string
  readonly devices: readonly SwitchStatus[]
  readonly network: readonly OperationalFault[]
}

export function fabricStatus({ fabric, switches, network }: SimulatedFabric): FabricStatus {
  return { name: fabric.name, devices: switches.map(({ device }) => switchStatus(device)), network: network.faults }
}

function switchStatus(device: Switch): SwitchStatus {
  device.settle()
  const { now } = device
  const { timer } = device.sessions
  const lastRequest = device.requests.at(-1)
  return {
    name: device.name,
    eos: device.facts.eos,
    reachable: device.reachable,
    uptimeSeconds: Math.max(0, Math.floor((now - device.bootedAt) / 1000)),
    sessions: Object.fromEntries(device.sessions.all().map(({ name, state }) => [name, state])),
    ...(timer === undefined
      ? {}
      : { timer: { session: timer.session, secondsLeft: Math.max(0, Math.floor((timer.deadline - now) / 1000)) } }),
    saved: device.running === device.startup,
    counters: device.counters,
    ...definedMembers({ lastRequest }),
    faults: device.faults.list(),
    recorded: [...(device.options.recorded?.keys() ?? [])],
  }
}
