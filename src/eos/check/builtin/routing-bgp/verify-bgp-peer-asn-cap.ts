import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { capabilityFaults } from './capability.ts'

/** The four octet ASN capability of each peer is negotiated. */
export const verifyBgpPeerAsnCap = defineVerify({
  name: 'VerifyBGPPeerASNCap',
  summary: 'Verifies the four octet ASN capability of BGP peers.',
  docs: 'Passes when each peer is there, and its four octet ASN capability is advertised, received and enabled.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default' },
      { peer_address: 'fd00:dc:1::1', vrf: 'default' },
      { interface: 'Ethernet1', vrf: 'MGMT' },
    ],
  },
  input: () => z.strictObject({ bgp_peers: peersOf(bgpPeer()).describe('peers to judge') }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, (_peer, { neighborCapabilities }) =>
      capabilityFaults('4-octet ASN capability', neighborCapabilities?.fourOctetAsnCap),
    ),
})
