import { gathered } from '../../../model/map-keys.ts'
import { converge } from '../converge/converge.ts'
import { disjointSets } from '../converge/disjoint-sets.ts'
import type { OperationalFault } from '../converge/operational-fault.ts'
import type { Cable, Demand } from '../platform/facts.ts'
import type { ShowContext } from '../show/format/define.ts'
import type { Switch } from '../switch/switch.ts'
import type { LogEntry } from '../switch/syslog.ts'
import type { Fabric } from './fabric.ts'
import { NetworkPart } from './network-part.ts'

export class Network {
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

  /** What a switch has logged about the network, oldest first. */
  logOf(device: Switch): readonly LogEntry[] {
    return this.#part(device.name).logOf(device)
  }

  changed(device: string): void {
    this.#part(device).changed()
  }

  clear(device: Switch, vrf: string, peer: string | undefined): void {
    this.#part(device.name).clear(device, vrf, peer)
  }

  disturb(fault: OperationalFault): void {
    this.#part(fault.device).disturb(fault)
  }

  restore(): void {
    for (const part of this.#parts) part.restore()
  }

  get faults(): readonly OperationalFault[] {
    return this.#parts.flatMap(({ faults }) => faults)
  }

  context(device: Switch): ShowContext {
    return this.#part(device.name).context(device)
  }

  stamp(device: Switch): string {
    return this.#part(device.name).stamp(device.now)
  }

  #part(device: string): NetworkPart {
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
