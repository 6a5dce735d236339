import { z } from 'zod'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { type BgpSummaryPeer, bgpSummaryAnswer, familyOf, SHOW_BGP_SUMMARY } from '../../answer/show-bgp-summary.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
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
  answers: () => [bgpSummaryAnswer(), bgpNeighborsAnswer()],
  judge: ({ bgp_peers }, [{ vrfs }, neighbors]) =>
    passUnlessSilent(
      bgp_peers.flatMap((peer): readonly Judged[] => {
        const address = peer.peer_address ?? neighborOf(peer, neighbors)?.peerAddress ?? ''
        const found = vrfs?.get(peer.vrf)?.peers?.get(address)
        if (found === undefined || isEmpty(found)) return [{ fault: `${peerName(peer)} - Not found` }]
        return peer.capabilities.flatMap((name): readonly Judged[] => {
          const family = familyOf(found, name)
          const faults = nlriFaults(family, name).map((fault) => ({ fault: `${peerName(peer)} ${fault}` }))
          return faults.length === 0 && family !== undefined ? [{ family }] : faults
        })
      }),
    ),
})

type Family = NonNullable<ReturnType<typeof familyOf>>
type Judged = { readonly fault: string } | { readonly family: Family }

/** ANTA takes two numbers that are not told for the same; here that is none. */
function passUnlessSilent(judged: readonly Judged[]): Verdict {
  const faults = judged.flatMap((one) => ('fault' in one ? [one.fault] : []))
  if (faults.length === 0) for (const one of judged) if ('family' in one) needed(one.family, 'nlrisReceived')
  return passUnless(faults)
}

function isEmpty({ state, attributes }: BgpSummaryPeer): boolean {
  return state === undefined && attributes.size === 0
}

function nlriFaults(family: Family | undefined, capability: string): readonly string[] {
  if (family === undefined) return [`- ${capability} not found`]
  const { nlrisAccepted: accepted, nlrisReceived: received } = family
  const filtered = `AFI/SAFI: ${capability} - Some NLRI were filtered or rejected - Accepted: ${printed(accepted)} Received: ${printed(received)}`
  return [
    ...(needed(family, 'afiSafiState') === 'negotiated' ? [] : [`- ${capability} not negotiated`]),
    ...(accepted === received ? [] : [filtered]),
  ]
}
