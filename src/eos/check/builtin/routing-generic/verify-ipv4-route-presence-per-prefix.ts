import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { IP_ROUTE_REVISION, ipRouteAnswer } from '../../answer/show-ip-route.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { ipv4RouteEntry, routeIn, routeName } from './ipv4-route-entry.ts'

/** The given routes are there, asked one by one. */
export const verifyIpv4RoutePresencePerPrefix = defineVerifyEach({
  name: 'VerifyIPv4RoutePresencePerPrefix',
  summary: 'Verifies that IPv4 routes are in the routing table, asking for each of them.',
  docs:
    'Passes when each prefix is in the routing table of its VRF with exactly its length. Fails for each that is not found. ' +
    'Asks one command per prefix, which is right where tables are large; VerifyIPv4RoutePresencePerVRF reads whole tables.',
  example: {
    route_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default' },
      { prefix: '198.51.100.12/31', vrf: 'MGMT' },
    ],
  },
  input: () => z.strictObject({ route_entries: z.array(ipv4RouteEntry()).min(1).describe('The routes.') }),
  commands: ({ route_entries }) =>
    route_entries.map(({ prefix, vrf }) => ({
      cmd: `show ip route vrf ${vrf} ${prefix}`,
      revision: IP_ROUTE_REVISION,
    })),
  answer: ipRouteAnswer,
  judge: ({ route_entries }, answers) =>
    passUnless(
      route_entries.flatMap((entry, index) =>
        routeIn(answers[index], entry) === undefined ? [`${routeName(entry)} - Route not found`] : [],
      ),
    ),
})
