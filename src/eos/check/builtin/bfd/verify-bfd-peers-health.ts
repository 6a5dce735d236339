import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printedDecimals } from '../../answer/printed-number.ts'
import {
  type BfdNeighbor,
  type BfdPeersAnswer,
  type BfdSession,
  bfdPeersAnswer,
  SHOW_BFD_PEERS,
} from '../../answer/show-bfd-peers.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { integer } from '../../input/numbers.ts'
import { bfdPeerName, downFaults } from './bfd-peer.ts'

const SECONDS_PER_HOUR = 3600

/** All BFD peers are up, and have not been down lately. */
export const verifyBfdPeersHealth = defineVerify({
  name: 'VerifyBFDPeersHealth',
  summary: 'Verifies that all BFD peers of all VRFs are up, and that none was down lately.',
  docs:
    'Passes when every session is up, has a remote discriminator, and with `down_threshold` was last down that many hours ' +
    'or more by the clock of the switch. Fails otherwise, and where there is no BFD peer. Seamless BFD is not read.',
  example: { down_threshold: 2 },
  input: () =>
    z.strictObject({
      down_threshold: integer(1).nullish().describe('Hours in which no session may have been down.'),
    }),
  commands: () => [SHOW_BFD_PEERS, { cmd: 'show clock', revision: 1 }],
  answers: () => [bfdPeersAnswer(), z.object({ utcTime: z.number() })],
  judge: ({ down_threshold }, [answer, { utcTime }]) => {
    const peers = allPeers(answer)
    if (peers.length === 0) return passUnless(['No IPv4 or IPv6 BFD peers configured for any VRF'])
    const sessions = peers.flatMap(sessionsOf)
    if (sessions.length === 0) return { status: 'error', reason: 'the answer has no session' }
    return passUnless(
      sessions.flatMap(({ name, session }) => {
        const recent = typeof down_threshold === 'number' ? recentFaults(session, utcTime, down_threshold) : []
        return [...downFaults(session), ...recent].map((fault) => `${name} - ${fault}`)
      }),
    )
  },
})

function recentFaults(session: BfdSession, now: number, threshold: number): readonly string[] {
  // Null is a session that was never down.
  if (session.lastDown === null) return []
  const lastDown = needed(session, 'lastDown')
  const hours = (now - lastDown) / SECONDS_PER_HOUR
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
    [...needed(told, 'ipv4Neighbors'), ...needed(told, 'ipv6Neighbors')].map(([peer_address, neighbor]) => {
      return { vrf, peer_address, neighbor }
    }),
  )
}

function sessionsOf({ vrf, peer_address, neighbor }: Peer) {
  return [...needed(neighbor, 'peerStats')].map(([over, session]) => {
    return { name: bfdPeerName({ peer_address, vrf, interface: over }), session }
  })
}
