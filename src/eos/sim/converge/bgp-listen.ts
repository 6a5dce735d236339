import { compareAddresses, ipv4, masked } from './address.ts'
import { type BgpNode, localAs, sourceAddress } from './bgp-session.ts'
import type { ForwardingPlane } from './forwarding-plane.ts'
import type { ListenRange } from './read-bgp.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'

/** The nodes with the neighbors that `bgp listen range` lets in: those who call a listener from its range and AS. */
export function withCallers(
  nodes: ReadonlyMap<string, BgpNode>,
  forwarding: ForwardingPlane,
): ReadonlyMap<string, BgpNode> {
  const listeners = listenersByAddress(nodes)
  if (listeners.size === 0) return nodes
  const callers = new Map<string, BgpNeighborConfig[]>()
  for (const caller of nodes.values()) {
    for (const neighbor of caller.config.neighbors.values()) {
      const listener = listeners.get(neighbor.address)
      const source = listener === undefined ? undefined : sourceAddress(caller, neighbor, forwarding)
      if (listener === undefined || source === undefined || listener.config.neighbors.has(source)) continue
      const member = admitted(listener, source, localAs(caller, neighbor))
      if (member !== undefined) callers.set(listener.key, [...(callers.get(listener.key) ?? []), member])
    }
  }
  return new Map([...nodes].map(([key, node]) => [key, joined(node, callers.get(key) ?? [])]))
}

function listenersByAddress(nodes: ReadonlyMap<string, BgpNode>): ReadonlyMap<string, BgpNode> {
  const listeners = new Map<string, BgpNode>()
  for (const node of nodes.values()) {
    if (node.config.listen.length === 0) continue
    for (const { address } of node.forwarding.nets) if (address !== undefined) listeners.set(address, node)
  }
  return listeners
}

function admitted(listener: BgpNode, source: string, asn: string): BgpNeighborConfig | undefined {
  const range = listener.config.listen.find(
    ({ prefix }) => masked(ipv4(source) ?? 0, prefix.maskLen) === prefix.network,
  )
  if (range === undefined || !welcomes(listener, range, asn)) return undefined
  return { ...range.member, address: source, remoteAs: asn }
}

function welcomes(listener: BgpNode, { remoteAs, filter }: ListenRange, asn: string): boolean {
  if (remoteAs !== undefined) return remoteAs === asn
  const entries = listener.policy.peerFilters.get(filter ?? '') ?? []
  return entries.find(({ from, to }) => Number(asn) >= from && Number(asn) <= to)?.accept === true
}

function joined(node: BgpNode, members: readonly BgpNeighborConfig[]): BgpNode {
  if (members.length === 0) return node
  const all = [...node.config.neighbors.values(), ...members].sort((a, b) => compareAddresses(a.address, b.address))
  return { ...node, config: { ...node.config, neighbors: new Map(all.map((member) => [member.address, member])) } }
}
