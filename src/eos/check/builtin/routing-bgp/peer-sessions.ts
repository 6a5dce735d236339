import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import type { Verdict } from '../../../../model/verdict.ts'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import type { BgpNeighbors } from '../../answer/show-bgp-neighbors.ts'
import { integer } from '../../input/numbers.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { queueFaults, sessionFaults } from './session.ts'

/** What the checks of sessions take, whatever the routing model of the switch. */
export const peerSessionsInput = once(() =>
  z.strictObject({
    minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
    check_tcp_queues: z.boolean().default(true).describe('whether the queues of the TCP sessions must be empty'),
    bgp_peers: peersOf(bgpPeer()).describe('peers whose sessions to judge'),
  }),
)

/** Inputs as a catalog writes them. */
export const PEER_SESSIONS_EXAMPLE = {
  minimum_established_time: 10000,
  check_tcp_queues: false,
  bgp_peers: [
    { peer_address: '10.1.0.1', vrf: 'default' },
    { peer_address: 'fd00:dc:1::1', vrf: 'default' },
    { interface: 'Vlan3499', vrf: 'PROD' },
  ],
}

/** Judges the session of each peer, and the queues of its TCP connection where that is asked. */
export function judgePeerSessions(
  input: z.output<ReturnType<typeof peerSessionsInput>>,
  neighbors: BgpNeighbors,
): Verdict {
  return judgePeers(input.bgp_peers, neighbors, (_peer, neighbor) => [
    ...sessionFaults(neighbor, input.minimum_established_time),
    ...(input.check_tcp_queues ? queueFaults(neighbor) : []),
  ])
}
