import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { printed } from './printed.ts'
import { show } from './show.ts'

const route = once(() =>
  z.looseObject({
    routeType: z.string().optional(),
    vias: z
      .array(
        z.object({
          nexthopAddr: z.string().optional(),
          vtepAddr: z.string().optional(),
          interface: z.string().optional(),
        }),
      )
      .optional(),
  }),
)

/** What `show ip route` tells, by VRF and prefix. */
export const ipRouteAnswer = once(() =>
  z.object({ vrfs: byName(z.object({ routes: byName(route()).optional() })).optional() }),
)

/** Every `show ip route` that lists routes has them in revision 4 (docs/eos.md 6.1). */
export const showIpRoute = (of: string) => show(`show ip route ${of}`, ipRouteAnswer, 4)

export const SHOW_IP_ROUTE_VRF_ALL = showIpRoute('vrf all')

export type IpRouteAnswer = z.output<ReturnType<typeof ipRouteAnswer>>

export type IpRoute = z.output<ReturnType<typeof route>>

/** What `show adaptive-virtual-topology path` tells: VRFs, their AVT profiles, and the paths of each by name (`direct:9`). */
export const avtPathsAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({ avts: byName(z.object({ avtPaths: byName(avtPath()).optional() })).optional() }),
    ).optional(),
  }),
)

export type AvtPath = z.output<ReturnType<typeof avtPath>>

const avtPath = once(() =>
  z.object({
    flags: z
      .object({
        directPath: z.boolean().optional(),
        valid: z.boolean().optional(),
        active: z.boolean().optional(),
      })
      .optional(),
    nexthopAddr: z.string().optional(),
    destination: z.string().optional(),
  }),
)

const GOOD_STATES: readonly string[] = ['ipsecEstablished', 'routeResolved']

const dpsPath = once(() =>
  z.looseObject({
    state: z.string().optional(),
    source: z.string().optional(),
    destination: z.string().optional(),
    dpsSessions: byName(z.object({ active: z.boolean().optional() })).optional(),
  }),
)

export type DpsPath = z.output<ReturnType<typeof dpsPath>>

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
        operTxInterval: z.number().optional(),
        operRxInterval: z.number().optional(),
        detectMult: z.number().optional(),
        detectTime: z.number().optional(),
        apps: z.array(z.string()).optional(),
      })
      .optional(),
  }),
)

// The sessions with one neighbour, by interface; those over several hops have the empty name.
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

/** `show bfd peers detail`, revision 1: the same sessions with their timers and the protocols that use them. */
export const SHOW_BFD_PEERS_DETAIL = show('show bfd peers detail', bfdPeersAnswer)

/** `show bfd peers`, revision 1: the sessions of all VRFs. */
export const SHOW_BFD_PEERS = show('show bfd peers', bfdPeersAnswer)

export type BfdPeersAnswer = z.output<ReturnType<typeof bfdPeersAnswer>>

export type BfdNeighbor = z.output<ReturnType<typeof neighbor>>

export type BfdSession = z.output<ReturnType<typeof session>>
