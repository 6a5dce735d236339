import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import { ipv4, ipv4Prefix } from '../../input/addresses.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

/** A BGP route of a catalog; a check says by `.required` what it cannot do without. */
export const bgpRoute = once(() =>
  z.strictObject({
    prefix: ipv4Prefix().describe('IPv4 prefix of the route'),
    vrf: vrf().describe('VRF of the route'),
    paths: nullAsAbsent(
      z
        .array(
          z.strictObject({
            nexthop: ipv4().describe('next hop of the path'),
            origin: z.enum(['Igp', 'Egp', 'Incomplete']).describe('origin of the path'),
          }),
        )
        .min(1),
    ).describe('paths that the route must have'),
    ecmp_count: nullAsAbsent(integer()).describe('number of paths that share the traffic'),
  }),
)

/** The route in results: `Prefix: 10.0.0.0/24 VRF: default`. */
export function routeName(route: { readonly prefix: string; readonly vrf: string }): string {
  return `Prefix: ${route.prefix} VRF: ${route.vrf}`
}
