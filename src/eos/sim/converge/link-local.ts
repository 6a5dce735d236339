import { gathered } from '../../../model/json.ts'
import type { BgpNode, BgpNodes } from './bgp-session.ts'
import { shortName } from './interface-name.ts'
import type { Segments } from './links.ts'
import type { InterfaceState } from './network-state.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'

/** The link-local address of a port, made of its MAC address (RFC 4291): `6a:5b:43:a9:5b:62` gives `fe80::685b:43ff:fea9:5b62`. */
export function linkLocal(mac: string): string {
  const [first = 0, ...rest] = mac.split(':').map((byte) => Number.parseInt(byte, 16))
  const bytes = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]
  const groups = [0, 2, 4, 6].map((at) => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16))
  return `fe80::${groups.join(':')}`
}

interface PortEnd {
  readonly node: BgpNode
  readonly port: string
  readonly address: string
  readonly member: BgpNeighborConfig
  readonly accepts: (asn: string) => boolean
}

/** The nodes with the neighbors that `neighbor interface` finds: the other end of the port, where it looks for one, too. */
export function withPortNeighbors(nodes: BgpNodes, segments: Segments): BgpNodes {
  const ends = [...nodes.values()].flatMap(endsOf)
  if (ends.length === 0) return nodes
  const bySegment = gathered(ends.map((end) => [segments.of(end.node.device, end.port), end]))
  const found = gathered(
    [...bySegment.values()].flatMap(([a, b, ...more]) => {
      if (a === undefined || b === undefined || more.length > 0 || a.node.device === b.node.device) return []
      return [[a.node.key, neighborOf(a, b)], [b.node.key, neighborOf(b, a)] as const]
    }),
  )
  return new Map(
    [...nodes].map(([key, node]) => {
      const more = found.get(key)?.map((neighbor) => [neighbor.address, neighbor] as const)
      if (more === undefined) return [key, node]
      return [key, { ...node, config: { ...node.config, neighbors: new Map([...node.config.neighbors, ...more]) } }]
    }),
  )
}

function endsOf(node: BgpNode): readonly PortEnd[] {
  if (!node.up) return []
  return node.config.ports.flatMap(({ interface: port, member, remoteAs, filter }) => {
    const state = node.interfaces.get(port)
    if (state === undefined || !speaksIpv6(state) || state.vrf !== node.vrf) return []
    const asn = remoteAs ?? (member.remoteAs === '' ? undefined : member.remoteAs)
    const entries = node.policy.peerFilters.get(filter ?? '') ?? []
    const accepts = (number: string) =>
      asn === undefined
        ? entries.find(({ from, to }) => Number(number) >= from && Number(number) <= to)?.accept === true
        : asn === number
    return [{ node, port, address: linkLocal(node.systemMac), member: { ...member, remoteAs: asn ?? '' }, accepts }]
  })
}

/** Whether a port is up, routed, and has a link-local address. */
export function speaksIpv6({ lineProtocol, mode, addresses }: InterfaceState): boolean {
  return lineProtocol === 'up' && mode === 'routed' && addresses.ipv6
}

function neighborOf(mine: PortEnd, theirs: PortEnd): BgpNeighborConfig {
  const asn = theirs.member.localAs ?? theirs.node.bgp.asn
  return {
    ...mine.member,
    address: nameOf(theirs, mine),
    remoteAs: mine.member.remoteAs === '' && mine.accepts(asn) ? asn : mine.member.remoteAs,
    link: {
      interface: mine.port,
      source: mine.address,
      peer: theirs.address,
      far: theirs.node.key,
      knownAs: nameOf(mine, theirs),
    },
  }
}

// An end as the other one calls it: its address, and the port of the other behind a percent sign.
function nameOf({ address }: PortEnd, seenFrom: PortEnd) {
  return `${address}%${shortName(seenFrom.port)}`
}
