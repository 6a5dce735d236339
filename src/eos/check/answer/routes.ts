import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName, type OutputOf, partly, printed, show } from './show.ts'

const route = () =>
  z
    .looseObject({
      routeType: z.string(),
      vias: z.array(
        partly({
          nexthopAddr: z.string(),
          vtepAddr: z.string(),
          interface: z.string(),
        }),
      ),
    })
    .partial()

/** What `show ip route` tells, by VRF and prefix. */
export const ipRouteAnswer = once(() => partly({ vrfs: byName(partly({ routes: byName(route()) })) }))

/** Every `show ip route` that lists routes has them in revision 4 (docs/eos.md 6.1). */
export const showIpRoute = (of: string) => show(`show ip route ${of}`, ipRouteAnswer, 4)

export const SHOW_IP_ROUTE_VRF_ALL = showIpRoute('vrf all')

export type IpRouteAnswer = OutputOf<typeof ipRouteAnswer>

export type IpRoute = OutputOf<typeof route>

/** What `show adaptive-virtual-topology path` tells: VRFs, their AVT profiles, and the paths of each by name (`direct:9`). */
export const avtPathsAnswer = () =>
  partly({
    vrfs: byName(partly({ avts: byName(partly({ avtPaths: byName(avtPath()) })) })),
  })

export type AvtPath = OutputOf<typeof avtPath>

const avtPath = () =>
  partly({
    flags: partly({
      directPath: z.boolean(),
      valid: z.boolean(),
      active: z.boolean(),
    }),
    nexthopAddr: z.string(),
    destination: z.string(),
  })

const GOOD_STATES: readonly string[] = ['ipsecEstablished', 'routeResolved']

const dpsPath = () =>
  z
    .looseObject({
      state: z.string(),
      source: z.string(),
      destination: z.string(),
      dpsSessions: byName(partly({ active: z.boolean() })),
    })
    .partial()

export type DpsPath = OutputOf<typeof dpsPath>

/** What `show path-selection paths` tells: the peers by address, their path groups by name, and the paths of each. */
export const SHOW_PATH_SELECTION_PATHS = show('show path-selection paths', () =>
  partly({
    dpsPeers: byName(z.looseObject({ dpsGroups: byName(partly({ dpsPaths: byName(dpsPath()) })).optional() })),
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
const session = () =>
  z.object({
    status: z.string().optional(),
    remoteDisc: z.number().optional(),
    lastDown: z.number().nullish(),
    peerStatsDetail: partly({
      operTxInterval: z.number(),
      operRxInterval: z.number(),
      detectMult: z.number(),
      detectTime: z.number(),
      apps: z.array(z.string()),
    }).optional(),
  })

// The sessions with one neighbour, by interface; those over several hops have the empty name.
const neighbor = () => partly({ peerStats: byName(session()) })

/** What `show bfd peers [detail]` tells, by VRF and address of the neighbour. */
export const bfdPeersAnswer = () =>
  partly({
    vrfs: byName(
      partly({
        ipv4Neighbors: byName(neighbor()),
        ipv6Neighbors: byName(neighbor()),
      }),
    ),
  })

/** `show bfd peers detail`, revision 1: the same sessions with their timers and the protocols that use them. */
export const SHOW_BFD_PEERS_DETAIL = show('show bfd peers detail', bfdPeersAnswer)

/** `show bfd peers`, revision 1: the sessions of all VRFs. */
export const SHOW_BFD_PEERS = show('show bfd peers', bfdPeersAnswer)

export type BfdPeersAnswer = OutputOf<typeof bfdPeersAnswer>

export type BfdNeighbor = OutputOf<typeof neighbor>

export type BfdSession = OutputOf<typeof session>
