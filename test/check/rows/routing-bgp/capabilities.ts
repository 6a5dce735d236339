import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { NEIGHBORS, withoutAnswers } from './without-answers.ts'

const yes = { advertised: true, received: true, enabled: true }
const half = { advertised: true, received: false, enabled: false }

const neighbors = (...peerList: JsonObject[]): JsonObject => ({ vrfs: { default: { peerList } } })
const able = (peerAddress: string, neighborCapabilities: JsonObject): JsonObject => ({
  peerAddress,
  neighborCapabilities,
})
const peer = (last: number, more: JsonObject = {}): JsonObject => ({ peer_address: `192.0.2.${last}`, ...more })

const multiprotocol: readonly Row[] = [
  {
    check: 'VerifyBGPPeerMPCaps',
    name: 'capabilities in the words of the configuration, and exactly those in another order',
    inputs: {
      bgp_peers: [
        peer(1, { capabilities: ['ipv4 labeled-Unicast', 'Dynamic path_selection', 'IPv4-Flow_Spec Vpn'] }),
        peer(2, { capabilities: ['rt-membership', 'ipv6 MPLS vpn'], strict: true }),
      ],
    },
    outputs: [
      neighbors(
        able('192.0.2.1', {
          multiprotocolCaps: { ipv4MplsLabels: yes, dps: yes, ipv4FlowSpecVpn: yes, ipv4Unicast: half },
        }),
        able('192.0.2.2', { multiprotocolCaps: { ipv6MplsVpn: yes, rtMembership: yes } }),
      ),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPPeerMPCaps',
    name: 'one missing, one not negotiated, others than asked, none at all, no peer',
    inputs: {
      bgp_peers: [
        peer(1, { capabilities: ['l2VpnEvpn', 'ipv4Unicast'] }),
        peer(2, { capabilities: ['ipv4Unicast'], strict: true }),
        peer(3, { capabilities: ['ipv4Unicast'], strict: true }),
        peer(4, { capabilities: ['ipv4Unicast'] }),
        peer(5, { capabilities: ['ipv4Unicast'] }),
      ],
    },
    outputs: [
      neighbors(
        able('192.0.2.1', { multiprotocolCaps: { ipv4Unicast: half } }),
        able('192.0.2.2', { multiprotocolCaps: { ipv4Unicast: half, linkState: yes } }),
        able('192.0.2.3', { multiprotocolCaps: { ipv4Unicast: half } }),
        able('192.0.2.4', { multiprotocolCaps: {} }),
      ),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - l2VpnEvpn not found',
      'Peer: 192.0.2.1 VRF: default - ipv4Unicast not negotiated - Advertised: True, Received: False, Enabled: False',
      'Peer: 192.0.2.2 VRF: default - Mismatch - Expected: ipv4Unicast Actual: ipv4Unicast, linkState',
      'Peer: 192.0.2.3 VRF: default - ipv4Unicast not negotiated - Advertised: True, Received: False, Enabled: False',
      'Peer: 192.0.2.4 VRF: default - ipv4Unicast not found',
      'Peer: 192.0.2.5 VRF: default - Not found',
    ],
  },
  ...withoutAnswers('VerifyBGPPeerMPCaps', NEIGHBORS, { bgp_peers: [peer(1, { capabilities: ['ipv4Unicast'] })] }, [
    'Peer: 192.0.2.1 VRF: default - Not found',
  ]),
]

const one = (check: string, key: string, words: string): readonly Row[] => [
  {
    check,
    name: 'negotiated',
    inputs: { bgp_peers: [peer(1)] },
    outputs: [neighbors(able('192.0.2.1', { [key]: yes }))],
    result: 'success',
  },
  {
    check,
    name: 'half, not at all, nothing told, no peer',
    inputs: { bgp_peers: [peer(1), peer(2), peer(3), peer(4)] },
    outputs: [neighbors(able('192.0.2.1', { [key]: half }), able('192.0.2.2', {}), { peerAddress: '192.0.2.3' })],
    result: 'failure',
    messages: [
      `Peer: 192.0.2.1 VRF: default - ${words} not negotiated - Advertised: True, Received: False, Enabled: False`,
      `Peer: 192.0.2.2 VRF: default - ${words} not found`,
      `Peer: 192.0.2.3 VRF: default - ${words} not found`,
      'Peer: 192.0.2.4 VRF: default - Not found',
    ],
  },
  ...withoutAnswers(check, NEIGHBORS, { bgp_peers: [peer(1)] }, ['Peer: 192.0.2.1 VRF: default - Not found']),
]

const communities: readonly Row[] = [
  {
    check: 'VerifyBGPAdvCommunities',
    name: 'all kinds, and only those that are asked',
    inputs: { bgp_peers: [peer(1), peer(2, { advertised_communities: ['large'] })] },
    outputs: [
      neighbors(
        { peerAddress: '192.0.2.1', advertisedCommunities: { standard: true, extended: true, large: true } },
        { peerAddress: '192.0.2.2', advertisedCommunities: { standard: false, large: true } },
      ),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPAdvCommunities',
    name: 'one kind missing, nothing told, no peer',
    inputs: { bgp_peers: [peer(1), peer(2, { advertised_communities: ['extended'] }), peer(3), peer(4)] },
    outputs: [
      {
        vrfs: {
          default: {
            peerList: [
              { peerAddress: '192.0.2.1', advertisedCommunities: { standard: true, extended: true, large: false } },
              { peerAddress: '192.0.2.2', advertisedCommunities: { standard: true } },
              { peerAddress: '192.0.2.3', advertisedCommunities: { standard: true, extended: true, large: true } },
            ],
          },
        },
      },
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default - Standard: True, Extended: True, Large: False',
      'Peer: 192.0.2.2 VRF: default - Standard: True',
      'Peer: 192.0.2.4 VRF: default - Not found',
    ],
  },
  ...withoutAnswers('VerifyBGPAdvCommunities', NEIGHBORS, { bgp_peers: [peer(1)] }, [
    'Peer: 192.0.2.1 VRF: default - Not found',
  ]),
]

const nlri = (nlrisReceived: number, nlrisAccepted: number): JsonObject => ({
  afiSafiState: 'negotiated',
  nlrisReceived,
  nlrisAccepted,
})

const acceptance: readonly Row[] = [
  {
    check: 'VerifyBGPNlriAcceptance',
    name: 'a peer by its address, and one by its interface',
    inputs: {
      bgp_peers: [
        peer(1, { capabilities: ['ipv4 unicast', 'l2vpn-evpn'] }),
        { interface: 'eth2', capabilities: ['ipv6Unicast'] },
      ],
    },
    outputs: [
      {
        vrfs: {
          default: {
            peers: {
              '192.0.2.1': {
                peerAsn: '65001',
                ipv4Unicast: nlri(4, 4),
                l2VpnEvpn: nlri(0, 0),
                ipv4MplsVpn: nlri(2, 1),
              },
              'fe80::2%Et2': { ipv6Unicast: nlri(1, 1) },
            },
          },
        },
      },
      neighbors({ peerAddress: 'fe80::2%Et2', ifName: 'Ethernet2' }),
    ],
    result: 'success',
  },
  {
    check: 'VerifyBGPNlriAcceptance',
    name: 'filtered, untold, not negotiated, not there, no peer by address, by interface and by VRF',
    inputs: {
      bgp_peers: [
        peer(1, { capabilities: ['ipv4Unicast', 'ipv6Unicast', 'l2VpnEvpn', 'linkState'] }),
        peer(2, { capabilities: ['ipv4Unicast'] }),
        { interface: 'Ethernet2', capabilities: ['ipv6Unicast'] },
        peer(1, { vrf: 'RED', capabilities: ['ipv4Unicast'] }),
      ],
    },
    outputs: [
      {
        vrfs: {
          default: {
            peers: {
              '192.0.2.1': {
                ipv4Unicast: nlri(4, 3),
                ipv6Unicast: { afiSafiState: 'negotiated' },
                l2VpnEvpn: { afiSafiState: 'advertised', nlrisReceived: 0, nlrisAccepted: 0 },
              },
            },
          },
        },
      },
      neighbors({ peerAddress: 'fe80::2%Et2', ifName: 'Ethernet3' }),
    ],
    result: 'failure',
    messages: [
      'Peer: 192.0.2.1 VRF: default AFI/SAFI: ipv4Unicast - Some NLRI were filtered or rejected - Accepted: 3 Received: 4',
      'Peer: 192.0.2.1 VRF: default - l2VpnEvpn not negotiated',
      'Peer: 192.0.2.1 VRF: default - linkState not found',
      'Peer: 192.0.2.2 VRF: default - Not found',
      'Interface: Ethernet2 VRF: default - Not found',
      'Peer: 192.0.2.1 VRF: RED - Not found',
    ],
  },
  {
    check: 'VerifyBGPNlriAcceptance',
    name: 'the neighbors were not answered',
    inputs: { bgp_peers: [peer(1, { capabilities: ['ipv4Unicast'] })] },
    outputs: [{ vrfs: { default: { peers: { '192.0.2.1': { ipv4Unicast: nlri(1, 1) } } } } }],
    result: 'error',
    messages: ['`show bgp neighbors vrf all` was not answered'],
  },
  ...withoutAnswers(
    'VerifyBGPNlriAcceptance',
    'show bgp summary vrf all',
    {
      bgp_peers: [peer(1, { capabilities: ['ipv4Unicast'] })],
    },
    ['`show bgp neighbors vrf all` was not answered'],
  ),
]

/** What the checks of capabilities, communities and accepted NLRI must say. */
export const capabilityRows: readonly Row[] = [
  ...multiprotocol,
  ...one('VerifyBGPPeerASNCap', 'fourOctetAsnCap', '4-octet ASN capability'),
  ...one('VerifyBGPPeerRouteRefreshCap', 'routeRefreshCap', 'Route refresh capability'),
  ...communities,
  ...acceptance,
]
