import { bgpEstablished } from '../../../../src/eos/check/builtin/bgp-established.ts'
import { checkTable } from '../check-table.ts'

const UNKNOWN_COMMAND = "Invalid input (at token 1: 'bgp')"

/** `show bgp summary vrf all` of a leaf: an underlay peer, an overlay peer, and one in a tenant's VRF. */
const summary = (underlay: string, overlay: string, tenant?: string) => ({
  vrfs: {
    default: {
      vrf: 'default',
      routerId: '10.255.0.3',
      asn: '65101',
      peers: {
        '10.1.0.1': {
          peerState: underlay,
          peerAsn: '65001',
          ipv4Unicast: {
            afiSafiState: underlay === 'Established' ? 'negotiated' : 'advertised',
            nlrisReceived: 9,
            nlrisAccepted: 9,
          },
        },
        '10.255.0.1': {
          peerState: overlay,
          peerAsn: '65001',
          l2VpnEvpn: {
            afiSafiState: overlay === 'Established' ? 'negotiated' : 'advertised',
            nlrisReceived: 42,
            nlrisAccepted: 42,
          },
        },
      },
    },
    ...(tenant === undefined
      ? {}
      : { BLUE: { vrf: 'BLUE', asn: '65101', peers: { '172.16.0.1': { peerState: tenant, peerAsn: 65200 } } } }),
  },
})

/** `show ip bgp summary vrf all` of the same. */
const ipSummary = (state: string) => ({
  vrfs: {
    default: { vrf: 'default', asn: '65101', peers: { '10.1.0.1': { peerState: state, asn: '65001', msgSent: 4 } } },
  },
})

const UP = { state: 'Established', asn: '65001', families: { ipv4Unicast: 'negotiated' } }
const DOWN = { state: 'Active', asn: '65001', families: { ipv4Unicast: 'advertised' } }
const OVERLAY = { state: 'Established', asn: '65001', families: { l2VpnEvpn: 'negotiated' } }
const NO_BGP = { vrfs: { default: { vrf: 'default', routerId: '', asn: '', peers: {} } } }

checkTable(bgpEstablished, {
  'all stand, nothing known of before': {
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    verdict: { status: 'pass', facts: ['2 Established'] },
  },
  'a configured peer does not stand': {
    replies: [summary('Idle', 'Established'), ipSummary('Idle')],
    verdict: { status: 'fail', reasons: ['peer 10.1.0.1 in VRF default - expected: Established, actual: Idle'] },
  },
  'a peer in another VRF does not stand': {
    replies: [summary('Established', 'Established', 'Active'), ipSummary('Established')],
    verdict: { status: 'fail', reasons: ['peer 172.16.0.1 in VRF BLUE - expected: Established, actual: Active'] },
  },
  'only one VRF is judged': {
    input: { vrf: 'default' },
    replies: [summary('Established', 'Established', 'Active'), ipSummary('Established')],
    verdict: { status: 'pass', facts: ['2 Established'] },
  },
  'a peer that stood before is gone': {
    replies: [{ vrfs: { default: { peers: { '10.1.0.1': { peerState: 'Established' } } } } }, ipSummary('Established')],
    baseline: { bgp: { default: { '10.1.0.1': UP, '10.255.0.1': OVERLAY } } },
    verdict: {
      status: 'fail',
      reasons: ['peer 10.255.0.1 in VRF default - expected: Established, actual: not configured'],
    },
  },
  'BGP as a whole is gone': {
    replies: [NO_BGP, NO_BGP],
    baseline: { bgp: { default: { '10.1.0.1': UP } } },
    verdict: {
      status: 'fail',
      reasons: ['peer 10.1.0.1 in VRF default - expected: Established, actual: not configured'],
    },
  },
  'BGP no longer runs, in the words of EOS 4.36': {
    replies: ['BGP inactive', 'BGP inactive'],
    baseline: { bgp: { default: { '10.1.0.1': UP } } },
    verdict: {
      status: 'fail',
      reasons: ['peer 10.1.0.1 in VRF default - expected: Established, actual: not configured'],
    },
  },
  'a peer that was down before is said, and does not fail': {
    replies: [summary('Active', 'Established'), ipSummary('Active')],
    baseline: { bgp: { default: { '10.1.0.1': DOWN, '10.255.0.1': OVERLAY } } },
    verdict: {
      status: 'pass',
      facts: ['1 Established', 'peer 10.1.0.1 in VRF default is Active, and was not Established before'],
    },
  },
  'a peer that was down before fails when it is named': {
    input: { peers: ['10.1.0.1'] },
    replies: [summary('Active', 'Established'), ipSummary('Active')],
    baseline: { bgp: { default: { '10.1.0.1': DOWN, '10.255.0.1': OVERLAY } } },
    verdict: { status: 'fail', reasons: ['peer 10.1.0.1 in VRF default - expected: Established, actual: Active'] },
  },
  'a new peer must stand': {
    replies: [summary('Established', 'Active'), ipSummary('Established')],
    baseline: { bgp: { default: { '10.1.0.1': UP } } },
    verdict: { status: 'fail', reasons: ['peer 10.255.0.1 in VRF default - expected: Established, actual: Active'] },
  },
  'a peer that was down before and is gone is no loss': {
    replies: [{ vrfs: { default: { peers: { '10.255.0.1': { peerState: 'Established' } } } } }, ipSummary('Idle')],
    baseline: { bgp: { default: { '10.1.0.1': DOWN } } },
    verdict: { status: 'pass', facts: ['1 Established'] },
  },
  'a named peer that is nowhere': {
    input: { peers: ['10.9.9.9'], vrf: 'default' },
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    verdict: {
      status: 'fail',
      reasons: ['peer 10.9.9.9 in VRF default - expected: Established, actual: not configured'],
    },
  },
  'a named peer in any VRF': {
    input: { peers: ['172.16.0.1', '10.9.9.9'] },
    replies: [summary('Established', 'Established', 'Established'), ipSummary('Established')],
    verdict: { status: 'fail', reasons: ['peer 10.9.9.9 - expected: Established, actual: not configured'] },
  },
  'each address family is negotiated where it is activated': {
    input: { addressFamilies: ['ipv4Unicast', 'l2VpnEvpn'] },
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    verdict: { status: 'pass', facts: ['2 Established'] },
  },
  'a session stands, and one of its families does not': {
    input: { addressFamilies: ['l2VpnEvpn'] },
    replies: [
      {
        vrfs: {
          default: { peers: { '10.255.0.1': { peerState: 'Established', l2VpnEvpn: { afiSafiState: 'advertised' } } } },
        },
      },
      ipSummary('Established'),
    ],
    verdict: {
      status: 'fail',
      reasons: ['l2VpnEvpn of peer 10.255.0.1 in VRF default - expected: negotiated, actual: advertised'],
    },
  },
  'an address family that nobody activates': {
    input: { addressFamilies: ['ipv6Unicast'] },
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    verdict: { status: 'fail', reasons: ['ipv6Unicast - no peer activates it'] },
  },
  'fewer than the minimum': {
    input: { minimum: 3 },
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    verdict: { status: 'fail', reasons: ['Established - expected: at least 3, actual: 2'] },
  },
  'ribd: only the older command is known': {
    replies: [UNKNOWN_COMMAND, ipSummary('Established')],
    verdict: { status: 'pass', facts: ['1 Established'] },
  },
  'ribd tells no address families': {
    input: { addressFamilies: ['ipv4Unicast'] },
    replies: [UNKNOWN_COMMAND, ipSummary('Established')],
    verdict: { status: 'error', reason: 'the switch does not tell the address families of these peers' },
  },
  'no BGP now, and none before': {
    replies: [NO_BGP, NO_BGP],
    baseline: { bgp: {} },
    verdict: { status: 'skip', reason: 'BGP has no peer, and had none before the change' },
  },
  'no BGP now, and nobody knows of before': {
    replies: [NO_BGP, NO_BGP],
    verdict: { status: 'error', reason: 'no BGP peer in VRF all' },
  },
  'no BGP where some is demanded': {
    input: { minimum: 1 },
    replies: [NO_BGP, NO_BGP],
    baseline: { bgp: {} },
    verdict: { status: 'error', reason: 'no BGP peer in VRF all' },
  },
  'the state before could not be read': {
    replies: [summary('Established', 'Established'), ipSummary('Established')],
    baseline: { bgp: { unreadable: '`show bgp summary vrf all` was refused: timeout' } },
    verdict: {
      status: 'error',
      reason:
        'before the change the state area `bgp` could not be read: `show bgp summary vrf all` was refused: timeout',
    },
  },
})
