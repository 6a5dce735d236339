import { ipv4, masked, networkOf, parsePrefix } from './address.ts'
import type { InterfaceState, Route } from './network-state.ts'
import type { StaticRoute } from './read-routing.ts'
import type { SwitchModel } from './read-switch.ts'

/** One subnet an interface stands in. */
export interface ConnectedNet {
  readonly interface: string
  readonly network: number
  readonly maskLen: number
  readonly prefix: string
  /** The switch's own address there; undefined for a virtual one. */
  readonly address?: string
  /** Whether the address is that of another interface: it is in no subnet, and brings no connected route. */
  readonly unnumbered: boolean
}

/** The subnets of the interfaces that are up, by VRF. An interface without an address of its own has none. */
export function connectedNets(
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<string, readonly ConnectedNet[]> {
  const nets = new Map<string, ConnectedNet[]>()
  for (const port of interfaces.values()) {
    if (port.lineProtocol !== 'up' || port.mode !== 'routed') continue
    const list = nets.get(port.vrf) ?? []
    nets.set(port.vrf, list)
    list.push(...netsOf(port))
  }
  return nets
}

function netsOf({ name, addresses }: InterfaceState): readonly ConnectedNet[] {
  const { primary, secondary, virtual, virtualSecondary, unnumbered } = addresses
  const owned = [...(primary === undefined ? [] : [primary]), ...secondary].map((own) => ({
    ...net(name, own.address, own.maskLen),
    address: own.address,
    unnumbered: own === primary && unnumbered !== undefined,
  }))
  const shared = [...(virtual === undefined ? [] : [virtual]), ...virtualSecondary]
  return [...owned, ...shared.map(({ address, maskLen }) => net(name, address, maskLen))]
}

function net(name: string, address: string, maskLen: number): ConnectedNet {
  const network = masked(ipv4(address) ?? 0, maskLen)
  return { interface: name, network, maskLen, prefix: networkOf(address, maskLen), unnumbered: false }
}

/** The subnet an address lies in, if it is connected. */
export function connectedTo(nets: readonly ConnectedNet[], address: string): ConnectedNet | undefined {
  const value = ipv4(address)
  if (value === undefined) return undefined
  return nets.find((candidate) => !candidate.unnumbered && masked(value, candidate.maskLen) === candidate.network)
}

/** The connected and static routes of one VRF by prefix; a static route needs its next hop or interface to be there. */
export function localRoutes(
  vrf: string,
  model: SwitchModel,
  nets: readonly ConnectedNet[],
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  for (const { prefix, interface: name, unnumbered } of nets) {
    if (unnumbered) continue
    const known = routes.get(prefix)
    const vias = [...(known?.vias ?? []), { interface: name }]
    routes.set(prefix, { prefix, type: 'connected', preference: 0, metric: 0, vias, drop: false })
  }
  for (const line of model.routing.statics) {
    if (line.vrf !== vrf) continue
    const route = staticRoute(line, nets)
    const known = routes.get(line.prefix)
    if (route === undefined || (known !== undefined && known.preference < route.preference)) continue
    const shared = known?.preference === route.preference ? known.vias : []
    routes.set(line.prefix, { ...route, vias: [...shared, ...route.vias] })
  }
  return routes
}

function staticRoute(line: StaticRoute, nets: readonly ConnectedNet[]): Route | undefined {
  const { distance: preference, interface: name, nexthop } = line
  const parsed = parsePrefix(line.prefix)
  if (parsed === undefined) return undefined
  const route = {
    prefix: networkOf(line.prefix.split('/')[0] ?? '', parsed.maskLen),
    type: 'static' as const,
    preference,
    metric: 0,
  }
  if (name === 'Null0') return { ...route, vias: [], drop: true }
  if (nexthop === undefined) {
    const there = nets.some((candidate) => candidate.interface === name)
    return there && name !== undefined ? { ...route, vias: [{ interface: name }], drop: false } : undefined
  }
  const out = connectedTo(nets, nexthop)
  const wrong = out === undefined || (name !== undefined && name !== out.interface)
  return wrong ? undefined : { ...route, vias: [{ nexthop, interface: out.interface }], drop: false }
}
