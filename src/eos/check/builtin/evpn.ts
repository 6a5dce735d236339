import { z } from 'zod'
import { bgpEvpnAnswer, type EvpnPath, type EvpnRoute, isInUse } from '../answer/bgp.ts'
import { type OutputOf, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { ipWithLength, someOf, vni } from '../input/words.ts'

const path = () =>
  z.strictObject({
    nexthop: z.string().describe('Next hop of the path; empty for one of the switch itself.'),
    route_targets: z
      .array(z.string())
      .nullish()
      .describe('Route targets that the path must have, such as `65001:10`, `1.100:10` or `10.0.0.1:10`.'),
  })

const route = () =>
  z.strictObject({
    rd: z.string().describe('Route distinguisher, such as `10.0.0.1:10`.'),
    domain: z.enum(['local', 'remote']).default('local').describe('EVPN domain; `remote` on gateways of several.'),
    paths: z.array(path()).nullish().describe('Paths that the route must have.'),
  })

// An EVPN Type-5 prefix of a catalog, with the routes and paths that are asked of it.
const evpnPrefix = () =>
  z.strictObject({
    address: ipWithLength().describe('IPv4 or IPv6 prefix.'),
    vni: vni().describe('VNI of the prefix.'),
    routes: z.array(route()).nullish().describe('Routes that the prefix must have.'),
  })

type ExpectedEvpnPrefix = OutputOf<typeof evpnPrefix>

type ExpectedEvpnRoute = OutputOf<typeof route>

type ExpectedEvpnPath = OutputOf<typeof path>

/** Each prefix has an EVPN Type-5 route in use, and the routes and paths that are asked of it. */
export const VerifyEVPNType5Routes = defineVerify({
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
  input: () => ({ prefixes: someOf(evpnPrefix(), 'Prefixes to judge.') }),
  asks: ({ prefixes }) =>
    prefixes.map(({ address, vni }) =>
      show(`show bgp evpn route-type ip-prefix ${address} vni ${vni}`, bgpEvpnAnswer, 2),
    ),
  judge: (answers, { prefixes }) =>
    prefixes.flatMap((prefix, index) =>
      prefixFaults(prefix, [...(answers[index]?.evpnRoutes?.values() ?? [])]).map(
        (fault) => `Prefix: ${prefix.address} VNI: ${prefix.vni} ${fault}`,
      ),
    ),
})

function prefixFaults(prefix: ExpectedEvpnPrefix, routes: readonly EvpnRoute[]) {
  if (routes.length === 0) return ['- No EVPN Type-5 routes found']
  if (prefix.routes) return prefix.routes.flatMap((route) => routeFaults(route, routes))
  const paths = routes.flatMap(({ evpnRoutePaths }) => evpnRoutePaths)
  return paths.some(isInUse) ? [] : ['- No active and valid path found across all RDs']
}

function routeFaults({ rd, domain, paths: named }: ExpectedEvpnRoute, routes: readonly EvpnRoute[]) {
  const name = `RD: ${rd}${domain === 'local' ? '' : ` Domain: ${domain}`}`
  const found = routes.find(({ routeKeyDetail: key }) => key.rd === rd && key.domain === domain)
  if (found === undefined) return [`${name} - Route not found`]
  const paths = found.evpnRoutePaths
  if (named) return named.flatMap((path) => pathFaults(path, paths).map((fault) => `${name} ${fault}`))
  return paths.some(isInUse) ? [] : [`${name} - No active and valid path found`]
}

function pathFaults({ nexthop, route_targets }: ExpectedEvpnPath, paths: readonly EvpnPath[]) {
  const wanted = route_targets ?? []
  const name = `Nexthop: ${nexthop}${wanted.length === 0 ? '' : ` RTs: ${wanted.join(', ')}`}`
  const matching = paths.filter((path) => {
    if (path.nextHop !== nexthop) return false
    // A route target of another form (`Route-Target-IP:…`) is none that the catalogue knows.
    const communities = path.routeDetail.extCommunities
    return wanted.every((one) => communities.includes(`Route-Target-AS:${one}`))
  })
  if (matching.length === 0) return [`${name} - Path not found`]
  return matching.some(isInUse) ? [] : [`${name} - No active and valid path found`]
}
