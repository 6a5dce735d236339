import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { printed } from '../finding/mismatch.ts'
import { byName, type OutputOf, show } from './show.ts'

const route = once(() =>
  z
    .looseObject({
      routeType: z.string(),
      vias: z.array(
        z
          .object({
            nexthopAddr: z.string(),
            vtepAddr: z.string(),
            interface: z.string(),
          })
          .partial(),
      ),
    })
    .partial(),
)

/** What `show ip route` tells, by VRF and prefix. */
export const ipRouteAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ routes: byName(route()).optional() })).optional() }),
)

/** Every `show ip route` that lists routes has them in revision 4 (docs/eos.md 6.1). */
export const showIpRoute = (of: string) => show(`show ip route ${of}`, ipRouteAnswer, 4)

export const SHOW_IP_ROUTE_VRF_ALL = showIpRoute('vrf all')

export type IpRouteAnswer = OutputOf<typeof ipRouteAnswer>

export type IpRoute = OutputOf<typeof route>

/** What `show adaptive-virtual-topology path` tells: VRFs, their AVT profiles, and the paths of each by name (`direct:9`). */
export const avtPathsAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({ avts: byName(z.object({ avtPaths: byName(avtPath()).optional() })).optional() }),
    ).optional(),
  }),
)

export type AvtPath = OutputOf<typeof avtPath>

const avtPath = once(() =>
  z
    .object({
      flags: z
        .object({
          directPath: z.boolean(),
          valid: z.boolean(),
          active: z.boolean(),
        })
        .partial(),
      nexthopAddr: z.string(),
      destination: z.string(),
    })
    .partial(),
)

const GOOD_STATES: readonly string[] = ['ipsecEstablished', 'routeResolved']

const dpsPath = once(() =>
  z
    .looseObject({
      state: z.string(),
      source: z.string(),
      destination: z.string(),
      dpsSessions: byName(z.object({ active: z.boolean().optional() })),
    })
    .partial(),
)

export type DpsPath = OutputOf<typeof dpsPath>

/** What `show path-selection paths` tells: the peers by address, their path groups by name, and the paths of each. */
export const SHOW_PATH_SELECTION_PATHS = show('show path-selection paths', () =>
  z.object({
    dpsPeers: byName(
      z.looseObject({ dpsGroups: byName(z.object({ dpsPaths: byName(dpsPath()).optional() })).optional() }),
    ).optional(),
  }),
)

export function stateMismatch({ state }: DpsPath): string | undefined {
  const isGood = state !== undefined && GOOD_STATES.includes(state)
  return isGood ? undefined : `Expected: ${GOOD_STATES.join(', ')} Actual: ${printed(state)}`
}

/** Whether telemetry of a path runs in each of its sessions; undefined where the first does not tell it. */
export function telemetryOf({ dpsSessions }: DpsPath): boolean | undefined {
  if (dpsSessions?.get('0')?.active === undefined) return undefined
  return [...dpsSessions.values()].every(({ active }) => active !== false)
}

// Intervals and detection time are microseconds, `lastDown` seconds since 1970 (null: it never was).
const session = once(() =>
  z.object({
    status: z.string().optional(),
    remoteDisc: z.number().optional(),
    lastDown: z.number().nullish(),
    peerStatsDetail: z
      .object({
        operTxInterval: z.number(),
        operRxInterval: z.number(),
        detectMult: z.number(),
        detectTime: z.number(),
        apps: z.array(z.string()),
      })
      .partial()
      .optional(),
  }),
)

// The sessions with one neighbour, by interface; those over several hops have the empty name.
const neighbor = once(() => z.object({ peerStats: byName(session()).optional() }))

/** What `show bfd peers [detail]` tells, by VRF and address of the neighbour. */
export const bfdPeersAnswer = once(() =>
  z.object({
    vrfs: byName(
      z
        .object({
          ipv4Neighbors: byName(neighbor()),
          ipv6Neighbors: byName(neighbor()),
        })
        .partial(),
    ).optional(),
  }),
)

/** `show bfd peers detail`, revision 1: the same sessions with their timers and the protocols that use them. */
export const SHOW_BFD_PEERS_DETAIL = show('show bfd peers detail', bfdPeersAnswer)

/** `show bfd peers`, revision 1: the sessions of all VRFs. */
export const SHOW_BFD_PEERS = show('show bfd peers', bfdPeersAnswer)

export type BfdPeersAnswer = OutputOf<typeof bfdPeersAnswer>

export type BfdNeighbor = OutputOf<typeof neighbor>

export type BfdSession = OutputOf<typeof session>
