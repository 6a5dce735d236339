import type { ForwardingNode, ForwardingNodes } from './forwarding-plane.ts'
import { connectedTo } from './local-routes.ts'
import type { OspfNode } from './ospf.ts'
import { isisRoutes, ospfRoutes } from './ospf-routes.ts'
import type { StaticRoute } from './read-routing.ts'
import type { SwitchModel } from './read-switch.ts'
import { resolveNextHop } from './resolve.ts'
import type { Route } from './routing-state.ts'

/** What the routes below BGP are computed from. */
export interface InnerGround {
  readonly models: ReadonlyMap<string, SwitchModel>
  /** Every switch in every VRF with its connected routes and the static ones over them. */
  readonly forwarding: ForwardingNodes
  readonly ospf: ReadonlyMap<string, OspfNode>
  /** The IS-IS processes, as the link-state routers that they are. */
  readonly isis: ReadonlyMap<string, OspfNode>
}

/** Computes the routing tables below BGP anew, given what the tables came to in the last round. */
export type InnerRoutes = (before: ForwardingNodes) => ForwardingNodes

/**
 * The routes of OSPF and IS-IS, and the static ones whose next hop lies behind another route. Where there are neither, the tables stay
 * as they were.
 */
export function innerRoutes({ models, forwarding, ospf, isis }: InnerGround): InnerRoutes {
  const recursive = new Map([...forwarding].map(([key, node]) => [key, recursiveStatics(node, models)]))
  const still = ospf.size === 0 && isis.size === 0 && [...recursive.values()].every((lines) => lines.length === 0)
  if (still) return (before) => before
  const byIsis = isisRoutes(isis)
  const policies = new Map([...models].map(([name, { policy }]) => [name, policy]))
  return (before) => {
    const learned = ospfRoutes(ospf, before, policies)
    return new Map(
      [...before].map(([key, node]) => {
        const own = forwarding.get(key)
        const inside = [...(learned.get(key)?.values() ?? []), ...(byIsis.get(key)?.values() ?? [])]
        const found = [...inside, ...behind(recursive.get(key) ?? [], node)]
        const routes = merged(own?.routes ?? new Map(), found, node.routes)
        return [key, { ...node, routes }]
      }),
    )
  }
}

function recursiveStatics(node: ForwardingNode, models: ReadonlyMap<string, SwitchModel>) {
  const lines = models.get(node.device)?.routing.statics ?? []
  return lines.filter(
    ({ vrf, nexthop, interface: name }) =>
      vrf === node.vrf && name === undefined && nexthop !== undefined && connectedTo(node.nets, nexthop) === undefined,
  )
}

function behind(lines: readonly StaticRoute[], node: ForwardingNode): readonly Route[] {
  return lines.flatMap(({ prefix, nexthop = '', distance }) => {
    const found = resolveNextHop(node.routes, nexthop, prefix)
    if (found === undefined) return []
    return [{ prefix, type: 'static' as const, preference: distance, metric: 0, vias: found.vias, drop: false }]
  })
}

function merged(
  own: ReadonlyMap<string, Route>,
  found: readonly Route[],
  before: ReadonlyMap<string, Route>,
): ReadonlyMap<string, Route> {
  const routes = new Map(own)
  const bgp = [...before.values()].filter(({ type }) => type === 'eBGP' || type === 'iBGP' || type === 'bgpAggregate')
  for (const route of [...found, ...bgp]) {
    const known = routes.get(route.prefix)
    if (known === undefined || known.preference > route.preference) routes.set(route.prefix, route)
  }
  return routes
}
