import { z } from 'zod'
import {
  type BfdNeighbor,
  type BfdPeersAnswer,
  type BfdSession,
  SHOW_BFD_PEERS,
  SHOW_BFD_PEERS_DETAIL,
} from '../answer/routes.ts'
import { mismatch, needed, type OutputOf, printedDecimals, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { integer, interfaceName, ipAddress, someOf, vrf } from '../input/words.ts'

// An interval of BFD in milliseconds, as EOS takes it (ANTA documentation, `BfdInterval`).
const bfdInterval = () => integer(50, 60_000)

// How many packets may be lost before a session goes down (ANTA documentation, `BfdMultiplier`).
const bfdMultiplier = () => integer(3, 50)

// A protocol that BFD tells when a neighbour is lost (ANTA documentation, `BfdProtocol`).
const bfdProtocol = () =>
  z.enum(['bgp', 'isis', 'lag', 'ospf', 'ospfv3', 'pim', 'route-input', 'static-bfd', 'static-route', 'vrrp', 'vxlan'])

// Which of the fields that may be absent is demanded depends on the check.
const bfdPeer = () =>
  z.strictObject({
    peer_address: ipAddress().describe('IPv4 or IPv6 address of the peer.'),
    vrf: vrf().describe('VRF of the session.'),
    interface: interfaceName().nullish().describe('Interface of a single-hop session; none for one over several hops.'),
    protocols: z.array(bfdProtocol()).nullish().describe('Protocols that must use the session.'),
    tx_interval: bfdInterval().nullish().describe('Transmit interval in milliseconds.'),
    rx_interval: bfdInterval().nullish().describe('Receive interval in milliseconds.'),
    multiplier: bfdMultiplier().nullish().describe('Multiplier of the session.'),
    detection_time: integer().nullish().describe('Detection time in milliseconds.'),
  })

interface NamedPeer {
  readonly peer_address: string
  readonly vrf: string
  readonly interface?: string | null | undefined
}

function sessionFaults<P extends NamedPeer>(
  peers: readonly P[],
  answer: BfdPeersAnswer,
  faultsOf: (session: BfdSession, peer: P) => readonly string[],
) {
  return peers.flatMap((peer) => {
    const session = sessionWith(peer, answer)
    const faults = session === undefined ? ['Not found'] : faultsOf(session, peer)
    return faults.map((fault) => `${bfdPeerName(peer)} - ${fault}`)
  })
}

function bfdPeerName({ peer_address, vrf: name, interface: over }: NamedPeer) {
  return `Peer: ${peer_address} VRF: ${name}${over ? ` Interface: ${over}` : ''}`
}

// Says that a session is not up, or that the other side has given it no discriminator (RFC 5880, section 6.8.1).
function downFaults(session: BfdSession) {
  const [status, remoteDisc] = [needed(session, 'status'), needed(session, 'remoteDisc')]
  if (status === 'up' && remoteDisc !== 0) return []
  return [`Session not properly established - State: ${status} Remote Discriminator: ${remoteDisc}`]
}

function sessionWith(peer: NamedPeer, { vrfs }: BfdPeersAnswer) {
  const neighbors = peer.peer_address.includes(':') ? 'ipv6Neighbors' : 'ipv4Neighbors'
  return vrfs
    ?.get(peer.vrf)
    ?.[neighbors]?.get(peer.peer_address)
    ?.peerStats?.get(peer.interface ?? '')
}

const SECONDS_PER_HOUR = 3600

/** All BFD peers are up, and have not been down lately. */
export const VerifyBFDPeersHealth = defineVerify({
  summary: 'Verifies that all BFD peers of all VRFs are up, and that none was down lately.',
  docs:
    'Passes when every session is up, has a remote discriminator, and with `down_threshold` was last down that many hours ' +
    'or more by the clock of the switch. Fails otherwise, and where there is no BFD peer. Seamless BFD is not read.',
  example: { down_threshold: 2 },
  input: () => ({
    down_threshold: integer(1).nullish().describe('Hours in which no session may have been down.'),
  }),
  asks: [SHOW_BFD_PEERS, show('show clock', () => ({ utcTime: z.number() }))],
  judge: ([answer, { utcTime }], { down_threshold }) => {
    const peers = allPeers(answer)
    if (peers.length === 0) return ['No IPv4 or IPv6 BFD peers configured for any VRF']
    const sessions = peers.flatMap(sessionsOf)
    if (sessions.length === 0) return { status: 'error', reason: 'the answer has no session' }
    return sessions.flatMap(({ name, session }) => {
      const recent = typeof down_threshold === 'number' ? recentFaults(session, utcTime, down_threshold) : []
      return [...downFaults(session), ...recent].map((fault) => `${name} - ${fault}`)
    })
  },
})

function recentFaults(session: BfdSession, now: number, threshold: number) {
  // Null is a session that was never down.
  if (session.lastDown === null) return []
  const hours = (now - needed(session, 'lastDown')) / SECONDS_PER_HOUR
  if (hours >= threshold) return []
  return [`Session failure detected within the expected uptime threshold (${printedDecimals(hours, 0)} hours ago)`]
}

interface Peer {
  readonly vrf: string
  readonly peer_address: string
  readonly neighbor: BfdNeighbor
}

function allPeers(answer: BfdPeersAnswer): readonly Peer[] {
  return [...needed(answer, 'vrfs')].flatMap(([vrf, told]) =>
    [...needed(told, 'ipv4Neighbors'), ...needed(told, 'ipv6Neighbors')].map(([peer_address, neighbor]) => ({
      vrf,
      peer_address,
      neighbor,
    })),
  )
}

function sessionsOf({ vrf, peer_address, neighbor }: Peer) {
  return [...needed(neighbor, 'peerStats')].map(([over, session]) => ({
    name: bfdPeerName({ peer_address, vrf, interface: over }),
    session,
  }))
}

const timedPeer = () =>
  bfdPeer().extend({
    tx_interval: bfdInterval().describe('Transmit interval in milliseconds.'),
    rx_interval: bfdInterval().describe('Receive interval in milliseconds.'),
    multiplier: bfdMultiplier().describe('Multiplier of the session.'),
  })

/** BFD sessions run with the given timers. */
export const VerifyBFDPeersIntervals = defineVerify({
  summary: 'Verifies the timers that the sessions of the named BFD peers run with.',
  docs:
    'Passes when each session has the given intervals and multiplier, and the detection time where one is given, all as ' +
    'they operate and not as they are configured. Fails for each peer without a session, and each timer of another value.',
  example: {
    bfd_peers: [
      { peer_address: '192.0.2.8', tx_interval: 3600, rx_interval: 3600, multiplier: 3 },
      {
        peer_address: '198.51.100.2',
        vrf: 'PROD',
        interface: 'Ethernet3',
        tx_interval: 1200,
        rx_interval: 1200,
        multiplier: 3,
        detection_time: 3600,
      },
    ],
  },
  input: () => ({ bfd_peers: someOf(timedPeer(), 'The peers and their timers.') }),
  asks: SHOW_BFD_PEERS_DETAIL,
  judge: (answer, { bfd_peers }) => sessionFaults(bfd_peers, answer, timerFaults),
})

function timerFaults(session: BfdSession, peer: OutputOf<typeof timedPeer>) {
  const told = needed(session, 'peerStatsDetail')
  const detection = milliseconds(needed(told, 'detectTime'))
  return [
    ...mismatch('Incorrect Transmit interval', peer.tx_interval, milliseconds(needed(told, 'operTxInterval'))),
    ...mismatch('Incorrect Receive interval', peer.rx_interval, milliseconds(needed(told, 'operRxInterval'))),
    ...mismatch('Incorrect Multiplier', peer.multiplier, told.detectMult, 'None'),
    ...(peer.detection_time ? mismatch('Incorrect Detection Time', peer.detection_time, detection) : []),
  ]
}

function milliseconds(microseconds: number) {
  return Math.floor(microseconds / 1000)
}

/** The given protocols use the BFD sessions. */
export const VerifyBFDPeersRegProtocols = defineVerify({
  summary: 'Verifies which protocols have registered with the sessions of the named BFD peers.',
  docs:
    'Passes when each session has at least the given protocols. Fails for each peer without a session, and for each whose ' +
    'session lacks any of them.',
  example: {
    bfd_peers: [
      { peer_address: '192.0.2.8', protocols: ['bgp'] },
      { peer_address: '198.51.100.2', vrf: 'PROD', interface: 'Ethernet3', protocols: ['ospf', 'pim'] },
    ],
  },
  input: () => ({
    bfd_peers: someOf(
      bfdPeer().extend({
        protocols: someOf(bfdProtocol(), 'Protocols that must use the session.'),
      }),
      'The peers and their protocols.',
    ),
  }),
  asks: SHOW_BFD_PEERS_DETAIL,
  judge: (answer, { bfd_peers }) =>
    sessionFaults(bfd_peers, answer, ({ peerStatsDetail }, { protocols }) => {
      const registered: readonly string[] = peerStatsDetail?.apps ?? []
      const missing = [...new Set(protocols)].filter((protocol) => !registered.includes(protocol)).sort()
      if (missing.length === 0) return []
      return [`${missing.join(', ')} protocol${missing.length === 1 ? '' : 's'} not registered`]
    }),
})

/** The named BFD peers are up. */
export const VerifyBFDSpecificPeers = defineVerify({
  summary: 'Verifies that the named BFD peers are up.',
  docs:
    'Passes when each session is up and has a remote discriminator. Fails for each peer that has no session, or one ' +
    'that is not so. Seamless BFD is not read.',
  example: {
    bfd_peers: [
      { peer_address: '192.0.2.8' },
      { peer_address: '192.0.2.7', vrf: 'DEV' },
      { peer_address: '198.51.100.2', vrf: 'PROD', interface: 'Ethernet3' },
      { peer_address: '2001:db8::1' },
    ],
  },
  input: () => ({ bfd_peers: someOf(bfdPeer(), 'The peers.') }),
  asks: SHOW_BFD_PEERS,
  judge: (answer, { bfd_peers }) => sessionFaults(bfd_peers, answer, downFaults),
})
