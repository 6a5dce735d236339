import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { type BgpPath, type BgpRoutes, bgpPathsOf, bgpRoutesAnswer, SHOW_IP_BGP } from '../../answer/bgp.ts'
import { type IpRoute, showIpRoute } from '../../answer/routes.ts'
import {
  byName,
  isNothing,
  MissingMember,
  mismatch,
  needed,
  nullAsAbsent,
  type OutputOf,
  partly,
  printed,
  printedFlag,
  show,
  told,
} from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { flag, integer, ipv4, ipv4Prefix, macAddress, someOf, vni, vrf } from '../../input/words.ts'
import { bgpPeer, flagsTold, peerAddress, peerName, peersOf, squeezed, verifyPeers } from './bgp-peer.ts'

// A BGP route of a catalog; a check says by `.required` what it cannot do without.
const bgpRoute = () =>
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
  })

function routeName(route: { readonly prefix: string; readonly vrf: string }) {
  return `Prefix: ${route.prefix} VRF: ${route.vrf}`
}

// The address families that EOS redistributes into, by its short names.
const FAMILIES = {
  v4u: 'IPv4 Unicast',
  v4m: 'IPv4 Multicast',
  v6u: 'IPv6 Unicast',
  v6m: 'IPv6 Multicast',
} as const

const SHORT = ['v4u', 'v4m', 'v6u', 'v6m'] as const

// What EOS redistributes, by the names of its answers. `User` of the configuration is `EOS SDK` there.
const PROTOCOLS = [
  'AttachedHost',
  'Bgp',
  'Connected',
  'DHCP',
  'Dynamic',
  'IS-IS',
  'OSPF Internal',
  'OSPF External',
  'OSPF Nssa-External',
  'OSPFv3 Internal',
  'OSPFv3 External',
  'OSPFv3 Nssa-External',
  'RIP',
  'Static',
  'EOS SDK',
] as const

const NEVER_LEAKED: readonly string[] = ['AttachedHost', 'EOS SDK', 'Dynamic', 'RIP']

const family = () =>
  z
    .string()
    .transform((written) => SHORT.find((short) => squeezed(FAMILIES[short]) === squeezed(written)) ?? written)
    .pipe(z.enum(SHORT, { error: `expected an address family: ${Object.values(FAMILIES).join(', ')}` }))

const protocol = () =>
  z
    .string()
    .transform((written) => (written === 'User' ? 'EOS SDK' : written))
    .pipe(z.enum(PROTOCOLS, { error: `expected a protocol: ${PROTOCOLS.join(', ')} or User` }))

const redistributedRoute = () =>
  z
    .strictObject({
      proto: protocol().describe('protocol whose routes are redistributed'),
      include_leaked: flag('whether leaked routes are redistributed too'),
      route_map: nullAsAbsent(z.string()).describe('route map that is applied'),
    })
    .refine(({ proto, include_leaked }) => !include_leaked || !NEVER_LEAKED.includes(proto), {
      error: '`include_leaked` has no meaning with this protocol',
    })

const redistributingVrf = () =>
  z.strictObject({
    vrf: vrf().describe('VRF'),
    address_families: someOf(
      {
        afi_safi: family().describe('address family, such as `IPv4 Unicast`'),
        redistributed_routes: someOf(redistributedRoute(), 'what is redistributed into it'),
      },
      'address families of the VRF',
    ),
  })

type RedistributedRoute = OutputOf<typeof redistributedRoute>

function afiSafiName(short: keyof typeof FAMILIES) {
  return `AFI-SAFI: ${FAMILIES[short]}`
}

function redistributionName({ proto, include_leaked, route_map }: RedistributedRoute) {
  const leaked = include_leaked ? ', Include Leaked: True' : ''
  return `Proto: ${proto}${leaked}${route_map === undefined ? '' : `, Route Map: ${route_map}`}`
}

/** The communities are advertised to each peer. */
export const VerifyBGPAdvCommunities = verifyPeers({
  summary: 'Verifies the communities that are advertised to BGP peers.',
  docs: 'Passes when each peer is there, and is advertised the given kinds of communities: standard, extended and large where none are given.',
  example: [
    { peer_address: '172.30.11.17', vrf: 'default' },
    { interface: 'Ethernet1', vrf: 'default', advertised_communities: ['standard', 'extended'] },
  ],
  about: 'peers to judge',
  peer: bgpPeer,
  judge: ({ advertised_communities }, neighbor) => {
    const told = neighbor.advertisedCommunities
    if (advertised_communities.every((kind) => told?.[kind] === true)) return []
    return [flagsTold(needed(neighbor, 'advertisedCommunities'))]
  },
})

/** The routes named for each peer are advertised to it and received from it. */
export const VerifyBGPExchangedRoutes = defineVerify({
  summary: 'Verifies the routes that are advertised to BGP peers and received from them.',
  docs: 'Passes when each named route is there and has a path that is valid and active; only valid where `check_active` is false.',
  example: {
    check_active: true,
    bgp_peers: [
      {
        peer_address: '172.30.255.5',
        vrf: 'default',
        advertised_routes: ['192.0.254.5/32'],
        received_routes: ['192.0.255.4/32'],
      },
    ],
  },
  input: () => ({
    check_active: flag('whether the routes must be active, and not only valid', true),
    bgp_peers: peersOf(
      bgpPeer()
        .extend({ peer_address: peerAddress().describe('address of the peer') })
        .refine((peer) => peer.advertised_routes !== undefined || peer.received_routes !== undefined, {
          error: 'expected `advertised_routes` or `received_routes`',
        }),
    ).describe('peers and the routes to judge'),
  }),
  asks: ({ bgp_peers }) =>
    ['advertised-routes', 'routes'].flatMap((routes) =>
      bgp_peers.map(({ peer_address, vrf }) =>
        show(`show bgp neighbors ${peer_address} ${routes} vrf ${vrf}`, bgpRoutesAnswer, 2),
      ),
    ),
  judge: (answers, { bgp_peers, check_active }) =>
    bgp_peers.flatMap((peer, index) => {
      const advertised = answers[index]
      const received = answers[bgp_peers.length + index]
      const faults = (kind: string, prefixes: readonly string[] | undefined, routes: BgpRoutes = {}) =>
        (prefixes ?? []).flatMap((prefix) =>
          routeFaults(routes, peer.vrf, prefix, check_active).map(
            (fault) => `${peerName(peer)} ${kind} route: ${prefix} - ${fault}`,
          ),
        )
      return [
        ...faults('Advertised', peer.advertised_routes, advertised),
        ...faults('Received', peer.received_routes, received),
      ]
    }),
})

function routeFaults({ vrfs }: BgpRoutes, vrf: string, prefix: string, mustBeActive: boolean) {
  const route = vrfs?.get(vrf)?.bgpRouteEntries?.get(prefix)
  if (route === undefined) return ['Not found']
  const [best] = needed(route, 'bgpRoutePaths')
  if (best === undefined) throw new MissingMember(route, 'bgpRoutePaths.0')
  const type = needed(best, 'routeType')
  const [active, valid] = [needed(type, 'active'), needed(type, 'valid')]
  if (!mustBeActive) return valid ? [] : [`Valid: ${printed(valid)}`]
  return valid && active ? [] : [`Valid: ${printed(valid)} Active: ${printed(active)}`]
}

const configured = () =>
  z.object({
    proto: z.string().optional(),
    includeLeaked: z.boolean().default(false),
    routeMap: z.string().default('Not Found'),
  })

type Configured = OutputOf<typeof configured>

/** Each VRF redistributes into BGP what it should. */
export const VerifyBGPRedistribution = defineVerify({
  summary: 'Verifies what is redistributed into BGP.',
  docs: 'Passes when each address family redistributes the given protocols, with leaked routes and a route map as expected. A route map that is not given is not judged.',
  example: {
    vrfs: [
      {
        vrf: 'default',
        address_families: [
          {
            afi_safi: 'ipv4multicast',
            redistributed_routes: [{ proto: 'Connected', include_leaked: true, route_map: 'RM-CONN-2-BGP' }],
          },
          { afi_safi: 'IPv6 Unicast', redistributed_routes: [{ proto: 'User', route_map: 'RM-CONN-2-BGP' }] },
        ],
      },
    ],
  },
  input: () => ({ vrfs: someOf(redistributingVrf(), 'VRFs and what they redistribute') }),
  asks: show(
    'show bgp instance vrf all',
    () =>
      partly({
        vrfs: byName(
          z.looseObject({
            afiSafiConfig: byName(z.looseObject({ redistributedRoutes: z.array(configured()).optional() })).optional(),
          }),
        ),
      }),
    4,
  ),
  judge: ({ vrfs }, { vrfs: expected }) =>
    expected.flatMap(({ vrf, address_families }) => {
      const instance = vrfs?.get(vrf)
      if (isNothing(instance)) return [`VRF: ${vrf} - Not configured`]
      return address_families.flatMap(({ afi_safi, redistributed_routes }) => {
        const name = `VRF: ${vrf}, ${afiSafiName(afi_safi)}`
        const family = instance?.afiSafiConfig?.get(afi_safi)
        if (isNothing(family)) return [`${name} - Not redistributed`]
        const routes = family?.redistributedRoutes ?? []
        return redistributed_routes.flatMap((route) =>
          redistributionFaults(route, routes).map((fault) => `${name}, ${fault}`),
        )
      })
    }),
})

function redistributionFaults(expected: RedistributedRoute, routes: readonly Configured[]) {
  const actual = routes.find(({ proto }) => proto?.toLowerCase() === expected.proto.toLowerCase())
  if (actual === undefined) return [`Proto: ${expected.proto} - Not configured`]
  const { include_leaked, route_map } = expected
  const name = redistributionName(expected)
  return [
    ...(include_leaked === actual.includeLeaked
      ? []
      : [`${name} - Include leaked mismatch - Actual: ${printedFlag(actual.includeLeaked)}`]),
    ...(!route_map || route_map === actual.routeMap
      ? []
      : [`${name} - Route map mismatch - Actual: ${actual.routeMap}`]),
  ]
}

/** Each route shares its traffic between as many paths as expected, and forwards over as many. */
export const VerifyBGPRouteECMP = defineVerify({
  summary: 'Verifies the ECMP paths of BGP IPv4 routes.',
  docs: 'Passes when each route is in the BGP table, its first path is the valid and active ECMP head, as many valid paths contribute as expected, and the routing table has as many next hops.',
  example: { route_entries: [{ prefix: '10.100.0.128/31', vrf: 'default', ecmp_count: 2 }] },
  input: () => ({
    route_entries: someOf(bgpRoute().required({ ecmp_count: true }), 'routes and their number of paths'),
  }),
  asks: [SHOW_IP_BGP, showIpRoute('vrf all bgp')],
  judge: ([table, { vrfs }], { route_entries }) =>
    route_entries.flatMap((route) => {
      const paths = bgpPathsOf(table, route.vrf, route.prefix)
      const installed = vrfs?.get(route.vrf)?.routes?.get(route.prefix)
      return ecmpFaults(paths, installed, route.ecmp_count).map((fault) => `${routeName(route)} - ${fault}`)
    }),
})

function ecmpFaults(paths: readonly BgpPath[] | undefined, installed: IpRoute | undefined, expected: number) {
  if (paths === undefined) return ['Prefix not found in BGP table']
  const [head, ...others] = paths
  if (head === undefined || !hasAll(head, ['valid', 'active', 'ecmpHead'])) {
    return ['Valid and active ECMP head not found']
  }
  const contributors = others.filter((path) => hasAll(path, ['valid', 'ecmp', 'ecmpContributor']))
  const nextHops = new Set([head, ...contributors].map((path) => needed(path, 'nextHop')))
  if (nextHops.size !== expected) return mismatch('ECMP count mismatch', expected, nextHops.size)
  if (isNothing(installed)) return ['Prefix not found in routing table']
  const { length } = needed(installed, 'vias')
  return length === nextHops.size ? [] : [`Nexthops count mismatch - BGP: ${nextHops.size} RIB: ${length}`]
}

type Flag = 'valid' | 'active' | 'ecmp' | 'ecmpHead' | 'ecmpContributor'

function hasAll(path: BgpPath, flags: readonly Flag[]) {
  const type = needed(path, 'routeType')
  return flags.every((flag) => needed(type, flag))
}

/** Each route has its paths, of the expected origin. */
export const VerifyBGPRoutePaths = defineVerify({
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
  input: () => ({
    route_entries: someOf(bgpRoute().required({ paths: true }), 'routes and their paths'),
  }),
  asks: SHOW_IP_BGP,
  judge: (table, { route_entries }) =>
    route_entries.flatMap((route) => {
      const paths = bgpPathsOf(table, route.vrf, route.prefix)
      if (paths === undefined) return [`${routeName(route)} - Prefix not found`]
      return route.paths.flatMap(({ nexthop, origin }) =>
        originFaults(paths, nexthop, origin).map(
          (fault) => `${routeName(route)} Next-hop: ${nexthop} Origin: ${origin} - ${fault}`,
        ),
      )
    }),
})

function originFaults(paths: readonly BgpPath[], nexthop: string, expected: string) {
  const path = paths.find(({ nextHop }) => nextHop === nexthop)
  if (path === undefined) return ['Path not found']
  const origin = path.routeType?.origin
  return origin === expected ? [] : [`Origin mismatch - Actual: ${printed(origin)}`]
}

const route = () =>
  z.object({
    evpnRoutePaths: z
      .array(
        z.object({
          routeType: z.object({ active: z.boolean().default(false), valid: z.boolean().default(false) }).prefault({}),
        }),
      )
      .default([]),
  })

const type2Routes = once(() => told({ evpnRoutes: byName(route()) }))

/** Each VXLAN endpoint has an EVPN Type-2 route in use. */
export const VerifyEVPNType2Route = defineVerify({
  summary: 'Verifies the EVPN Type-2 routes of IPv4 and MAC addresses in a VNI.',
  docs: 'Passes when each endpoint is in the EVPN table, with at least one path that is valid and active.',
  example: {
    vxlan_endpoints: [
      { address: '192.168.20.102', vni: 10020 },
      { address: 'aac1.ab5d.b41e', vni: 10010 },
    ],
  },
  input: () => ({
    vxlan_endpoints: someOf(
      {
        address: z
          .union([ipv4(), macAddress()], { error: 'expected an IPv4 or a MAC address' })
          .describe('IPv4 or MAC address of the endpoint'),
        vni: vni().describe('VNI of the endpoint'),
      },
      'endpoints to judge',
    ),
  }),
  asks: ({ vxlan_endpoints }) =>
    vxlan_endpoints.map(({ address, vni }) =>
      show(`show bgp evpn route-type mac-ip ${address} vni ${vni}`, type2Routes, 2),
    ),
  judge: (answers, { vxlan_endpoints }) =>
    vxlan_endpoints.flatMap((endpoint, index) => {
      const name = `Address: ${endpoint.address} VNI: ${endpoint.vni}`
      const routes = [...(answers[index]?.evpnRoutes.values() ?? [])]
      if (routes.length === 0) return [`${name} - No EVPN Type-2 route`]
      const used = routes.some(({ evpnRoutePaths }) =>
        evpnRoutePaths.some(({ routeType: { active, valid } }) => active && valid),
      )
      return used ? [] : [`${name} - No valid and active path`]
    }),
})
