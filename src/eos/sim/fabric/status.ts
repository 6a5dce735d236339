import { definedMembers } from '../../../model/defined-members.ts'
import type { Fault } from '../fault/fault.ts'
import type { OperationalFault } from '../fault/operational.ts'
import type { Counters, RequestRecord } from '../switch/counters.ts'
import type { Switch } from '../switch/switch.ts'
import type { SimulatedFabric } from './simulated-fabric.ts'

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
