import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { ipRouteAnswer, SHOW_IP_ROUTE_VRF_ALL } from '../../answer/show-ip-route.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { ipv4RouteEntry, routeIn, routeName } from './ipv4-route-entry.ts'
import { ipv4RouteType } from './ipv4-route-type.ts'

/** The given routes are of the given types. */
export const verifyIpv4RouteType = defineVerify({
  name: 'VerifyIPv4RouteType',
  summary: 'Verifies the types of IPv4 routes.',
  docs:
    'Passes when each route is there and of its type: how it was learned, in the words of the legend of `show ip route`. ' +
    'Fails for each VRF that is not configured, each route that is not found, and each of another type.',
  example: {
    routes_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default', route_type: 'eBGP' },
      { prefix: '198.51.100.12/31', vrf: 'default', route_type: 'connected' },
    ],
  },
  input: () =>
    z.strictObject({
      routes_entries: z
        .array(
          ipv4RouteEntry().extend({
            route_type: ipv4RouteType().describe('The type, as the legend of `show ip route` calls it.'),
          }),
        )
        .min(1)
        .describe('The routes and their types.'),
    }),
  commands: () => [SHOW_IP_ROUTE_VRF_ALL],
  answers: () => [ipRouteAnswer()],
  judge: ({ routes_entries }, [answer]) =>
    passUnless(
      routes_entries.flatMap((entry) => {
        if (answer.vrfs?.get(entry.vrf)?.routes === undefined) return [`${routeName(entry)} - VRF not configured`]
        const route = routeIn(answer, entry)
        if (route === undefined) return [`${routeName(entry)} - Route not found`]
        return mismatch(`${routeName(entry)} - Incorrect route type`, entry.route_type, route.routeType, 'None')
      }),
    ),
})
