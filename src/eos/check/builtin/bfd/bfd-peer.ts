import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import type { BfdPeersAnswer, BfdSession } from '../../answer/show-bfd-peers.ts'
import { needed } from '../../answer/told.ts'
import { ipAddress } from '../../input/addresses.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

/** An interval of BFD in milliseconds, as EOS takes it (ANTA documentation, `BfdInterval`). */
export const bfdInterval = once(() => integer(50, 60_000))

/** How many packets may be lost before a session goes down (ANTA documentation, `BfdMultiplier`). */
export const bfdMultiplier = once(() => integer(3, 50))

/** A protocol that BFD tells when a neighbour is lost (ANTA documentation, `BfdProtocol`). */
export const bfdProtocol = once(() =>
  z.enum(['bgp', 'isis', 'lag', 'ospf', 'ospfv3', 'pim', 'route-input', 'static-bfd', 'static-route', 'vrrp', 'vxlan']),
)

/** One peer as a catalog names it. Which of the fields that may be absent is demanded depends on the check. */
export const bfdPeer = once(() =>
  z.strictObject({
    peer_address: ipAddress().describe('IPv4 or IPv6 address of the peer.'),
    vrf: vrf().describe('VRF of the session.'),
    interface: interfaceName().nullish().describe('Interface of a single-hop session; none for one over several hops.'),
    protocols: z.array(bfdProtocol()).nullish().describe('Protocols that must use the session.'),
    tx_interval: bfdInterval().nullish().describe('Transmit interval in milliseconds.'),
    rx_interval: bfdInterval().nullish().describe('Receive interval in milliseconds.'),
    multiplier: bfdMultiplier().nullish().describe('Multiplier of the session.'),
    detection_time: integer().nullish().describe('Detection time in milliseconds.'),
  }),
)

interface NamedPeer {
  readonly peer_address: string
  readonly vrf: string
  readonly interface?: string | null | undefined
}

/** What is wrong with the sessions of these peers, peer by peer. One that has no session is at fault by itself. */
export function sessionFaults<P extends NamedPeer>(
  peers: readonly P[],
  answer: BfdPeersAnswer,
  faultsOf: (session: BfdSession, peer: P) => readonly string[],
): readonly string[] {
  return peers.flatMap((peer) => {
    const session = sessionWith(peer, answer)
    const faults = session === undefined ? ['Not found'] : faultsOf(session, peer)
    return faults.map((fault) => `${bfdPeerName(peer)} - ${fault}`)
  })
}

/** A peer in a message. */
export function bfdPeerName({ peer_address, vrf: name, interface: over }: NamedPeer): string {
  return `Peer: ${peer_address} VRF: ${name}${over ? ` Interface: ${over}` : ''}`
}

/** Says that a session is not up, or that the other side has given it no discriminator (RFC 5880, section 6.8.1). */
export function downFaults(session: BfdSession): readonly string[] {
  const [status, remoteDisc] = [needed(session, 'status'), needed(session, 'remoteDisc')]
  if (status === 'up' && remoteDisc !== 0) return []
  return [`Session not properly established - State: ${status} Remote Discriminator: ${remoteDisc}`]
}

function sessionWith(peer: NamedPeer, { vrfs }: BfdPeersAnswer): BfdSession | undefined {
  const neighbors = peer.peer_address.includes(':') ? 'ipv6Neighbors' : 'ipv4Neighbors'
  return vrfs
    ?.get(peer.vrf)
    ?.[neighbors]?.get(peer.peer_address)
    ?.peerStats?.get(peer.interface ?? '')
}
