import { z } from 'zod'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpPeer, judgePeers, peersOf } from './bgp-peer.ts'
import { capabilityFaults } from './capability.ts'

/** The multiprotocol capabilities of each peer are negotiated. */
export const verifyBgpPeerMpCaps = defineVerify({
  name: 'VerifyBGPPeerMPCaps',
  summary: 'Verifies the multiprotocol capabilities of BGP peers.',
  docs: 'Passes when each peer is there, and each capability is advertised, received and enabled; with `strict`, when the peer has no others.',
  example: {
    bgp_peers: [
      { peer_address: '172.30.11.1', vrf: 'default', strict: false, capabilities: ['ipv4 labeled-Unicast'] },
      { interface: 'Ethernet1', vrf: 'default', strict: true, capabilities: ['ipv4MplsVpn', 'L2vpnEVPN'] },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ capabilities: true })).describe('peers and their capabilities'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [neighbors]) =>
    judgePeers(bgp_peers, neighbors, ({ capabilities, strict }, { neighborCapabilities }) => {
      const told = neighborCapabilities?.multiprotocolCaps
      if (told === undefined) return ['Multiprotocol capabilities not found']
      const names = Object.keys(told)
      if (strict && !isSameSet(capabilities, names))
        return [`Mismatch - Expected: ${capabilities.join(', ')} Actual: ${names.join(', ')}`]
      return capabilities.flatMap((name) => capabilityFaults(name, told[name]))
    }),
})

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.every((one) => others.includes(one)) && others.every((one) => some.includes(one))
}
