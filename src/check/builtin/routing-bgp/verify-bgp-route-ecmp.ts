import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { type BgpPath, bgpPathsOf, bgpRoutesAnswer, SHOW_IP_BGP } from '../../answer/show-ip-bgp.ts'
import { IP_ROUTE_REVISION, type IpRoute, ipRouteAnswer } from '../../answer/show-ip-route.ts'
import { defineVerify } from '../../define-verify.ts'
import { mismatch } from '../../mismatch.ts'
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
        const installed = vrfs.get(route.vrf)?.routes?.get(route.prefix)
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
  if (head === undefined || !isHead(head)) return ['Valid and active ECMP head not found']
  const nextHops = new Set([head, ...others.filter(isContributor)].map(({ nextHop }) => nextHop))
  if (nextHops.size !== expected) return mismatch('ECMP count mismatch', expected, nextHops.size)
  if (installed === undefined) return ['Prefix not found in routing table']
  const { vias = [] } = installed
  return vias.length === nextHops.size ? [] : [`Nexthops count mismatch - BGP: ${nextHops.size}, RIB: ${vias.length}`]
}

function isHead({ routeType: { valid, active, ecmpHead } }: BgpPath): boolean {
  return valid === true && active === true && ecmpHead === true
}

function isContributor({ routeType: { valid, ecmp, ecmpContributor } }: BgpPath): boolean {
  return valid === true && ecmp === true && ecmpContributor === true
}
