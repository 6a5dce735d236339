import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { type BgpPath, bgpPathsOf, bgpRoutesAnswer, SHOW_IP_BGP } from '../../answer/show-ip-bgp.ts'
import { IP_ROUTE_REVISION, type IpRoute, ipRouteAnswer } from '../../answer/show-ip-route.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { bgpRoute, routeName } from './bgp-route.ts'

/** Each route shares its traffic between as many paths as expected, and forwards over as many. */
export const verifyBgpRouteEcmp = defineVerify({
  name: 'VerifyBGPRouteECMP',
  summary: 'Verifies the ECMP paths of BGP IPv4 routes.',
  docs: 'Passes when each route is in the BGP table, its first path is the valid and active ECMP head, as many valid paths contribute as expected, and the routing table has as many next hops.',
  example: { route_entries: [{ prefix: '10.100.0.128/31', vrf: 'default', ecmp_count: 2 }] },
  input: () =>
    z.strictObject({
      route_entries: z
        .array(bgpRoute().required({ ecmp_count: true }))
        .min(1)
        .describe('routes and their number of paths'),
    }),
  commands: () => [SHOW_IP_BGP, { cmd: 'show ip route vrf all bgp', revision: IP_ROUTE_REVISION }],
  answers: () => [bgpRoutesAnswer(), ipRouteAnswer()],
  judge: ({ route_entries }, [table, { vrfs }]) =>
    passUnless(
      route_entries.flatMap((route) => {
        const paths = bgpPathsOf(table, route.vrf, route.prefix)
        const installed = vrfs?.get(route.vrf)?.routes?.get(route.prefix)
        return ecmpFaults(paths, installed, route.ecmp_count).map((fault) => `${routeName(route)} - ${fault}`)
      }),
    ),
})

function ecmpFaults(
  paths: readonly BgpPath[] | undefined,
  installed: IpRoute | undefined,
  expected: number,
): readonly string[] {
  if (paths === undefined) return ['Prefix not found in BGP table']
  const [head, ...others] = paths
  if (head === undefined || !hasAll(head, ['valid', 'active', 'ecmpHead'])) {
    return ['Valid and active ECMP head not found']
  }
  const contributors = others.filter((path) => hasAll(path, ['valid', 'ecmp', 'ecmpContributor']))
  const nextHops = new Set([head, ...contributors].map((path) => needed(path, 'nextHop')))
  if (nextHops.size !== expected) return mismatch('ECMP count mismatch', expected, nextHops.size)
  if (installed === undefined || Object.keys(installed).length === 0) return ['Prefix not found in routing table']
  const { length } = needed(installed, 'vias')
  return length === nextHops.size ? [] : [`Nexthops count mismatch - BGP: ${nextHops.size} RIB: ${length}`]
}

type Flag = 'valid' | 'active' | 'ecmp' | 'ecmpHead' | 'ecmpContributor'

function hasAll(path: BgpPath, flags: readonly Flag[]): boolean {
  const type = needed(path, 'routeType')
  return flags.every((flag) => needed(type, flag))
}
