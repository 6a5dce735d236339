import { z } from 'zod'
import {
  type BgpNeighbor,
  type BgpSummaryPeer,
  familyOf,
  SHOW_BGP_NEIGHBORS,
  SHOW_BGP_SUMMARY,
  SHOW_IP_BGP_NEIGHBORS,
} from '../../answer/bgp.ts'
import { mismatch, needed, nullAsAbsent, type OutputOf } from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import { flag, integer, vrf } from '../../input/words.ts'
import {
  flagsTold,
  isEstablished,
  isNegotiated,
  isSameName,
  peerAddress,
  peerName,
  queueFaults,
  sessionFaults,
} from './bgp-peer.ts'

const WITH_SAFI = ['ipv4', 'ipv6'] as const

// The capability of each AFI that stands for itself (ANTA documentation, input types; EOS, `show bgp neighbors`).
const CAPABILITY_OF_AFI = {
  'vpn-ipv4': 'ipv4MplsVpn',
  'vpn-ipv6': 'ipv6MplsVpn',
  evpn: 'l2VpnEvpn',
  'rt-membership': 'rtMembership',
  'path-selection': 'dps',
  'link-state': 'linkState',
} as const

const CAPABILITY_OF_SAFI = {
  unicast: 'Unicast',
  multicast: 'Multicast',
  'labeled-unicast': 'MplsLabels',
  'sr-te': 'SrTe',
} as const

const AFIS = [...WITH_SAFI, ...keysOf(CAPABILITY_OF_AFI)]

// A BGP address family of a catalog with all that one check or another wants of it; a check says by `.required` what it cannot do without.
// Lists of families are {@link familiesOf}.
const addressFamily = () =>
  z.strictObject({
    afi: z.enum(AFIS).describe('address family identifier'),
    safi: nullAsAbsent(z.enum(keysOf(CAPABILITY_OF_SAFI))).describe('its subsequent one, of `ipv4` and `ipv6` only'),
    vrf: vrf().describe('VRF; any but `default` only with `ipv4` and `ipv6`'),
    num_peers: nullAsAbsent(integer(1)).describe('number of peers that must be there'),
    peers: nullAsAbsent(z.array(peerAddress()).min(1)).describe('addresses of the peers to judge'),
    check_tcp_queues: flag('whether the queues of the TCP sessions must be empty', true),
    check_peer_state: flag('whether only established, negotiated peers count'),
  })

type AddressFamilyName = Pick<OutputOf<typeof addressFamily>, 'afi' | 'safi' | 'vrf'>

function familiesOf<F extends z.ZodType<AddressFamilyName>>(family: F) {
  return z
    .array(
      family
        .refine(({ afi, safi }) => hasSafi(afi) === (safi !== undefined), {
          error: '`safi` belongs to the families `ipv4` and `ipv6`, which need one',
        })
        .refine((one) => hasSafi(one.afi) || one.vrf === 'default', {
          error: '`vrf` must be `default` with any family but `ipv4` and `ipv6`',
        }),
    )
    .min(1)
}

function capabilityOf({ afi, safi = 'unicast' }: AddressFamilyName) {
  return afi === 'ipv4' || afi === 'ipv6' ? `${afi}${CAPABILITY_OF_SAFI[safi]}` : CAPABILITY_OF_AFI[afi]
}

function judgeFamilies<F extends AddressFamilyName, V>(
  families: readonly F[],
  vrfs: ReadonlyMap<string, V> | undefined,
  faultsOf: (family: F, vrf: V) => readonly string[],
): Judgement {
  return families.flatMap((family) => {
    const found = vrfs?.get(family.vrf)
    const faults = found === undefined ? ['- VRF not configured'] : faultsOf(family, found)
    return faults.map((fault) => `${familyName(family)} ${fault}`)
  })
}

function familyName({ afi, safi, vrf: name }: AddressFamilyName) {
  return safi === undefined ? `AFI: ${afi}` : `AFI: ${afi} SAFI: ${safi} VRF: ${name}`
}

function hasSafi(afi: AddressFamilyName['afi']) {
  return WITH_SAFI.some((one) => one === afi)
}

function keysOf<K extends string>(record: Readonly<Record<K, string>>) {
  return Object.keys(record) as K[]
}

interface Health {
  readonly capability: string
  // How long the session must have been established at least, in seconds.
  readonly minimum: number | undefined
  readonly withQueues: boolean
}

function isSilent(neighbor: BgpNeighbor) {
  return !isEstablished(neighbor) && !neighbor.neighborCapabilities?.multiprotocolCaps
}

function healthFaults(neighbor: BgpNeighbor, nameOf: () => string, { capability, minimum, withQueues }: Health) {
  const negotiation = neighbor.neighborCapabilities?.multiprotocolCaps?.[capability]
  const session = sessionFaults(neighbor, minimum)
  const faults = isEstablished(neighbor)
    ? [...session, ...negotiationFaults(negotiation), ...(withQueues ? queueFaults(neighbor) : [])]
    : session
  return faults.map((fault) => `Peer: ${nameOf()} - ${fault}`)
}

function negotiationFaults(negotiation: Readonly<Record<string, boolean>> = {}) {
  if (isNegotiated(negotiation)) return []
  const told = flagsTold(negotiation)
  return [`AFI/SAFI state is not negotiated${told === '' ? '' : ` - ${told}`}`]
}

/** Each address family has as many peers as expected. */
export const VerifyBGPPeerCount = defineVerify({
  summary: 'Verifies the number of BGP peers of address families.',
  docs: 'Passes when each family has as many peers as expected; with `check_peer_state`, only those count whose session is established and whose family is negotiated. Fails where the VRF is not configured.',
  example: {
    address_families: [
      { afi: 'evpn', num_peers: 2 },
      { afi: 'ipv4', safi: 'unicast', vrf: 'PROD', num_peers: 2, check_peer_state: true },
    ],
  },
  input: () => ({
    address_families: familiesOf(addressFamily().required({ num_peers: true })).describe('families to count'),
  }),
  asks: SHOW_BGP_SUMMARY,
  judge: ({ vrfs }, { address_families }) =>
    judgeFamilies(address_families, vrfs, (family, { peers }) => {
      const capability = capabilityOf(family)
      const counted = [...(peers?.values() ?? [])].filter(({ attributes }) => attributes.has(capability))
      const count = family.check_peer_state ? counted.filter((peer) => isUp(peer, capability)).length : counted.length
      return mismatch('- Peer count mismatch', family.num_peers, count)
    }),
})

function isUp(peer: BgpSummaryPeer, capability: string) {
  return peer.state === 'Established' && familyOf(peer, capability)?.afiSafiState === 'negotiated'
}

/** All peers of a switch with the routing model `ribd` are healthy. */
export const VerifyBGPPeersHealthRibd = defineVerify({
  summary: 'Verifies the health of all BGP IPv4 peers of a switch with the routing model `ribd`.',
  docs: 'Passes when there are peers, and each is established with nothing waiting in the queues of its TCP session (unless `check_tcp_queues` is false). Fails where there is no peer at all.',
  example: { check_tcp_queues: true },
  input: () => ({
    check_tcp_queues: flag('whether the queues of the TCP sessions must be empty', true),
  }),
  asks: SHOW_IP_BGP_NEIGHBORS,
  judge: (answer, { check_tcp_queues }) => {
    const peers = [...needed(answer, 'vrfs')].flatMap(([vrf, { peerList = [] }]) =>
      peerList.map((peer) => ({ vrf, peer })),
    )
    if (peers.length === 0) return { status: 'error', reason: 'the answer has no peer' }
    return peers.flatMap(({ vrf, peer }) => {
      const faults = [...sessionFaults(peer), ...(check_tcp_queues ? queueFaults(peer) : [])]
      if (faults.length === 0) return []
      const name = peerName({ peer_address: needed(peer, 'peerAddress'), vrf })
      return faults.map((fault) => `${name} - ${fault}`)
    })
  },
})

/** All peers of each address family are healthy. */
export const VerifyBGPPeersHealth = defineVerify({
  summary: 'Verifies the health of all BGP peers of address families.',
  docs: 'Passes when each family has peers, and each of them is established (at least as long as `minimum_established_time`), has the family negotiated and nothing waiting in the queues of its TCP session. A session that is down and tells no families may carry each of them. Fails where the VRF is not configured.',
  example: {
    minimum_established_time: 10000,
    address_families: [{ afi: 'evpn' }, { afi: 'ipv6', safi: 'unicast', vrf: 'DEV', check_tcp_queues: false }],
  },
  input: () => ({
    minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
    address_families: familiesOf(addressFamily()).describe('families to judge'),
  }),
  asks: SHOW_BGP_NEIGHBORS,
  judge: ({ vrfs }, { address_families, minimum_established_time: minimum }) =>
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

function nameOf(neighbor: BgpNeighbor) {
  return neighbor.peerAddress ?? neighbor.ifName ?? needed(neighbor, 'peerAddress')
}

/** The peers named for each address family are there and healthy. */
export const VerifyBGPSpecificPeers = defineVerify({
  summary: 'Verifies the health of the BGP peers that are named for address families.',
  docs: 'Passes when each named peer is configured, established (at least as long as `minimum_established_time`), has the family negotiated and nothing waiting in the queues of its TCP session. Fails where the VRF is not configured.',
  example: {
    minimum_established_time: 10000,
    address_families: [
      { afi: 'evpn', peers: ['10.1.0.1', '10.1.0.2'] },
      { afi: 'ipv4', safi: 'unicast', peers: ['10.1.254.1', '10.1.255.0'] },
    ],
  },
  input: () => ({
    minimum_established_time: nullAsAbsent(integer(1)).describe('seconds that each session must be established'),
    address_families: familiesOf(addressFamily().required({ peers: true })).describe('families and their peers'),
  }),
  asks: SHOW_BGP_NEIGHBORS,
  judge: ({ vrfs }, { address_families, minimum_established_time: minimum }) =>
    judgeFamilies(address_families, vrfs, (family, told) => {
      const health = { capability: capabilityOf(family), minimum, withQueues: family.check_tcp_queues }
      return family.peers.flatMap((address) => {
        const peer = needed(told, 'peerList').find(({ peerAddress }) => isSameName(address, peerAddress))
        return peer === undefined ? [`Peer: ${address} - Not configured`] : healthFaults(peer, () => address, health)
      })
    }),
})
