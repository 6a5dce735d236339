import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import type { IpRoute, IpRouteAnswer } from '../../answer/show-ip-route.ts'
import { remarked } from '../../finding/remarked.ts'
import { ipv4, ipv4Prefix } from '../../input/addresses.ts'
import { vrf } from '../../input/words.ts'
import { ipv4RouteType } from './ipv4-route-type.ts'

/** One route as a catalog names it. Which of the fields that may be absent is demanded depends on the check. */
export const ipv4RouteEntry = once(() =>
  z.strictObject({
    prefix: ipv4Prefix().describe('The prefix, such as 10.0.0.0/24.'),
    vrf: vrf().describe('VRF of the route.'),
    description: z.string().nullish().describe('What reports call the route besides its prefix.'),
    route_type: ipv4RouteType().nullish().describe('The type, as the legend of `show ip route` calls it.'),
    nexthops: z.array(ipv4()).nullish().describe('Addresses of next hops.'),
    strict: z.boolean().default(false).describe('Whether there may be no other next hop.'),
  }),
)

/** What makes a route one of its kind. */
interface NamedRoute {
  readonly prefix: string
  readonly vrf: string
  readonly description?: string | null | undefined
}

/** A route in a message: `Prefix: 10.0.0.0/24 (uplinks) VRF: default`. */
export function routeName({ prefix, vrf: name, description }: NamedRoute): string {
  return `Prefix: ${remarked(prefix, description)} VRF: ${name}`
}

/** The route as a switch has it. */
export function routeIn(answer: IpRouteAnswer | undefined, { prefix, vrf: name }: NamedRoute): IpRoute | undefined {
  return answer?.vrfs?.get(name)?.routes?.get(prefix)
}
