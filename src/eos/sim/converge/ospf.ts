import { gathered } from '../../../model/map-keys.ts'
import { compareAddresses, ipv4, masked } from './address.ts'
import { nodeKey } from './forwarding-plane.ts'
import type { InterfaceState, OspfNeighbor, OspfState } from './network-state.ts'
import { hasCages } from './platform.ts'
import type { OspfInterfaceConfig } from './read-interfaces.ts'
import { dottedArea, type OspfConfig } from './read-ospf.ts'
import type { RaisedSwitch, RaisedSwitches, Segments } from './segments.ts'

// What an interface costs without `ip ospf cost` and `auto-cost` (lab-validation: 10 and 1 of the far end are 11).
const DEFAULT_COST = 10

/** One interface that takes part in OSPF. */
export interface OspfPort {
  readonly port: InterfaceState
  readonly area: string
  readonly cost: number
  readonly passive: boolean
  readonly priority: number
  readonly pointToPoint: boolean
  readonly bfd: boolean
  /** Whether its subnet is kept from the others: neighbours are found on it all the same. */
  readonly untold?: true
}

/** One OSPF process of one switch. */
export interface OspfNode {
  readonly key: string
  readonly device: string
  readonly config: OspfConfig
  readonly routerId: string
  readonly ports: readonly OspfPort[]
  readonly adjacencies: readonly OspfAdjacency[]
}

/** A neighbour that both ends agree on. */
export interface OspfAdjacency {
  readonly mine: OspfPort
  readonly theirs: OspfPort
  readonly far: string
  readonly address: string
}

/** The OSPF processes of all switches by VRF key, with who is adjacent to whom. */
export function ospfNodes(raised: RaisedSwitches, segments: Segments): ReadonlyMap<string, OspfNode> {
  const speakers = [...raised.values()]
    .filter(({ model }) => model.up)
    .flatMap((here) => here.model.ospf.map((config) => speaker(config, here)))
  return adjacentNodes(speakers, segments, (node, far) => far.routerId !== node.routerId)
}

/** Link-state routers by their key, with who is adjacent to whom: where they `agree`, and two of their ports on one link do. */
export function adjacentNodes(
  nodes: readonly OspfNode[],
  segments: Segments,
  agree: (node: OspfNode, far: OspfNode, area: string) => boolean,
): ReadonlyMap<string, OspfNode> {
  const speaking = nodes.flatMap((node) => node.ports.map((port) => ({ node, port })))
  const bySegment = gathered(
    speaking
      .filter(({ port }) => !port.passive && port.port.kind !== 'loopback')
      .map((one) => [segments.of(one.node.device, one.port.port.name), one]),
  )
  const adjacent = (node: OspfNode, mine: OspfPort): readonly OspfAdjacency[] => {
    if (mine.passive) return []
    const others = bySegment.get(segments.of(node.device, mine.port.name)) ?? []
    return others.flatMap(({ node: far, port: theirs }) => {
      const address = theirs.port.addresses.primary?.address
      if (address === undefined || !agree(node, far, mine.area) || !sameLink(mine, theirs)) return []
      return [{ mine, theirs, far: far.key, address }]
    })
  }
  return new Map(
    nodes.map((node) => [node.key, { ...node, adjacencies: node.ports.flatMap((mine) => adjacent(node, mine)) }]),
  )
}

function sameLink(mine: OspfPort, theirs: OspfPort) {
  const alike =
    mine.area === theirs.area && mine.pointToPoint === theirs.pointToPoint && mine.port.mtu === theirs.port.mtu
  return alike && (bothUnnumbered(mine, theirs) || sameSubnet(mine.port, theirs.port))
}

function bothUnnumbered(mine: OspfPort, theirs: OspfPort) {
  const borrows = ({ port, pointToPoint }: OspfPort) => pointToPoint && port.addresses.unnumbered !== undefined
  return borrows(mine) && borrows(theirs)
}

function sameSubnet(a: InterfaceState, b: InterfaceState) {
  const [left, right] = [a.addresses.primary, b.addresses.primary]
  if (left === undefined || right === undefined || left.maskLen !== right.maskLen) return false
  return masked(ipv4(left.address) ?? 0, left.maskLen) === masked(ipv4(right.address) ?? 0, right.maskLen)
}

function speaker(config: OspfConfig, { model, interfaces }: RaisedSwitch): OspfNode {
  const own = [...interfaces.values()].filter((port) => port.vrf === config.vrf && port.lineProtocol === 'up')
  const ports = own.flatMap((port) =>
    ospfPort(config, port, model.interfaces.get(port.name)?.ospf, hasCages(model.facts.model)),
  )
  return {
    key: nodeKey(model.name, config.vrf),
    device: model.name,
    config,
    routerId: config.routerId ?? highestAddress(own),
    ports,
    adjacencies: [],
  }
}

/** The highest loopback address of some ports, else their highest address. */
export function highestAddress(ports: readonly InterfaceState[]): string {
  const loopbacks = ports.filter(({ kind }) => kind === 'loopback')
  return highestOf(loopbacks.length > 0 ? loopbacks : ports) ?? '0.0.0.0'
}

export function highestOf(ports: readonly InterfaceState[]): string | undefined {
  return ports
    .flatMap((port) => port.addresses.primary?.address ?? [])
    .sort(compareAddresses)
    .at(-1)
}

function ospfPort(
  config: OspfConfig,
  port: InterfaceState,
  own: OspfInterfaceConfig | undefined,
  isHardware: boolean,
): readonly OspfPort[] {
  const address = ipv4(port.addresses.primary?.address ?? '')
  if (address === undefined || port.mode !== 'routed') return []
  const network = config.networks.find(({ prefix }) => masked(address, prefix.maskLen) === prefix.network)
  const area = own?.area === undefined ? network?.area : dottedArea(own.area)
  if (area === undefined) return []
  const { name } = port
  const passive = config.passiveByDefault ? !config.active.has(name) : config.passive.has(name)
  return [
    {
      port,
      area,
      cost: own?.cost ?? automaticCost(config, port, isHardware),
      passive,
      priority: own?.priority ?? 1,
      pointToPoint: own?.pointToPoint ?? false,
      bfd: own?.bfd ?? false,
    },
  ]
}

function automaticCost({ referenceBandwidth }: OspfConfig, { bandwidth }: InterfaceState, isHardware: boolean) {
  if (referenceBandwidth === undefined || bandwidth === 0 || !isHardware) return DEFAULT_COST
  return Math.max(1, Math.floor((referenceBandwidth * 1_000_000) / bandwidth))
}

function ospfNeighbors(node: OspfNode, nodes: ReadonlyMap<string, OspfNode>): readonly OspfNeighbor[] {
  return node.adjacencies.flatMap(({ mine, theirs, far, address }) => {
    const other = nodes.get(far)
    if (other === undefined) return []
    const designated = mine.pointToPoint ? undefined : designatedOf(node, other, mine, theirs)
    return [
      {
        instance: node.config.instance,
        vrf: node.config.vrf,
        routerId: other.routerId,
        interface: mine.port.name,
        address,
        area: mine.area,
        priority: mine.pointToPoint ? 0 : theirs.priority,
        ...(designated === undefined ? {} : { role: designated === other.routerId ? 'DR' : 'backupDR' }),
        ...bfdOf(mine, theirs),
        designated: designated === undefined ? '0.0.0.0' : addressOf(designated, node, mine, theirs),
      } as const,
    ]
  })
}

// An end that asks alone waits for the other one (docs/eos.md 7.1).
function bfdOf(mine: OspfPort, theirs: OspfPort): Pick<OspfNeighbor, 'bfd'> {
  return mine.bfd ? { bfd: theirs.bfd ? 'up' : 'down' } : {}
}

function designatedOf(node: OspfNode, other: OspfNode, mine: OspfPort, theirs: OspfPort) {
  if (mine.priority !== theirs.priority) return mine.priority > theirs.priority ? node.routerId : other.routerId
  return compareAddresses(node.routerId, other.routerId) > 0 ? node.routerId : other.routerId
}

function addressOf(id: string, node: OspfNode, mine: OspfPort, theirs: OspfPort) {
  return (id === node.routerId ? mine : theirs).port.addresses.primary?.address ?? '0.0.0.0'
}

/** What each switch has of something, by switch. */
export function byDevice<T extends { readonly device: string }>(all: Iterable<T>): ReadonlyMap<string, readonly T[]> {
  return gathered(Array.from(all, (one) => [one.device, one]))
}

/** The OSPF processes of one switch, as its show commands see them, among those of all switches. */
export function ospfState(own: readonly OspfNode[], nodes: ReadonlyMap<string, OspfNode>): readonly OspfState[] {
  return own.map((node) => ({
    instance: node.config.instance,
    vrf: node.config.vrf,
    routerId: node.routerId,
    maxLsa: node.config.maxLsa,
    areas: [...new Set(node.ports.map(({ area }) => area))].sort(compareAddresses),
    interfaces: node.ports.map(({ port, area, cost, passive, pointToPoint }) => ({
      name: port.name,
      area,
      cost,
      passive,
      pointToPoint,
    })),
    neighbors: ospfNeighbors(node, nodes),
  }))
}
