import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { type BgpPath, bgpPathsOf, bgpRoutesAnswer, SHOW_IP_BGP } from '../../answer/show-ip-bgp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { bgpRoute, routeName } from './bgp-route.ts'

/** Each route has its paths, of the expected origin. */
export const verifyBgpRoutePaths = defineVerify({
  name: 'VerifyBGPRoutePaths',
  summary: 'Verifies the paths of BGP IPv4 routes.',
  docs: 'Passes when each route is in the BGP table, and has a path with each given next hop and origin.',
  example: {
    route_entries: [
      {
        prefix: '10.100.0.128/31',
        vrf: 'default',
        paths: [
          { nexthop: '10.100.0.10', origin: 'Igp' },
          { nexthop: '10.100.4.5', origin: 'Incomplete' },
        ],
      },
    ],
  },
  input: () =>
    z.strictObject({
      route_entries: z
        .array(bgpRoute().required({ paths: true }))
        .min(1)
        .describe('routes and their paths'),
    }),
  commands: () => [SHOW_IP_BGP],
  answers: () => [bgpRoutesAnswer()],
  judge: ({ route_entries }, [table]) =>
    passUnless(
      route_entries.flatMap((route) => {
        const paths = bgpPathsOf(table, route.vrf, route.prefix)
        if (paths === undefined) return [`${routeName(route)} - Prefix not found`]
        return route.paths.flatMap(({ nexthop, origin }) =>
          originFaults(paths, nexthop, origin).map(
            (fault) => `${routeName(route)} Next-hop: ${nexthop} Origin: ${origin} - ${fault}`,
          ),
        )
      }),
    ),
})

function originFaults(paths: readonly BgpPath[], nexthop: string, expected: string): readonly string[] {
  const path = paths.find(({ nextHop }) => nextHop === nexthop)
  if (path === undefined) return ['Path not found']
  const origin = path.routeType?.origin
  return origin === expected ? [] : [`Origin mismatch - Actual: ${printed(origin)}`]
}
