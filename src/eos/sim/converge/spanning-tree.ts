import { definedMembers } from '../../../model/defined-members.ts'
import { type Bridge, type BridgeEnd, type BridgeGround, type BridgePort, bridgesOf } from './bridges.ts'
import { servedVlans } from './read-spanning-tree.ts'
import type { BridgeId, SpanningTreeInstance, SpanningTreePortState, SpanningTreeRole } from './spanning-tree-state.ts'

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
