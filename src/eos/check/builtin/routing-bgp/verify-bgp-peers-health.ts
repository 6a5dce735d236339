import { z } from 'zod'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import { type BgpNeighbor, bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { integer } from '../../input/numbers.ts'
import { addressFamily, capabilityOf, familiesOf, judgeFamilies } from './address-family.ts'
import { healthFaults, isSilent } from './peer-health.ts'

/** All peers of each address family are healthy. */
export const verifyBgpPeersHealth = defineVerify({
  name: 'VerifyBGPPeersHealth',
  summary: 'Verifies the health of all BGP peers of address families.',
  docs: 'Passes when each family has peers, and each of them is established (at least as long as `minimum_established_time`), has the family negotiated and nothing waiting in the queues of its TCP session. A session that is down and tells no families may carry each of them. Fails where the VRF is not configured.',
  example: {
    minimum_established_time: 10000,
    address_families: [{ afi: 'evpn' }, { afi: 'ipv6', safi: 'unicast', vrf: 'DEV', check_tcp_queues: false }],
  },
  input: () =>
    z.strictObject({
      minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
      address_families: familiesOf(addressFamily()).describe('families to judge'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ address_families, minimum_established_time: minimum }, [{ vrfs }]) =>
    judgeFamilies(address_families, vrfs, (family, { peerList = [] }) => {
      const capability = capabilityOf(family)
      const peers = peerList.filter((one) => one.neighborCapabilities?.multiprotocolCaps?.[capability] !== undefined)
      // ANTA passes over a peer that is down and shows no family.
      const silent = peerList.filter(isSilent)
      if (peers.length + silent.length === 0) return ['- No peers found']
      const health = { capability, minimum, withQueues: family.check_tcp_queues }
      return [
        ...peers.flatMap((one) => healthFaults(one, () => needed(one, 'peerAddress'), health)),
        ...silent.flatMap((one) => healthFaults(one, () => nameOf(one), health)),
      ]
    }),
})

function nameOf(neighbor: BgpNeighbor): string {
  return neighbor.peerAddress ?? neighbor.ifName ?? needed(neighbor, 'peerAddress')
}
