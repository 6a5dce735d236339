import type { RaisedSwitch, RaisedSwitches, Segments } from './links.ts'
import type { InterfaceState, IsisState } from './network-state.ts'
import { adjacentNodes, highestAddress, nodeKey, type OspfNode, type OspfPort } from './ospf.ts'
import type { IsisInterfaceConfig } from './read-interfaces.ts'
import { type IsisConfig, type IsisLevel, isisLevels } from './read-isis.ts'

// What an interface costs without `isis metric` (ANTA, recorded).
const DEFAULT_METRIC = 10
const DISTANCE = 115

/** One IS-IS process of one switch: as a link-state router, whose areas are the levels, and what names it. */
export interface IsisNode {
  readonly device: string
  readonly hostname: string
  readonly config: IsisConfig
  readonly router: OspfNode
}

/** The IS-IS processes of all switches by VRF key, with who is adjacent to whom. */
export function isisNodes(raised: RaisedSwitches, segments: Segments): ReadonlyMap<string, IsisNode> {
  const all = [...raised.values()]
    .filter(({ model }) => model.up)
    .flatMap((here) => here.model.isis.map((config) => speaker(config, here)))
  const configs = new Map(all.map(({ router, config }) => [router.key, config]))
  const routers = adjacentNodes(
    all.map(({ router }) => router),
    segments,
    (node, far, level) => {
      const [own, other] = [configs.get(node.key), configs.get(far.key)]
      return other?.systemId !== own?.systemId && (level !== 'level-1' || other?.area === own?.area)
    },
  )
  return new Map(all.map((node) => [node.router.key, { ...node, router: routers.get(node.router.key) ?? node.router }]))
}

function speaker(config: IsisConfig, { model, interfaces }: RaisedSwitch): IsisNode {
  const own = [...interfaces.values()].filter((port) => port.vrf === config.vrf && port.lineProtocol === 'up')
  const ports = own.flatMap((port) => portsOf(config, port, model.interfaces.get(port.name)?.isis))
  const router: OspfNode = {
    key: nodeKey(model.name, config.vrf),
    device: model.name,
    config: { ...NO_OSPF, instance: config.instance, vrf: config.vrf },
    routerId: config.routerId ?? highestAddress(own),
    ports,
    adjacencies: [],
  }
  return { device: model.name, hostname: model.hostname, config, router }
}

const NO_OSPF: Omit<OspfNode['config'], 'instance' | 'vrf'> = {
  networks: [],
  passiveByDefault: false,
  passive: new Set(),
  active: new Set(),
  redistribute: [],
  defaultOriginate: 'no',
  distance: DISTANCE,
  maxLsa: 0,
}

function portsOf(config: IsisConfig, port: InterfaceState, own: IsisInterfaceConfig | undefined): readonly OspfPort[] {
  if (own?.instance !== config.instance || port.mode !== 'routed') return []
  const circuit = isisLevels(own.circuitType)
  const passive = own.passive || port.kind === 'loopback'
  return config.levels
    .filter((level) => circuit.includes(level))
    .map((area) => ({
      port,
      area,
      cost: own.metric ?? DEFAULT_METRIC,
      passive,
      ...(config.passiveOnly && !passive ? { untold: true as const } : {}),
      bfd: false,
      priority: 64,
      pointToPoint: own.pointToPoint,
    }))
}

/** The IS-IS processes of one switch, as its show commands see them, among those of all switches. */
export function isisState(own: readonly IsisNode[], nodes: ReadonlyMap<string, IsisNode>): readonly IsisState[] {
  return own.map(({ config, router }) => ({
    instance: config.instance,
    vrf: config.vrf,
    interfaces: router.ports.map(({ port, area, cost, passive, pointToPoint }) => ({
      name: port.name,
      level: area as IsisLevel,
      metric: cost,
      passive,
      pointToPoint,
    })),
    neighbors: router.adjacencies.flatMap(({ mine, far }) => {
      const other = nodes.get(far)
      if (other === undefined) return []
      const { systemId } = other.config
      const { routerId } = other.router
      return [
        { systemId, hostname: other.hostname, routerId, interface: mine.port.name, level: mine.area as IsisLevel },
      ]
    }),
  }))
}
