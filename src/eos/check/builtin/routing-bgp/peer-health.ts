import type { BgpNeighbor } from '../../answer/show-bgp-neighbors.ts'
import { isNegotiated } from './capability.ts'
import { flagsTold } from './flag.ts'
import { isEstablished, queueFaults, sessionFaults } from './session.ts'

/** What a healthy peer of an address family is. */
interface Health {
  /** The capability that the family is negotiated by. */
  readonly capability: string
  /** How long the session must have been established at least, in seconds. */
  readonly minimum: number | undefined
  readonly withQueues: boolean
}

/** Whether a peer is down and shows no family: it may carry the one that the input names. */
export function isSilent(neighbor: BgpNeighbor): boolean {
  return !isEstablished(neighbor) && !neighbor.neighborCapabilities?.multiprotocolCaps
}

/** What keeps a peer from being healthy in an address family, each fault after the peer's name. */
export function healthFaults(neighbor: BgpNeighbor, nameOf: () => string, { capability, minimum, withQueues }: Health) {
  const negotiation = neighbor.neighborCapabilities?.multiprotocolCaps?.[capability]
  const session = sessionFaults(neighbor, minimum)
  const faults = isEstablished(neighbor)
    ? [...session, ...negotiationFaults(negotiation), ...(withQueues ? queueFaults(neighbor) : [])]
    : session
  return faults.map((fault) => `Peer: ${nameOf()} - ${fault}`)
}

function negotiationFaults(negotiation: Readonly<Record<string, boolean>> = {}): readonly string[] {
  if (isNegotiated(negotiation)) return []
  const told = flagsTold(negotiation)
  return [`AFI/SAFI state is not negotiated${told === '' ? '' : ` - ${told}`}`]
}
