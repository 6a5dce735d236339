import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { bgpEvpnAnswer, type EvpnPath, type EvpnRoute, isInUse } from '../../answer/show-bgp-evpn.ts'
import { defineVerifyEach } from '../../define-verify.ts'
import { type ExpectedEvpnPath, type ExpectedEvpnPrefix, type ExpectedEvpnRoute, evpnPrefix } from './evpn-prefix.ts'
import { routeTargetsOf, sameRouteTarget } from './route-target.ts'

/** Each prefix has an EVPN Type-5 route in use, and the routes and paths that are asked of it. */
export const verifyEvpnType5Routes = defineVerifyEach({
  name: 'VerifyEVPNType5Routes',
  summary: 'Verifies the EVPN Type-5 routes of IP prefixes in a VNI.',
  docs: 'Passes when each prefix has an active and valid path: any where only the prefix is given, one in each given route (route distinguisher and domain), and one with each given next hop that has all given route targets.',
  example: {
    prefixes: [
      { address: '192.168.10.0/24', vni: 10 },
      {
        address: '192.168.40.0/24',
        vni: 40,
        routes: [
          { rd: '10.0.0.1:40', domain: 'local', paths: [{ nexthop: '10.1.1.1', route_targets: ['40:40'] }] },
          { rd: '10.0.0.2:40', domain: 'remote' },
        ],
      },
    ],
  },
  input: () => z.strictObject({ prefixes: z.array(evpnPrefix()).min(1).describe('Prefixes to judge.') }),
  commands: ({ prefixes }) =>
    prefixes.map(({ address, vni }) => ({
      cmd: `show bgp evpn route-type ip-prefix ${address} vni ${vni}`,
      revision: 2,
    })),
  answer: () => bgpEvpnAnswer(),
  judge: ({ prefixes }, answers) =>
    passUnless(
      prefixes.flatMap((prefix, index) =>
        prefixFaults(prefix, [...(answers[index]?.evpnRoutes.values() ?? [])]).map(
          (fault) => `Prefix: ${prefix.address} VNI: ${prefix.vni} ${fault}`,
        ),
      ),
    ),
})

function prefixFaults(prefix: ExpectedEvpnPrefix, routes: readonly EvpnRoute[]): readonly string[] {
  const wanted = prefix.routes ?? []
  if (routes.length === 0) return ['- No EVPN Type-5 routes found']
  if (wanted.length > 0) return wanted.flatMap((route) => routeFaults(route, routes))
  const used = routes.some(({ evpnRoutePaths }) => evpnRoutePaths.some(isInUse))
  return used ? [] : ['- No active and valid path found across all RDs']
}

function routeFaults({ rd, domain, paths: named }: ExpectedEvpnRoute, routes: readonly EvpnRoute[]) {
  const wanted = named ?? []
  const name = `RD: ${rd}${domain === 'local' ? '' : ` Domain: ${domain}`}`
  const found = routes.filter(({ routeKeyDetail: key }) => key.rd === rd && key.domain === domain)
  if (found.length === 0) return [`${name} - Route not found`]
  const paths = found.flatMap(({ evpnRoutePaths }) => evpnRoutePaths)
  if (wanted.length > 0) return wanted.flatMap((path) => pathFaults(path, paths).map((fault) => `${name} ${fault}`))
  return paths.some(isInUse) ? [] : [`${name} - No active and valid path found`]
}

function pathFaults({ nexthop, route_targets }: ExpectedEvpnPath, paths: readonly EvpnPath[]) {
  const wanted = route_targets ?? []
  const name = `Nexthop: ${nexthop}${wanted.length === 0 ? '' : ` RTs: ${wanted.join(', ')}`}`
  const matching = paths.filter(({ nextHop, routeDetail }) => {
    const targets = routeTargetsOf(routeDetail?.extCommunities ?? [])
    return nextHop === nexthop && wanted.every((one) => targets.some((target) => sameRouteTarget(one, target)))
  })
  if (matching.length === 0) return [`${name} - Path not found`]
  return matching.some(isInUse) ? [] : [`${name} - No active and valid path found`]
}
