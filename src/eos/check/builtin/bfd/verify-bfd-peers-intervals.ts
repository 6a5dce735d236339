import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { type BfdSession, bfdPeersAnswer, SHOW_BFD_PEERS_DETAIL } from '../../answer/show-bfd-peers.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bfdInterval, bfdMultiplier, bfdPeer, sessionFaults } from './bfd-peer.ts'

const timedPeer = once(() =>
  bfdPeer().extend({
    tx_interval: bfdInterval().describe('Transmit interval in milliseconds.'),
    rx_interval: bfdInterval().describe('Receive interval in milliseconds.'),
    multiplier: bfdMultiplier().describe('Multiplier of the session.'),
  }),
)

/** BFD sessions run with the given timers. */
export const verifyBfdPeersIntervals = defineVerify({
  name: 'VerifyBFDPeersIntervals',
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
  input: () => z.strictObject({ bfd_peers: z.array(timedPeer()).min(1).describe('The peers and their timers.') }),
  commands: () => [SHOW_BFD_PEERS_DETAIL],
  answers: () => [bfdPeersAnswer()],
  judge: ({ bfd_peers }, [answer]) => passUnless(sessionFaults(bfd_peers, answer, timerFaults)),
})

function timerFaults(session: BfdSession, peer: z.output<ReturnType<typeof timedPeer>>) {
  const told = needed(session, 'peerStatsDetail')
  const detection = milliseconds(needed(told, 'detectTime'))
  return [
    ...mismatch('Incorrect Transmit interval', peer.tx_interval, milliseconds(needed(told, 'operTxInterval'))),
    ...mismatch('Incorrect Receive interval', peer.rx_interval, milliseconds(needed(told, 'operRxInterval'))),
    ...mismatch('Incorrect Multiplier', peer.multiplier, told.detectMult, 'None'),
    ...(peer.detection_time ? mismatch('Incorrect Detection Time', peer.detection_time, detection) : []),
  ]
}

function milliseconds(microseconds: number): number {
  return Math.floor(microseconds / 1000)
}
