import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { type BgpRoutes, bgpRoutesAnswer } from '../../answer/show-ip-bgp.ts'
import { MissingMember, needed } from '../../answer/told.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { bgpPeer, peerAddress, peerName, peersOf } from './bgp-peer.ts'

/** The routes named for each peer are advertised to it and received from it. */
export const verifyBgpExchangedRoutes = defineVerifyEach({
  name: 'VerifyBGPExchangedRoutes',
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
  input: () =>
    z.strictObject({
      check_active: z.boolean().default(true).describe('whether the routes must be active, and not only valid'),
      bgp_peers: peersOf(
        bgpPeer()
          .extend({ peer_address: peerAddress().describe('address of the peer') })
          .refine((peer) => peer.advertised_routes !== undefined || peer.received_routes !== undefined, {
            error: 'expected `advertised_routes` or `received_routes`',
          }),
      ).describe('peers and the routes to judge'),
    }),
  commands: ({ bgp_peers }) =>
    ['advertised-routes', 'routes'].flatMap((routes) =>
      bgp_peers.map(({ peer_address, vrf }) => ({
        cmd: `show bgp neighbors ${peer_address} ${routes} vrf ${vrf}`,
        revision: 2,
      })),
    ),
  answer: () => bgpRoutesAnswer(),
  judge: ({ bgp_peers, check_active }, answers) =>
    passUnless(
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
    ),
})

function routeFaults({ vrfs }: BgpRoutes, vrf: string, prefix: string, mustBeActive: boolean): readonly string[] {
  const route = vrfs?.get(vrf)?.bgpRouteEntries?.get(prefix)
  if (route === undefined) return ['Not found']
  const [best] = needed(route, 'bgpRoutePaths')
  if (best === undefined) throw new MissingMember(route, 'bgpRoutePaths.0')
  const type = needed(best, 'routeType')
  const [active, valid] = [needed(type, 'active'), needed(type, 'valid')]
  if (!mustBeActive) return valid ? [] : [`Valid: ${printed(valid)}`]
  return valid && active ? [] : [`Valid: ${printed(valid)} Active: ${printed(active)}`]
}
