import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Random } from '../../../model/random.ts'
import { commandSet } from '../cli/command/command-words.ts'
import { ACCOUNTING_COMMANDS } from '../cli/exec/accounting.ts'
import { clearCommands } from '../cli/exec/clear.ts'
import { CONFIGURE_COMMANDS } from '../cli/exec/configure.ts'
import { FILE_COMMANDS } from '../cli/exec/files.ts'
import { LOCK_COMMANDS } from '../cli/exec/lock.ts'
import { loggingCommands } from '../cli/exec/logging.ts'
import { pingCommands } from '../cli/exec/ping.ts'
import { SHOW_CONFIG_COMMANDS } from '../cli/exec/show-config.ts'
import { showStateCommands } from '../cli/exec/show-state.ts'
import { SHOW_TERMINAL_COMMANDS } from '../cli/exec/show-terminal.ts'
import { SYSTEM_COMMANDS } from '../cli/exec/system.ts'
import type { converge } from '../converge/converge.ts'
import { AnswerCache } from '../eapi/answer-cache.ts'
import { EapiChannel } from '../eapi/channel.ts'
import { CookieJar } from '../eapi/login.ts'
import type { DeviceFault } from '../fault/fault.ts'
import { operationalFault } from '../fault/operational.ts'
import type { RecordedOutput } from '../platform/recorded-output.ts'
import { SHOW_COMMANDS } from '../show/registry.ts'
import type { TerminalService } from '../ssh/service.ts'
import { behaviourOf } from '../switch/behaviour.ts'
import { setFault } from '../switch/set-fault.ts'
import { Switch } from '../switch/switch.ts'
import type { Fabric, FabricDevice } from './fabric.ts'
import { Network } from './network.ts'
import { physicalPorts } from './ports.ts'

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
      ...loggingCommands((device) => this.network.logOf(device)),
      ...clearCommands((device, vrf, peer) => this.network.clear(device, vrf, peer)),
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
    this.network.changed(device.name)
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
    {
      name,
      facts: { eos, model, serial, systemMac: mac, interfaces: physicalPorts(name, config, fabric.cabling) },
      config,
      ...definedMembers({ startup }),
      ...(entry.recorded === undefined ? {} : { recorded: byCommand(entry.recorded) }),
      credentials: fabric.credentials,
      privilege: entry.privilege ?? 1,
      ...definedMembers({ enableSecret }),
      verbatim: entry.verbatim ?? false,
      unknownLines: entry.unknownLines ?? 'accept',
      vouched: fabric.vouched ?? [],
      managementOutside: entry.managementOutside ?? false,
      behaviour: behaviourOf(eos, entry.behaviour),
      uptimeSeconds: UPTIME_SECONDS,
    },
    clock,
    random,
  )
}
