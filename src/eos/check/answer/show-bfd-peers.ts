import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show bfd peers`, revision 1: the sessions of all VRFs. */
export const SHOW_BFD_PEERS: Command = { cmd: 'show bfd peers', revision: 1 }

/** `show bfd peers detail`, revision 1: the same sessions with their timers and the protocols that use them. */
export const SHOW_BFD_PEERS_DETAIL: Command = { cmd: 'show bfd peers detail', revision: 1 }

/** One session. Intervals and detection time are microseconds, `lastDown` seconds since 1970 (null: it never was). */
const session = once(() =>
  z.object({
    status: z.string().optional(),
    remoteDisc: z.number().optional(),
    lastDown: z.number().nullish(),
    peerStatsDetail: z
      .object({
        operTxInterval: z.number().optional(),
        operRxInterval: z.number().optional(),
        detectMult: z.number().optional(),
        detectTime: z.number().optional(),
        apps: z.array(z.string()).optional(),
      })
      .optional(),
  }),
)

/** The sessions with one neighbour, by interface; those over several hops have the empty name. */
const neighbor = once(() => z.object({ peerStats: byName(session()).optional() }))

/** What `show bfd peers [detail]` tells, by VRF and address of the neighbour. */
export const bfdPeersAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({
        ipv4Neighbors: byName(neighbor()).optional(),
        ipv6Neighbors: byName(neighbor()).optional(),
      }),
    ).optional(),
  }),
)

/** {@link bfdPeersAnswer} as it is read. */
export type BfdPeersAnswer = z.output<ReturnType<typeof bfdPeersAnswer>>

/** What the switch shows of one neighbour. */
export type BfdNeighbor = z.output<ReturnType<typeof neighbor>>

/** One session as it is read. */
export type BfdSession = z.output<ReturnType<typeof session>>
