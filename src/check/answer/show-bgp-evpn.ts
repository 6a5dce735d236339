import { z } from 'zod'
import { once } from '../once.ts'
import { byName } from './by-name.ts'

const path = once(() =>
  z.object({
    nextHop: z.string().optional(),
    routeType: z.object({ active: z.boolean().optional(), valid: z.boolean().optional() }).default({}),
    routeDetail: z.object({ extCommunities: z.array(z.string()).default([]) }).optional(),
  }),
)

const route = once(() =>
  z.object({
    routeKeyDetail: z.object({ rd: z.string().optional(), domain: z.string().optional() }).default({}),
    evpnRoutePaths: z.array(path()).default([]),
  }),
)

/** What `show bgp evpn route-type …`, revision 2, tells: the routes by their key, each with its paths. */
export const bgpEvpnAnswer = once(() => z.object({ evpnRoutes: byName(route()) }))

/** One EVPN route. */
export type EvpnRoute = z.output<ReturnType<typeof route>>

/** One path of an EVPN route. */
export type EvpnPath = z.output<ReturnType<typeof path>>

/** Whether the path is used to forward: it is valid, and active. */
export function isInUse({ routeType }: EvpnPath): boolean {
  return routeType.active === true && routeType.valid === true
}
