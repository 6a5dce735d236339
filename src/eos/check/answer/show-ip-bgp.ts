import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { needed } from './told.ts'

/** `show ip bgp vrf all`, revision 3: the BGP table of each VRF. */
export const SHOW_IP_BGP: Command = { cmd: 'show ip bgp vrf all', revision: 3 }

const path = once(() =>
  z.object({
    nextHop: z.string().optional(),
    routeType: z
      .object({
        origin: z.string().optional(),
        valid: z.boolean().optional(),
        active: z.boolean().optional(),
        ecmp: z.boolean().optional(),
        ecmpHead: z.boolean().optional(),
        ecmpContributor: z.boolean().optional(),
      })
      .optional(),
  }),
)

/**
 * The routes of each VRF by prefix, each with its paths, best first. `show bgp neighbors … routes` and
 * `… advertised-routes`, revision 2, answer in the same shape.
 */
export const bgpRoutesAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({ bgpRouteEntries: byName(z.looseObject({ bgpRoutePaths: z.array(path()).optional() })).optional() }),
    ).optional(),
  }),
)

/** The routes of each VRF, as the switch tells them. */
export type BgpRoutes = z.output<ReturnType<typeof bgpRoutesAnswer>>

/** One path of a route. */
export type BgpPath = z.output<ReturnType<typeof path>>

/** The paths of a route; undefined where there is no such VRF or route, or it shows nothing. */
export function bgpPathsOf({ vrfs }: BgpRoutes, vrf: string, prefix: string): readonly BgpPath[] | undefined {
  const route = vrfs?.get(vrf)?.bgpRouteEntries?.get(prefix)
  return route === undefined || Object.keys(route).length === 0 ? undefined : needed(route, 'bgpRoutePaths')
}
