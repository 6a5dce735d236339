import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { type IpRoute, ipRouteAnswer, SHOW_IP_ROUTE_VRF_ALL } from '../../answer/show-ip-route.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipv4 } from '../../input/addresses.ts'
import { ipv4RouteEntry, routeIn, routeName } from './ipv4-route-entry.ts'

/** The given routes lead to the given next hops. */
export const verifyIpv4RouteNextHops = defineVerify({
  name: 'VerifyIPv4RouteNextHops',
  summary: 'Verifies the next hops of IPv4 routes.',
  docs:
    'Passes when each route is there and has a path to each given next hop, and with `strict` no path elsewhere. Fails for ' +
    'each route that is not found, each next hop that no path leads to, and with `strict` each route whose next hops ' +
    'differ. A path over VXLAN leads to its VTEP, one without next hop to its interface.',
  example: {
    route_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default', strict: false, nexthops: ['198.51.100.8', '198.51.100.10'] },
    ],
  },
  input: () =>
    z.strictObject({
      route_entries: z
        .array(ipv4RouteEntry().extend({ nexthops: z.array(ipv4()).min(1).describe('Addresses of next hops.') }))
        .min(1)
        .describe('The routes and their next hops.'),
    }),
  commands: () => [SHOW_IP_ROUTE_VRF_ALL],
  answers: () => [ipRouteAnswer()],
  judge: ({ route_entries }, [answer]) =>
    passUnless(
      route_entries.flatMap((entry) => {
        const name = routeName(entry)
        const route = routeIn(answer, entry)
        if (route === undefined) return [`${name} - prefix not found`]
        const actual = nextHopsOf(route, entry.strict)
        const [expected, found] = [listed(entry.nexthops), listed(actual)]
        if (entry.strict && expected !== found) {
          return [`${name} - List of next-hops not matching - Expected: ${expected} Actual: ${found}`]
        }
        return entry.nexthops
          .filter((nextHop) => !actual.includes(nextHop))
          .map((nextHop) => `${name} Nexthop: ${nextHop} - Route not found`)
      }),
    ),
})

/** A path without the address of a next hop, such as one to a tunnel, is none that the catalogue knows, nor can compare with others. */
function nextHopsOf(route: IpRoute, isWhole: boolean): readonly string[] {
  const vias = needed(route, 'vias')
  if (!isWhole && vias.length === 1 && vias[0]?.nexthopAddr === undefined) return []
  return vias.map((via) => (via.nexthopAddr === '' ? 'Directly connected' : needed(via, 'nexthopAddr')))
}

function listed(nextHops: readonly string[]): string {
  return nextHops.toSorted().join(', ')
}
