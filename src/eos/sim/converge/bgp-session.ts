import type { FaultsAt } from './faults.ts'
import { type ForwardingNode, type ForwardingPlane, nodeKey } from './forwarding-plane.ts'
import { connectedTo } from './local-routes.ts'
import type { BgpFamily, BgpSessionState, IdleReason, InterfaceState } from './network-state.ts'
import type { BgpConfig, BgpVrfConfig } from './read-bgp.ts'
import type { BgpNeighborConfig } from './read-bgp-neighbors.ts'
import type { PolicyConfig } from './read-policy.ts'

/** A switch that speaks BGP in one VRF. */
export interface BgpNode {
  readonly key: string
  readonly device: string
  readonly up: boolean
  readonly vrf: string
  readonly bgp: BgpConfig
  readonly config: BgpVrfConfig
  readonly policy: PolicyConfig
  readonly routerId: string
  /** Whether the ribd routing model runs. */
  readonly ribd: boolean
  /** Whether what came over EVPN from another AS has the distance of eBGP. */
  readonly externalEvpn: boolean
  readonly forwarding: ForwardingNode
  readonly interfaces: ReadonlyMap<string, InterfaceState>
  readonly routerMac: string
  readonly systemMac: string
  readonly vtep: string | undefined
}

export type BgpNodes = ReadonlyMap<string, BgpNode>

/** One end of a session, with what it found out about the other. */
export interface BgpEnd {
  readonly node: BgpNode
  readonly neighbor: BgpNeighborConfig
  readonly state: BgpSessionState
  readonly idleReason?: IdleReason
  /** The other end, once the two have found each other. */
  readonly far?: { readonly node: BgpNode; readonly neighbor: BgpNeighborConfig }
  /** The address this end speaks from. */
  readonly source: string
  /** The families both ends activate. */
  readonly families: readonly BgpFamily[]
}

/** The ends of the sessions of each node. */
export type BgpSessions = ReadonlyMap<string, readonly BgpEnd[]>

/** Everything a session is judged by. */
export interface SessionGround {
  readonly nodes: BgpNodes
  readonly forwarding: ForwardingPlane
  readonly faults: FaultsAt
}

type Verdict = Pick<BgpEnd, 'state' | 'idleReason'>

const ACTIVE: Verdict = { state: 'Active' }

/** The local AS of a session. */
export const localAs = (node: BgpNode, neighbor: BgpNeighborConfig): string => neighbor.localAs ?? node.bgp.asn

/** Whether both ends of a session are of one AS. */
export const isInternal = (node: BgpNode, neighbor: BgpNeighborConfig): boolean =>
  localAs(node, neighbor) === neighbor.remoteAs

/** Judges one session from one end. */
export function judgeSession(node: BgpNode, neighbor: BgpNeighborConfig, ground: SessionGround): BgpEnd {
  const source = sourceAddress(node, neighbor, ground.forwarding)
  const end = { node, neighbor, source: source ?? '', families: [] }
  const own = standing(node, neighbor, source, ground)
  if (own !== undefined) return { ...end, ...own }
  const arrived = arrival(node, neighbor, ground)
  const far = arrived && ground.nodes.get(nodeKey(arrived.device, arrived.vrf))
  const theirs = far?.config.neighbors.get(neighbor.link?.knownAs ?? source ?? '')
  if (far === undefined || theirs === undefined) return { ...end, ...ACTIVE }
  const met = { ...end, far: { node: far, neighbor: theirs } }
  const families = commonFamilies(neighbor, theirs)
  if (families.length === 0 || !agree(node, neighbor, far, theirs, ground)) return { ...met, ...ACTIVE }
  return { ...met, families, state: 'Established' }
}

function arrival(node: BgpNode, neighbor: BgpNeighborConfig, ground: SessionGround) {
  if (neighbor.link !== undefined) return ground.nodes.get(neighbor.link.far)?.forwarding
  return ground.forwarding.reaches(node.forwarding, neighbor.address, hopsOf(node, neighbor))
}

function standing(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  source: string | undefined,
  { faults }: SessionGround,
): Verdict | undefined {
  if (neighbor.shutdown) return { state: 'Idle', idleReason: 'Admin' }
  if (!node.up) return ACTIVE
  if (faults.latched(node.device, node.vrf, neighbor.address)) return { state: 'Idle', idleReason: 'MaxPath' }
  if (neighbor.remoteAs === '') return { state: 'Idle' }
  if (source === undefined || !adjacent(node, neighbor)) return { state: 'Idle', idleReason: 'NoIf' }
  return faults.peerDown(node.device, node.vrf, neighbor.address) ? ACTIVE : undefined
}

// An eBGP session of one hop needs the peer on a connected subnet; EOS shows `Idle(NoIf)` without (ntc).
function adjacent(node: BgpNode, neighbor: BgpNeighborConfig) {
  if (isInternal(node, neighbor) || neighbor.ttl > 1 || neighbor.link !== undefined) return true
  return connectedTo(node.forwarding.nets, neighbor.address) !== undefined
}

/** The address a session speaks from: the update-source, or that of the interface towards the peer. */
export function sourceAddress(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  forwarding: ForwardingPlane,
): string | undefined {
  if (neighbor.link !== undefined) return neighbor.link.source
  if (neighbor.updateSource !== undefined) {
    const port = node.interfaces.get(neighbor.updateSource)
    return port?.lineProtocol === 'up' ? port.addresses.primary?.address : undefined
  }
  const nets = node.forwarding.nets.filter((net) => net.address !== undefined)
  const direct = connectedTo(nets, neighbor.address)?.address
  if (direct !== undefined) return direct
  const via = forwarding.lookup(node.forwarding, neighbor.address)?.vias[0]?.interface
  return node.interfaces.get(via ?? '')?.addresses.primary?.address
}

function hopsOf(node: BgpNode, neighbor: BgpNeighborConfig) {
  return isInternal(node, neighbor) ? 255 : neighbor.ttl
}

function agree(
  node: BgpNode,
  neighbor: BgpNeighborConfig,
  far: BgpNode,
  theirs: BgpNeighborConfig,
  ground: SessionGround,
) {
  const answering = sourceAddress(far, theirs, ground.forwarding)
  return (
    standing(far, theirs, answering, ground) === undefined &&
    localAs(far, theirs) === neighbor.remoteAs &&
    localAs(node, neighbor) === theirs.remoteAs &&
    answering === (neighbor.link?.peer ?? neighbor.address) &&
    samePassword(neighbor, theirs) &&
    arrival(far, theirs, ground) === node.forwarding
  )
}

function samePassword(a: BgpNeighborConfig, b: BgpNeighborConfig) {
  if (a.password === undefined || b.password === undefined) return a.password === b.password
  return a.password.key !== b.password.key || a.password.stored === b.password.stored
}

function commonFamilies(a: BgpNeighborConfig, b: BgpNeighborConfig) {
  return [...a.families].flatMap(([family, mine]) => (mine.active && b.families.get(family)?.active ? [family] : []))
}

/** Judges all sessions of all switches. */
export function judgeSessions(ground: SessionGround): BgpSessions {
  return new Map(
    [...ground.nodes].map(([key, node]) => [
      key,
      [...node.config.neighbors.values()].map((neighbor) => judgeSession(node, neighbor, ground)),
    ]),
  )
}
