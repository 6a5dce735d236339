import { z } from 'zod'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import { bgpNeighborsAnswer, SHOW_BGP_NEIGHBORS } from '../../answer/show-bgp-neighbors.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { integer } from '../../input/numbers.ts'
import { addressFamily, capabilityOf, familiesOf, judgeFamilies } from './address-family.ts'
import { isSameName } from './bgp-peer.ts'
import { healthFaults } from './peer-health.ts'

/** The peers named for each address family are there and healthy. */
export const verifyBgpSpecificPeers = defineVerify({
  name: 'VerifyBGPSpecificPeers',
  summary: 'Verifies the health of the BGP peers that are named for address families.',
  docs: 'Passes when each named peer is configured, established (at least as long as `minimum_established_time`), has the family negotiated and nothing waiting in the queues of its TCP session. Fails where the VRF is not configured.',
  example: {
    minimum_established_time: 10000,
    address_families: [
      { afi: 'evpn', peers: ['10.1.0.1', '10.1.0.2'] },
      { afi: 'ipv4', safi: 'unicast', peers: ['10.1.254.1', '10.1.255.0'] },
    ],
  },
  input: () =>
    z.strictObject({
      minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
      address_families: familiesOf(addressFamily().required({ peers: true })).describe('families and their peers'),
    }),
  commands: () => [SHOW_BGP_NEIGHBORS],
  answers: () => [bgpNeighborsAnswer()],
  judge: ({ address_families, minimum_established_time: minimum }, [{ vrfs }]) =>
    judgeFamilies(address_families, vrfs, (family, told) => {
      const health = { capability: capabilityOf(family), minimum, withQueues: family.check_tcp_queues }
      return family.peers.flatMap((address) => {
        const peer = needed(told, 'peerList').find(({ peerAddress }) => isSameName(address, peerAddress))
        return peer === undefined ? [`Peer: ${address} - Not configured`] : healthFaults(peer, () => address, health)
      })
    }),
})
