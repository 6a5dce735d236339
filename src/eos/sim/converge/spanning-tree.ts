import { definedMembers } from '../../../model/json.ts'
import { bundleOf, type Links, portKey, type RaisedSwitch, type RaisedSwitches } from './links.ts'
import type { InterfaceState, MlagState } from './network-state.ts'
import type { SwitchModel } from './read-interfaces.ts'
import { BRIDGE_PRIORITY, PORT_PRIORITY, servedVlans } from './read-routing.ts'
import { remembered } from './remembered.ts'
import type { BridgeId, SpanningTreeInstance, SpanningTreePortState, SpanningTreeRole } from './spanning-tree-state.ts'

// What bridges are made of.
interface BridgeGround {
  readonly raised: RaisedSwitches
  readonly links: Links
  readonly mlag: ReadonlyMap<string, MlagState>
}

// One that takes part in spanning tree: a switch, or an MLAG pair.
interface Bridge {
  // Bridges of one MST region count costs inside it; with the other protocols each is alone.
  readonly region: string
  readonly protocol: string
  readonly serves: (instance: string) => boolean
  readonly id: (instance: string) => BridgeId
  // The ports that are in an instance.
  readonly ports: (instance: string) => readonly BridgePort[]
  // The bridge port at the other end of one of its ports.
  readonly far: (port: BridgePort) => BridgeEnd | undefined
}

// One port of one bridge.
interface BridgeEnd {
  readonly bridge: Bridge
  readonly port: BridgePort
}

// One port of a bridge; an MLAG is one port of both switches.
interface BridgePort {
  // Its name on each switch that has it.
  readonly names: ReadonlyMap<string, string>
  readonly vlans: readonly number[]
  readonly cost: number
  readonly priority: number
  readonly number: number
  readonly portfast: boolean
}

// The bridge that each switch is, or is of, by switch; those without spanning tree are none.
function bridgesOf(ground: BridgeGround): ReadonlyMap<string, Bridge> {
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

interface Vector {
  readonly root: BridgeId
  readonly external: number
  readonly regional: BridgeId
  readonly internal: number
}

interface Elected {
  readonly vector: Vector
  readonly rootPort?: BridgePort
}

/**
 * The spanning trees of all switches. Each tree is elected when it is first asked for: the smallest bridge is the root, each
 * other bridge takes the cheapest way to it, and of two ends of a link the worse one discards. An MLAG pair is one bridge.
 */
export function spanningTrees(ground: BridgeGround): (device: string) => ReadonlyMap<string, SpanningTreeInstance> {
  const bridges = bridgesOf(ground)
  const elections = new Map<string, ReadonlyMap<Bridge, Elected>>()
  const electionOf = (name: string) => {
    const known = elections.get(name) ?? elect(name, [...new Set(bridges.values())])
    elections.set(name, known)
    return known
  }
  return (device) => {
    const bridge = bridges.get(device)
    const model = ground.raised.get(device)?.model
    if (bridge === undefined || model === undefined) return new Map()
    const names = new Set(servedVlans(model.spanningTree, model.vlans.keys()).values())
    return new Map(
      [...names].flatMap((name) => {
        const found = instanceState(name, device, bridge, electionOf(name))
        return found === undefined ? [] : [[name, found] as const]
      }),
    )
  }
}

function elect(name: string, bridges: readonly Bridge[]): ReadonlyMap<Bridge, Elected> {
  const inside = bridges.filter((bridge) => bridge.serves(name))
  let elected = new Map<Bridge, Elected>(inside.map((bridge) => [bridge, { vector: alone(bridge, name) }]))
  for (let changed = true; changed; ) {
    const before = elected
    elected = new Map(inside.map((bridge) => [bridge, best(bridge, name, before)]))
    changed = inside.some((bridge) => compare(before.get(bridge)?.vector, elected.get(bridge)?.vector) !== 0)
  }
  return elected
}

function alone(bridge: Bridge, name: string): Vector {
  const id = bridge.id(name)
  return { root: id, external: 0, regional: id, internal: 0 }
}

function best(bridge: Bridge, name: string, all: ReadonlyMap<Bridge, Elected>): Elected {
  let found: Elected & { readonly from?: string } = { vector: alone(bridge, name) }
  for (const port of bridge.ports(name)) {
    const far = bridge.far(port)
    const heard = all.get(far?.bridge ?? bridge)?.vector
    if (far === undefined || heard === undefined) continue
    const same = bridge.region === far.bridge.region
    if (!same && /^MST[1-9]/.test(name)) continue
    const vector = same
      ? { ...heard, internal: heard.internal + port.cost }
      : { ...heard, external: heard.external + port.cost, regional: bridge.id(name), internal: 0 }
    const order = compare(vector, found.vector)
    const from = tieBreak(port, far, name)
    if (order < 0 || (order === 0 && found.from !== undefined && from < found.from)) {
      found = { vector, rootPort: port, from }
    }
  }
  return found
}

function tieBreak({ priority, number }: BridgePort, far: BridgeEnd, name: string) {
  const id = far.bridge.id(name)
  const words = [id.priority, id.macAddress, far.port.priority, far.port.number, priority, number]
  return words.map((word) => String(word).padStart(6, '0')).join()
}

function compareIds(a: BridgeId, b: BridgeId) {
  return a.priority - b.priority || (a.macAddress < b.macAddress ? -1 : a.macAddress > b.macAddress ? 1 : 0)
}

function compare(a: Vector | undefined, b: Vector | undefined) {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return (
    compareIds(a.root, b.root) ||
    a.external - b.external ||
    compareIds(a.regional, b.regional) ||
    a.internal - b.internal
  )
}

function instanceState(
  name: string,
  device: string,
  bridge: Bridge,
  all: ReadonlyMap<Bridge, Elected>,
): SpanningTreeInstance | undefined {
  const mine = all.get(bridge)
  if (mine === undefined) return undefined
  const ports = bridge.ports(name).flatMap((port) => {
    const own = port.names.get(device)
    return own === undefined ? [] : [portState(own, port, name, mine, bridge, all)]
  })
  if (ports.length === 0) return undefined
  const rootPort = ports.find(({ role }) => role === 'root')
  return {
    name,
    protocol: bridge.protocol,
    bridge: bridge.id(name),
    root: mine.vector.root,
    regionalRoot: mine.vector.regional,
    externalCost: mine.vector.external,
    internalCost: mine.vector.internal,
    ...definedMembers({ rootPort }),
    ports,
  }
}

function portState(
  own: string,
  port: BridgePort,
  name: string,
  mine: Elected,
  bridge: Bridge,
  all: ReadonlyMap<Bridge, Elected>,
): SpanningTreePortState {
  const role = mine.rootPort === port ? 'root' : loses(port, name, mine, bridge, all)
  return {
    name: own,
    role,
    state: role === 'root' || role === 'designated' ? 'forwarding' : 'discarding',
    cost: port.cost,
    priority: port.priority,
    number: port.number,
    edge: port.portfast || bridge.far(port) === undefined,
  }
}

function loses(
  port: BridgePort,
  name: string,
  mine: Elected,
  bridge: Bridge,
  all: ReadonlyMap<Bridge, Elected>,
): SpanningTreeRole {
  const far = bridge.far(port)
  const theirs = far === undefined ? undefined : all.get(far.bridge)?.vector
  if (theirs === undefined || far === undefined) return 'designated'
  const order =
    compare(mine.vector, theirs) ||
    compareIds(bridge.id(name), far.bridge.id(name)) ||
    port.priority - far.port.priority ||
    port.number - far.port.number
  if (order <= 0) return 'designated'
  return far.bridge === bridge ? 'backup' : 'alternate'
}
