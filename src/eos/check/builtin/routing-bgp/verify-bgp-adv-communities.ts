import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { flagsTold } from './flag.ts'

/** The communities are advertised to each peer. */
export const verifyBgpAdvCommunities = defineVerify({
  name: 'VerifyBGPAdvCommunities',
  summary: 'Verifies the communities that are advertised to BGP peers.',
  docs: 'Passes when each peer is there, and is advertised the given kinds of communities: standard, extended and large where none are given.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.17', vrf: 'default' },
      { interface: 'Ethernet1', vrf: 'default', advertised_communities: ['standard', 'extended'] },
    ],
  },
  input: () => z.strictObject({ bgp_peers: peersOf(bgpPeer()).describe('peers to judge') }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ advertised_communities }, neighbor) => {
      const told = neighbor.advertisedCommunities
      if (advertised_communities.every((kind) => told?.[kind] === true)) return []
      return [flagsTold(needed(neighbor, 'advertisedCommunities'))]
    }),
})
