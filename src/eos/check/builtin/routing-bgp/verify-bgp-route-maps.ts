import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** The route maps of each peer are applied in their direction. */
export const verifyBgpRouteMaps = defineVerify({
  name: 'VerifyBgpRouteMaps',
  summary: 'Verifies the inbound and outbound route maps of BGP peers.',
  docs: 'Passes when each peer is there, and the given route maps are applied to it in their direction. At least one of the two is given.',
  example: {
    bgp_peers: [
      {
        peer_address: '172.30.11.1',
        vrf: 'default',
        inbound_route_map: 'RM-MLAG-PEER-IN',
        outbound_route_map: 'RM-MLAG-PEER-OUT',
      },
      { interface: 'Ethernet1', vrf: 'MGMT', inbound_route_map: 'RM-MLAG-PEER-IN' },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(
        bgpPeer().refine((peer) => peer.inbound_route_map !== undefined || peer.outbound_route_map !== undefined, {
          error: 'expected `inbound_route_map` or `outbound_route_map`',
        }),
      ).describe('peers and their route maps'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ inbound_route_map, outbound_route_map }, neighbor) => [
      ...routeMapFaults('Inbound', inbound_route_map, neighbor.routeMapInbound),
      ...routeMapFaults('Outbound', outbound_route_map, neighbor.routeMapOutbound),
    ]),
})

function routeMapFaults(direction: string, expected: string | undefined, actual: string | undefined) {
  return expected === undefined ? [] : mismatch(`${direction} route-map mismatch`, expected, actual ?? 'Not Configured')
}
