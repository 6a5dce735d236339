import { type Links, portKey } from './links.ts'
import type { InterfaceState, MlagState } from './network-state.ts'
import { BRIDGE_PRIORITY, PORT_PRIORITY } from './read-spanning-tree.ts'
import type { SwitchModel } from './read-switch.ts'
import { remembered } from './remembered.ts'
import { bundleOf, type RaisedSwitch, type RaisedSwitches } from './segments.ts'
import type { BridgeId } from './spanning-tree-state.ts'

/** What bridges are made of. */
export interface BridgeGround {
  readonly raised: RaisedSwitches
  readonly links: Links
  readonly mlag: ReadonlyMap<string, MlagState>
}

/** One that takes part in spanning tree: a switch, or an MLAG pair. */
export interface Bridge {
  /** Bridges of one MST region count costs inside it; with the other protocols each is alone. */
  readonly region: string
  readonly protocol: string
  readonly serves: (instance: string) => boolean
  readonly id: (instance: string) => BridgeId
  /** The ports that are in an instance. */
  readonly ports: (instance: string) => readonly BridgePort[]
  /** The bridge port at the other end of one of its ports. */
  readonly far: (port: BridgePort) => BridgeEnd | undefined
}

/** One port of one bridge. */
export interface BridgeEnd {
  readonly bridge: Bridge
  readonly port: BridgePort
}

/** One port of a bridge; an MLAG is one port of both switches. */
export interface BridgePort {
  /** Its name on each switch that has it. */
  readonly names: ReadonlyMap<string, string>
  readonly vlans: readonly number[]
  readonly cost: number
  readonly priority: number
  readonly number: number
  readonly portfast: boolean
}

/** The bridge that each switch is, or is of, by switch; those without spanning tree are none. */
export function bridgesOf(ground: BridgeGround): ReadonlyMap<string, Bridge> {
  const bridges = new Map<string, Bridge>()
  const ends = new Map<string, BridgeEnd>()
  const far = new Map<BridgePort, BridgeEnd>()
  for (const [name, here] of ground.raised) {
    if (bridges.has(name) || !takesPart(here)) continue
    const both = [here, ground.raised.get(ground.mlag.get(name)?.peerName ?? '')].filter(takesPart)
    const ports = portsOf(both, ground)
    const bridge = makeBridge(here.model, ground.mlag.get(name), [...new Set(ports.values())], far)
    for (const { model } of both) bridges.set(model.name, bridge)
    for (const [key, port] of ports) ends.set(key, { bridge, port })
  }
  for (const [key, { port }] of ends) {
    const end = ends.get(farEnd(key, ground) ?? '')
    if (end !== undefined) far.set(port, end)
  }
  return bridges
}

function makeBridge(
  { spanningTree, facts, name }: SwitchModel,
  mlag: MlagState | undefined,
  ports: readonly BridgePort[],
  far: ReadonlyMap<BridgePort, BridgeEnd>,
): Bridge {
  const { mode, disabled, mapped, priorities } = spanningTree
  const macAddress = mlag?.state === 'active' ? mlag.systemId : facts.systemMac
  const perVlan = mode === 'rapid-pvst'
  return {
    region: mode === 'mstp' ? spanningTree.region : `alone: ${name}`,
    protocol: mode,
    serves: (instance) => {
      if (perVlan) return instance.startsWith('VL') && !disabled.has(numberOf(instance))
      return instance === 'MST0' || (mode === 'mstp' && [...mapped.values()].includes(numberOf(instance)))
    },
    id: remembered((instance) => ({
      priority: priorities.get(instance) ?? BRIDGE_PRIORITY,
      systemIdExtension: numberOf(instance),
      macAddress,
    })),
    ports: remembered((instance) =>
      perVlan ? ports.filter(({ vlans }) => vlans.includes(numberOf(instance))) : ports,
    ),
    far: (port) => far.get(port),
  }
}

function takesPart(here: RaisedSwitch | undefined): here is RaisedSwitch {
  return here?.model.up === true && here.model.spanningTree.mode !== 'none'
}

function portsOf(switches: readonly RaisedSwitch[], { mlag }: BridgeGround): ReadonlyMap<string, BridgePort> {
  const ports = new Map<string, BridgePort>()
  for (const { model, interfaces } of switches) {
    const paired = mlag.get(model.name)
    const peers = new Map(paired?.interfaces.map((one) => [one.localInterface, one.peerInterface]))
    const numbered = [...interfaces.values()].filter(({ kind }) => kind === 'ethernet' || kind === 'portChannel')
    for (const [at, state] of numbered.entries()) {
      if (!bridges(state) || state.name === paired?.peerLink) continue
      const shared = ports.get(portKey(paired?.peerName ?? '', peers.get(state.name) ?? ''))
      const names = new Map([...(shared?.names ?? []), [model.name, state.name] as const])
      const port = { ...(shared ?? makePort(state, model, at + 1)), names }
      for (const [device, name] of names) ports.set(portKey(device, name), port)
    }
  }
  return ports
}

function bridges({ mode, lineProtocol }: InterfaceState) {
  return (mode === 'access' || mode === 'trunk') && lineProtocol === 'up'
}

function makePort(state: InterfaceState, model: SwitchModel, at: number): Omit<BridgePort, 'names'> {
  const line = model.spanningTree.ports.get(state.name)
  return {
    vlans: state.vlans,
    cost: line?.cost ?? defaultCost(state),
    priority: line?.priority ?? PORT_PRIORITY,
    number: Number(/^Ethernet(\d+)$/.exec(state.name)?.[1] ?? at),
    portfast: line?.portfast ?? false,
  }
}

function defaultCost({ kind, bandwidth, members }: InterfaceState) {
  const each = kind === 'portChannel' && members.length > 0 ? bandwidth / members.length : bandwidth
  const cost = Math.round(20_000_000_000_000 / Math.max(each, 1))
  return kind === 'portChannel' ? cost - 1 : cost
}

function farEnd(key: string, { raised, links }: BridgeGround) {
  const [device = '', name = ''] = key.split('|')
  const cable = raised.get(device)?.channels.get(name)?.active[0] ?? name
  const far = links.get(portKey(device, cable))?.far
  const there = far === undefined ? undefined : bundleOf(raised, far.device, far.port)
  return far === undefined || there === undefined ? undefined : portKey(far.device, there.name)
}

function numberOf(instance: string) {
  return Number(/\d+$/.exec(instance)?.[0] ?? 0)
}
