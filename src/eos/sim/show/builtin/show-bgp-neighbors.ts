import type { JsonObject } from '../../../../model/json.ts'
import { type Destination, destinations } from '../../converge/path-vector.ts'
import { type BgpFamily, type BgpPeer, type BgpVrfState, COMMUNITY_KINDS } from '../../converge/routing-state.ts'
import type { VectorPath } from '../../converge/vector-path.ts'
import { pathJson, rankedPaths } from '../format/bgp-path-json.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { neighborJson } from '../format/neighbor-json.ts'
import { neighborText } from '../format/neighbor-text.ts'
import { comparePrefixes } from '../format/route-table.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show bgp neighbors`: as `show ip bgp neighbors`, with the capabilities of the session (revision 2, ANTA). */
export const showBgpNeighbors = defineShow({
  words: 'show bgp neighbors [<address>] [vrf <vrf>]',
  docs: 'Sessions with their capabilities; lab-validation (4.36), the keys that ANTA reads (revision 2).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      selectedVrfs(context.state.bgp, args).map(([name, vrf]) => [
        name,
        {
          peerList: peersOf(vrf, args.address).map((peer) => ({
            ...neighborJson(peer, vrf, context),
            ...capabilitiesJson(peer),
          })),
        },
      ]),
    ),
  }),
  text: (context, args) =>
    selectedVrfs(context.state.bgp, args)
      .flatMap(([, vrf]) => peersOf(vrf, args.address).map((peer) => neighborText(peer, vrf, context)))
      .join('\n'),
})

/** `show bgp neighbors A routes`: what a neighbor sent and this switch took. */
export const showBgpNeighborsRoutes = defineShow({
  words: 'show bgp neighbors <address> [(ipv4|ipv6)] [unicast] routes [vrf <vrf>]',
  docs: 'The paths from one neighbor; the keys that ANTA reads (revision 2).',
  refuse: refuseUnknownVrf,
  json: (context, args) => routesJson(context, args, (path) => path.peerAddress === args.address),
})

/** `show bgp neighbors A advertised-routes`: the best paths that the neighbor gets, its own left out. */
export const showBgpNeighborsAdvertised = defineShow({
  words: 'show bgp neighbors <address> [(ipv4|ipv6)] [unicast] advertised-routes [vrf <vrf>]',
  docs: 'The paths sent to one neighbor before its policy; the keys that ANTA reads (revision 2).',
  refuse: refuseUnknownVrf,
  json: (context, args) =>
    routesJson(context, args, (path, best, peer) => {
      const internal = peer?.internal === true && path.source === 'ibgp'
      return best && path.peerAddress !== args.address && !internal && peer?.state === 'Established'
    }),
})

function peersOf(vrf: BgpVrfState, address: string | undefined): readonly BgpPeer[] {
  return [...vrf.peers.values()].filter((peer) => address === undefined || peer.address === address)
}

const FAMILY: Readonly<Record<BgpFamily, string>> = { ipv4Unicast: 'ipv4Unicast', l2VpnEvpn: 'l2VpnEvpn' }

function capabilitiesJson(peer: BgpPeer): JsonObject {
  const up = peer.state === 'Established'
  const both = { advertised: up, received: up, enabled: up }
  const families = [...peer.families].map(([family, { state }]) => {
    const advertised = up && state !== 'received'
    const received = up && state !== 'advertised'
    return [FAMILY[family], { advertised, received, enabled: advertised && received }] as const
  })
  const routes = { maxTotalRoutes: peer.maximumRoutes, totalRoutesWarnLimit: Math.floor(peer.maximumRoutes * 0.8) }
  return {
    ...routes,
    ...(up
      ? {
          neighborCapabilities: {
            multiprotocolCaps: Object.fromEntries(families),
            fourOctetAsnCap: both,
            routeRefreshCap: both,
            enhancedRouteRefreshCap: both,
            sendEorMessages: both,
          },
        }
      : {}),
    md5AuthEnabled: peer.md5,
    advertisedCommunities: Object.fromEntries(
      COMMUNITY_KINDS.map((kind) => [kind, peer.sendCommunity.includes(kind)] as const),
    ),
    dropStats: Object.fromEntries(DROPS.map((name) => [name, 0])),
    peerInUpdateErrors: {
      inUpdErrWithdraw: 0,
      inUpdErrIgnore: 0,
      inUpdErrDisableAfiSafi: 0,
      disabledAfiSafi: 'None',
      lastUpdErrTime: 0,
    },
  }
}

/** What may be dropped (lab-validation, 4.36). Nothing is for a fault: paths that loop back are never counted as received. */
const DROPS = [
  'inDropAsloop',
  'inDropClusterIdLoop',
  'inDropMalformedMpbgp',
  'inDropOrigId',
  'inDropNhLocal',
  'inDropNhAfV6',
  'prefixDroppedMartianV4',
  'prefixDroppedMaxRouteLimitViolatedV4',
  'prefixDroppedMartianV6',
  'prefixDroppedMaxRouteLimitViolatedV6',
  'prefixLuDroppedV4',
  'prefixLuDroppedMartianV4',
  'prefixLuDroppedMaxRouteLimitViolatedV4',
  'prefixLuDroppedV6',
  'prefixLuDroppedMartianV6',
  'prefixLuDroppedMaxRouteLimitViolatedV6',
  'prefixEvpnDroppedUnsupportedRouteType',
  'prefixBgpLsDroppedReceptionUnsupported',
  'outDropV4LocalAddr',
  'outDropV6LocalAddr',
  'prefixVpnIpv4DroppedImportMatchFailure',
  'prefixVpnIpv4DroppedMaxRouteLimitViolated',
  'prefixVpnIpv6DroppedImportMatchFailure',
  'prefixVpnIpv6DroppedMaxRouteLimitViolated',
  'prefixEvpnDroppedImportMatchFailure',
  'prefixEvpnDroppedMaxRouteLimitViolated',
  'prefixRtMembershipDroppedLocalAsReject',
  'prefixRtMembershipDroppedMaxRouteLimitViolated',
] as const

type Wanted = (path: VectorPath, best: boolean, peer: BgpPeer | undefined) => boolean

function routesJson(context: ShowContext, args: ShowArguments, wanted: Wanted): JsonObject {
  const vrfs = selectedVrfs(context.state.bgp, args).map(([name, vrf]) => {
    const peer = vrf.peers.get(args.address ?? '')
    const entries = destinations(vrf.paths)
      .toSorted((a, b) => comparePrefixes(a.key, b.key))
      .flatMap((one) => entryJson(one, vrf, context, (path, best) => wanted(path, best, peer)))
    return [
      name,
      { vrf: name, routerId: vrf.routerId, asn: vrf.asn, bgpRouteEntries: Object.fromEntries(entries) },
    ] as const
  })
  return { vrfs: Object.fromEntries(vrfs) }
}

function entryJson(
  destination: Destination,
  vrf: BgpVrfState,
  context: ShowContext,
  wanted: (path: VectorPath, best: boolean) => boolean,
): readonly (readonly [string, JsonObject])[] {
  const paths = rankedPaths(destination, vrf.maximumPaths).filter(({ path, active }) => wanted(path, active))
  if (paths.length === 0) return []
  const [address = '', maskLength = ''] = destination.key.split('/')
  const bgpRoutePaths = paths.map((standing) => pathJson(standing, context, false))
  return [[destination.key, { address, maskLength: Number(maskLength), totalPaths: paths.length, bgpRoutePaths }]]
}
