import { gathered } from '../../../model/map-keys.ts'
import { ipv4 } from './address.ts'
import type { ConnectedNet } from './local-routes.ts'
import type { Route, RouteVia } from './network-state.ts'
import { remembered } from './remembered.ts'
import { longestMatch } from './resolve.ts'
import type { Segments } from './segments.ts'

/** One switch in one VRF, as packets meet it. */
export interface ForwardingNode {
  readonly device: string
  readonly vrf: string
  readonly nets: readonly ConnectedNet[]
  /** The ports that speak IPv6, with their link-local addresses: next hops of a link without IPv4. */
  readonly links: readonly { readonly address: string; readonly interface: string }[]
  readonly routes: ReadonlyMap<string, Route>
}

export type ForwardingNodes = ReadonlyMap<string, ForwardingNode>

/** Who owns which address, and who routes where. */
export interface ForwardingPlane {
  /** Where a packet to `address` from a node arrives within `hops` links, if it does. */
  readonly reaches: (from: ForwardingNode, address: string, hops: number) => ForwardingNode | undefined
  /** The longest route for an address. */
  readonly lookup: (from: ForwardingNode, address: string) => Route | undefined
  /** Whether an address is one of the node's own. */
  readonly owns: (node: ForwardingNode, address: string) => boolean
  /** Who a packet to `address` is given to over one way of a route; nobody where no switch has the next hop. */
  readonly across: (from: ForwardingNode, via: RouteVia, address: string) => readonly Owner[]
}

/** A switch in one VRF that has an address, and on which interface. */
export interface Owner {
  readonly node: ForwardingNode
  readonly interface: string
}

/** The key of a switch in a VRF. */
export const nodeKey = (device: string, vrf: string): string => `${device}|${vrf}`

/** Builds the forwarding of all switches from their routing tables. */
export function forward(nodes: ForwardingNodes, segments: Segments): ForwardingPlane {
  const owners = ownersOf(nodes)
  // Networks that have no link between them may use the same addresses.
  const bySegment = remembered((address) =>
    gathered((owners.get(address) ?? []).map((one) => [segments.of(one.node.device, one.interface), one])),
  )
  const nodesWith = remembered((address) => new Set(owners.get(address)?.map(({ node }) => node)))
  const lookup = (from: ForwardingNode, address: string) => longestMatch(from.routes)(ipv4(address) ?? -1)
  const across = (from: ForwardingNode, via: RouteVia, address: string) => {
    if (via.interface === undefined) return []
    const near = bySegment(via.nexthop ?? address).get(segments.of(from.device, via.interface)) ?? []
    return near.filter((owner) => owner.node !== from)
  }
  const nextHops = (from: ForwardingNode, address: string) => {
    const vias = lookup(from, address)?.vias ?? []
    return vias.flatMap((via) => across(from, via, address).map(({ node }) => node))
  }
  const owns = (node: ForwardingNode, address: string) => nodesWith(address).has(node)
  const reaches = (from: ForwardingNode, address: string, hops: number) => {
    let front = [from]
    const seen = new Set(front)
    for (let hop = 0; hop <= hops && front.length > 0; hop += 1) {
      const arrived = front.find((node) => owns(node, address))
      if (arrived !== undefined) return arrived
      front = front.flatMap((node) => nextHops(node, address)).filter((node) => !seen.has(node) && seen.add(node))
    }
    return undefined
  }
  return { reaches, lookup, owns, across }
}

function ownersOf(nodes: ForwardingNodes): ReadonlyMap<string, readonly Owner[]> {
  return gathered(
    [...nodes.values()].flatMap((node) =>
      [...node.nets, ...node.links].flatMap(({ address, interface: name }) =>
        address === undefined ? [] : [[address, { node, interface: name }] as const],
      ),
    ),
  )
}
