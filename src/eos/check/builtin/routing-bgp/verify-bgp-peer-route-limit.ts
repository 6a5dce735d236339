import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'

/** The limits of routes of each peer are as expected. */
export const verifyBgpPeerRouteLimit = defineVerify({
  name: 'VerifyBGPPeerRouteLimit',
  summary: 'Verifies the maximum routes and the warning limit of BGP peers.',
  docs: 'Passes when each peer is there, and its maximum routes and, if given, its warning limit are as expected. A switch that tells no warning limit has none, which is 0.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', maximum_routes: 12000, warning_limit: 10000 },
      { interface: 'Ethernet1', vrf: 'MGMT', maximum_routes: 12000 },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ maximum_routes: true })).describe('peers and their limits'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(
      bgp_peers,
      neighbors,
      ({ maximum_routes, warning_limit }, { maxTotalRoutes, totalRoutesWarnLimit = 0 }) => [
        ...mismatch('Maximum routes mismatch', maximum_routes, maxTotalRoutes ?? 'Not Found'),
        ...(warning_limit === undefined
          ? []
          : mismatch('Maximum routes warning limit mismatch', warning_limit, totalRoutesWarnLimit)),
      ],
    ),
})
