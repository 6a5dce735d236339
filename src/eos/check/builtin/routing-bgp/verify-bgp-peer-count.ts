import { z } from 'zod'
import { type BgpSummaryPeer, bgpSummaryAnswer, familyOf, SHOW_BGP_SUMMARY } from '../../answer/show-bgp-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { addressFamily, capabilityOf, familiesOf, judgeFamilies } from './address-family.ts'

/** Each address family has as many peers as expected. */
export const verifyBgpPeerCount = defineVerify({
  name: 'VerifyBGPPeerCount',
  summary: 'Verifies the number of BGP peers of address families.',
  docs: 'Passes when each family has as many peers as expected; with `check_peer_state`, only those count whose session is established and whose family is negotiated. Fails where the VRF is not configured.',
  example: {
    address_families: [
      { afi: 'evpn', num_peers: 2 },
      { afi: 'ipv4', safi: 'unicast', vrf: 'PROD', num_peers: 2, check_peer_state: true },
    ],
  },
  input: () =>
    z.strictObject({
      address_families: familiesOf(addressFamily().required({ num_peers: true })).describe('families to count'),
    }),
  commands: () => [SHOW_BGP_SUMMARY],
  answers: () => [bgpSummaryAnswer()],
  judge: ({ address_families }, [{ vrfs }]) =>
    judgeFamilies(address_families, vrfs, (family, { peers }) => {
      const capability = capabilityOf(family)
      const counted = [...(peers?.values() ?? [])].filter(({ attributes }) => attributes.has(capability))
      const count = family.check_peer_state ? counted.filter((peer) => isUp(peer, capability)).length : counted.length
      return mismatch('- Peer count mismatch', family.num_peers, count)
    }),
})

function isUp(peer: BgpSummaryPeer, capability: string): boolean {
  return peer.state === 'Established' && familyOf(peer, capability)?.afiSafiState === 'negotiated'
}
