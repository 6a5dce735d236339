import type { Cable, Demand } from '../platform/facts.ts'
import type { BgpOutcome } from './bgp.ts'
import { bundleOf, type Links, portKey, type RaisedSwitches } from './links.ts'
import type { ArpEntry, InterfaceState, PortRate, RouteVia, VxlanState } from './network-state.ts'
import { type ForwardingNode, nodeKey } from './ospf.ts'

/** What the demands flow over: the links, who routes where, and who is known on which port. */
export interface DemandGround {
  readonly raised: RaisedSwitches
  readonly cabling: readonly Cable[]
  readonly links: Links
  readonly outcome: BgpOutcome
  readonly vxlan: ReadonlyMap<string, VxlanState | undefined>
  readonly arp: ReadonlyMap<string, readonly ArpEntry[]>
}

interface Flow {
  readonly node: ForwardingNode
  readonly address: string
  readonly amount: number
  readonly hops: number
}

type Arrival = (node: ForwardingNode, amount: number, hops: number) => void

const MAX_HOPS = 64

const NO_RATES: ReadonlyMap<string, PortRate> = new Map()

/**
 * The rates of every port, by switch, as the demands flow over the computed paths: over equal ways in equal parts, through tunnels,
 * and nowhere without a route. What a switch bridges between two others is not counted (docs/simulator.md#traffic).
 */
export function carriedRates(
  demands: readonly Demand[],
  ground: DemandGround,
): (device: string) => ReadonlyMap<string, PortRate> {
  if (demands.length === 0) return () => NO_RATES
  let carried: Carried | undefined
  return (device) => {
    if (carried === undefined) {
      carried = new Carried(ground)
      for (const demand of demands) carried.take(demand)
    }
    return carried.rates.get(device) ?? NO_RATES
  }
}

class Carried {
  readonly rates = new Map<string, Map<string, { in: number; out: number }>>()
  readonly #ground: DemandGround

  constructor(ground: DemandGround) {
    this.#ground = ground
  }

  take({ from, to: address, vrf = 'default', vlan, rate }: Demand) {
    if (this.#ground.raised.has(from)) {
      this.#go(this.#node(from, vrf), address, rate, MAX_HOPS, () => undefined)
      return
    }
    const doors = this.#ground.cabling.flatMap(({ a, b }) => {
      const end = a.device === from ? b : b.device === from ? a : undefined
      const port = end === undefined ? undefined : this.#usable(end.device, end.port)
      return end === undefined || port === undefined ? [] : [{ end, port }]
    })
    for (const { end, port } of doors) {
      const amount = rate / doors.length
      this.#count(end.device, end.port, 'in', amount)
      if (port.name !== end.port) this.#count(end.device, port.name, 'in', amount)
      const gateway = this.#gatewayOf(end.device, port, vlan)
      this.#go(this.#node(end.device, gateway?.vrf), address, amount, MAX_HOPS, () => undefined)
    }
  }

  #usable(device: string, port: string) {
    const { raised, links } = this.#ground
    return links.get(portKey(device, port))?.up === true ? bundleOf(raised, device, port) : undefined
  }

  #gatewayOf(device: string, port: InterfaceState, vlan: number | undefined) {
    if (port.mode === 'routed') return port
    const id = vlan ?? port.vlan
    const svi = port.vlans.includes(id) ? this.#ground.raised.get(device)?.interfaces.get(`Vlan${id}`) : undefined
    return svi?.lineProtocol === 'up' ? svi : undefined
  }

  #node(device: string, vrf: string | undefined) {
    return vrf === undefined ? undefined : this.#ground.outcome.forwarding.get(nodeKey(device, vrf))
  }

  #go(node: ForwardingNode | undefined, address: string, amount: number, hops: number, arrived: Arrival) {
    if (node === undefined || hops === 0) return
    const { paths } = this.#ground.outcome
    if (paths.owns(node, address)) {
      arrived(node, amount, hops)
      return
    }
    const route = paths.lookup(node, address)
    if (route === undefined || route.drop) return
    const share = { node, address, amount: amount / route.vias.length, hops: hops - 1 }
    for (const via of route.vias) this.#take(via, share, arrived)
  }

  #take(via: RouteVia, flow: Flow, arrived: Arrival) {
    const { node, address, amount, hops } = flow
    if (via.vtep !== undefined) {
      this.#go(this.#node(node.device, 'default'), via.vtep, amount, hops, (there, rest, left) =>
        this.#go(this.#node(there.device, this.#vrfOf(there.device, via.vni)), address, rest, left, arrived),
      )
      return
    }
    if (via.interface === undefined) return
    const [next] = this.#ground.outcome.paths.across(node, via, address)
    if (next === undefined) {
      this.#deliver(via.interface, { ...flow, address: via.nexthop ?? address })
      return
    }
    this.#cross(node.device, via.interface, amount, next.node.device)
    this.#go(next.node, address, amount, hops, arrived)
  }

  #vrfOf(device: string, vni: number | undefined) {
    const known = [...(this.#ground.vxlan.get(device)?.vrfToVni ?? [])]
    return known.find(([, number]) => number === vni)?.[0]
  }

  #deliver(out: string, flow: Flow) {
    const { node, address, amount } = flow
    if (!out.startsWith('Vlan')) {
      this.#cross(node.device, out, amount)
      return
    }
    const port = this.#behind(node.device, node.vrf, address)
    if (port?.startsWith('Vxlan') === true) this.#deliverOverVxlan(flow)
    else if (port !== undefined) this.#cross(node.device, port, amount)
  }

  #behind(device: string, vrf: string, address: string) {
    return this.#ground.arp.get(device)?.find((one) => one.vrf === vrf && one.address === address)?.port
  }

  #deliverOverVxlan({ node, address, amount, hops }: Flow) {
    const { vxlan, raised } = this.#ground
    const local = [...raised.keys()].find((device) => {
      const port = this.#behind(device, node.vrf, address)
      return port !== undefined && !port.startsWith('Vxlan')
    })
    const vtep = local === undefined ? undefined : vxlan.get(local)?.sourceAddress
    if (vtep === undefined) return
    this.#go(this.#node(node.device, 'default'), vtep, amount, hops, (there, rest) => {
      const port = this.#behind(there.device, node.vrf, address)
      if (port !== undefined && !port.startsWith('Vxlan')) this.#cross(there.device, port, rest)
    })
  }

  #cross(device: string, out: string, amount: number, to?: string) {
    const bundles = out.startsWith('Vlan')
      ? this.#portsOf(device, Number(out.slice('Vlan'.length)), to)
      : [parentOf(out)]
    const members = bundles.flatMap((bundle) =>
      this.#membersOf(device, bundle)
        .filter((port) => to === undefined || this.#farOf(device, port)?.device === to)
        .map((port) => ({ bundle, port })),
    )
    for (const { bundle, port } of members) {
      const share = amount / members.length
      this.#count(device, port, 'out', share)
      if (bundle !== port) this.#count(device, bundle, 'out', share)
      const far = this.#farOf(device, port)
      const there = far === undefined ? undefined : this.#usable(far.device, far.port)
      if (far === undefined || there === undefined) continue
      this.#count(far.device, far.port, 'in', share)
      if (there.name !== far.port) this.#count(far.device, there.name, 'in', share)
    }
  }

  #portsOf(device: string, vlan: number, to: string | undefined) {
    const ports = [...(this.#ground.raised.get(device)?.interfaces.values() ?? [])]
    const carrying = ports.filter(
      ({ lineProtocol, mode, vlans }) =>
        lineProtocol === 'up' && (mode === 'access' || mode === 'trunk') && vlans.includes(vlan),
    )
    const towards = (port: string) =>
      this.#membersOf(device, port).some((one) => this.#farOf(device, one)?.device === to)
    return carrying.map(({ name }) => name).filter(towards)
  }

  #membersOf(device: string, port: string) {
    return this.#ground.raised.get(device)?.channels.get(port)?.active ?? [port]
  }

  #farOf(device: string, port: string) {
    return this.#ground.links.get(portKey(device, port))?.far
  }

  #count(device: string, port: string, way: 'in' | 'out', amount: number) {
    const ports = this.rates.get(device) ?? new Map<string, { in: number; out: number }>()
    this.rates.set(device, ports)
    const rate = ports.get(port) ?? { in: 0, out: 0 }
    ports.set(port, rate)
    rate[way] += amount
  }
}

function parentOf(name: string) {
  return name.split('.')[0] ?? name
}
