import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { type BfdPeersAnswer, type BfdSession, bfdPeersAnswer, SHOW_BFD_PEERS } from '../../answer/show-bfd-peers.ts'
import { defineVerify } from '../../define-verify.ts'
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
    const sessions = allSessions(answer)
    if (sessions.length === 0) return passUnless(['No BFD peers are configured for any VRF'])
    return passUnless(
      sessions.flatMap(({ name, session }) => {
        const recent = typeof down_threshold === 'number' ? recentFaults(session, utcTime, down_threshold) : []
        return [...downFaults(session), ...recent].map((fault) => `${name} - ${fault}`)
      }),
    )
  },
})

function recentFaults({ lastDown }: BfdSession, now: number, threshold: number): readonly string[] {
  if (lastDown === null) return []
  if (lastDown === undefined) return ['Time of the last failure not found']
  const hours = (now - lastDown) / SECONDS_PER_HOUR
  if (hours >= threshold) return []
  return [`Session failure detected within the expected uptime threshold (${Math.round(hours)} hours ago)`]
}

function allSessions({ vrfs }: BfdPeersAnswer): readonly { readonly name: string; readonly session: BfdSession }[] {
  return [...vrfs].flatMap(([vrf, { ipv4Neighbors = [], ipv6Neighbors = [] }]) =>
    [...ipv4Neighbors, ...ipv6Neighbors].flatMap(([peer_address, { peerStats = [] }]) =>
      [...peerStats].map(([over, session]) => ({ name: bfdPeerName({ peer_address, vrf, interface: over }), session })),
    ),
  )
}
