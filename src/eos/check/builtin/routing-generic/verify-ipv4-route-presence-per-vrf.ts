import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { IP_ROUTE_REVISION, ipRouteAnswer } from '../../answer/show-ip-route.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { ipv4RouteEntry, routeIn, routeName } from './ipv4-route-entry.ts'

/** The given routes are there, read from the whole tables of their VRFs. */
export const verifyIpv4RoutePresencePerVrf = defineVerifyEach({
  name: 'VerifyIPv4RoutePresencePerVRF',
  summary: 'Verifies that IPv4 routes are in the routing table, reading the table of each VRF once.',
  docs:
    'Passes when each prefix is in the routing table of its VRF with exactly its length. Fails for each that is not found. ' +
    'Asks one command per VRF, which is right for many prefixes; VerifyIPv4RoutePresencePerPrefix spares large tables.',
  example: {
    route_entries: [
      { prefix: '192.0.2.1/32', vrf: 'default' },
      { prefix: '198.51.100.12/31', vrf: 'MGMT' },
    ],
  },
  input: () => z.strictObject({ route_entries: z.array(ipv4RouteEntry()).min(1).describe('The routes.') }),
  commands: ({ route_entries }) =>
    vrfsOf(route_entries).map((vrf) => ({ cmd: `show ip route vrf ${vrf}`, revision: IP_ROUTE_REVISION })),
  answer: ipRouteAnswer,
  judge: ({ route_entries }, answers) =>
    passUnless(
      route_entries.flatMap((entry) =>
        routeIn(answers[vrfsOf(route_entries).indexOf(entry.vrf)], entry) !== undefined
          ? []
          : [`${routeName(entry)} - Route not found`],
      ),
    ),
})

function vrfsOf(entries: readonly { readonly vrf: string }[]): readonly string[] {
  return [...new Set(entries.map(({ vrf }) => vrf))]
}
