import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { type BgpSummaryPeer, bgpSummaryAnswer, SHOW_BGP_SUMMARY } from '../../answer/show-bgp-summary.ts'
import { defineVerify } from '../../define-verify.ts'
import { bgpPeer, neighborOf, peerName, peersOf } from './bgp-peer.ts'

/** Every NLRI that was received of each peer was accepted. */
export const verifyBgpNlriAcceptance = defineVerify({
  name: 'VerifyBGPNlriAcceptance',
  summary: 'Verifies that all NLRI received of BGP peers were accepted.',
  docs: 'Passes when each peer is there, each capability is negotiated, and as many NLRI were accepted as received.',
  example: {
    bgp_peers: [
      { peer_address: '10.100.0.128', vrf: 'default', capabilities: ['ipv4Unicast'] },
      { peer_address: 'fe80::2%Et1', vrf: 'default', capabilities: ['ipv6Unicast'] },
      { interface: 'Ethernet2', vrf: 'default', capabilities: ['ipv6Unicast'] },
    ],
  },
  input: () =>
    z.strictObject({
      bgp_peers: peersOf(bgpPeer().required({ capabilities: true })).describe('peers and their capabilities'),
    }),
  // The summary knows peers by their address only; the neighbors tell the address behind an interface.
  commands: () => [SHOW_BGP_SUMMARY, SHOW_BGP_NEIGHBORS],
  answers: () => [bgpSummaryAnswer(), bgpNeighborsAnswer().partial()],
  judge: ({ bgp_peers }, [{ vrfs }, { vrfs: neighbors = new Map() }]) =>
    passUnless(
      bgp_peers.flatMap((peer) => {
        const address = peer.peer_address ?? neighborOf(peer, { vrfs: neighbors })?.peerAddress ?? ''
        const found = vrfs.get(peer.vrf)?.peers?.get(address)
        if (found === undefined) return [`${peerName(peer)} - Not found`]
        return peer.capabilities.flatMap((name) => nlriFaults(found, name).map((fault) => `${peerName(peer)} ${fault}`))
      }),
    ),
})

function nlriFaults({ families }: BgpSummaryPeer, capability: string): readonly string[] {
  const family = families.get(capability)
  if (family === undefined) return [`- ${capability} not found`]
  if (family.afiSafiState !== 'negotiated') return [`- ${capability} not negotiated`]
  const { nlrisAccepted: accepted, nlrisReceived: received } = family
  if (accepted !== undefined && accepted === received) return []
  const [some, all] = [accepted ?? 'Not Found', received ?? 'Not Found']
  return [`AFI/SAFI: ${capability} - Some NLRI were filtered or rejected - Accepted: ${some} Received: ${all}`]
}
