import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { told } from './told.ts'

const path = once(() =>
  told({
    nextHop: z.string(),
    routeType: told({ active: z.boolean(), valid: z.boolean() }),
    routeDetail: told({ extCommunities: z.array(z.string()) }),
  }),
)

const route = once(() =>
  told({
    routeKeyDetail: z.object({ rd: z.string().optional(), domain: z.string().optional() }),
    evpnRoutePaths: z.array(path()),
  }),
)

/** What `show bgp evpn route-type …`, revision 2, tells: the routes by their key, each with its paths. */
export const bgpEvpnAnswer = once(() => z.object({ evpnRoutes: byName(route()).optional() }))

/** One EVPN route. */
export type EvpnRoute = z.output<ReturnType<typeof route>>

/** One path of an EVPN route. */
export type EvpnPath = z.output<ReturnType<typeof path>>

/** Whether the path is used to forward: it is valid, and active. */
export function isInUse({ routeType }: EvpnPath): boolean {
  return routeType.active && routeType.valid
}
