import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName, MissingMember, needed, nullAsAbsent, type OutputOf, partly, recordOf, show, told } from './show.ts'

const path = () =>
  told({
    nextHop: z.string(),
    routeType: told({ active: z.boolean(), valid: z.boolean() }),
    routeDetail: told({ extCommunities: z.array(z.string()) }),
  })

const route = () =>
  told({
    routeKeyDetail: partly({ rd: z.string(), domain: z.string() }),
    evpnRoutePaths: z.array(path()),
  })

/** What `show bgp evpn route-type …`, revision 2, tells: the routes by their key, each with its paths. */
export const bgpEvpnAnswer = once(() => partly({ evpnRoutes: byName(route()) }))

export type EvpnRoute = OutputOf<typeof route>

export type EvpnPath = OutputOf<typeof path>

export function isInUse({ routeType }: EvpnPath): boolean {
  return routeType.active && routeType.valid
}

// What both sides say of a capability: `advertised`, `received`, `enabled`.
const capability = () => recordOf(z.boolean())

const counters = () => recordOf(z.union([z.number(), z.string()]))

const neighbor = () =>
  z.object({
    peerAddress: nullAsAbsent(z.string()),
    ifName: nullAsAbsent(z.string()),
    state: nullAsAbsent(z.string()),
    establishedTime: nullAsAbsent(z.number()),
    peerTcpInfo: nullAsAbsent(
      z.object({ inputQueueLength: nullAsAbsent(z.number()), outputQueueLength: nullAsAbsent(z.number()) }),
    ),
    neighborCapabilities: nullAsAbsent(
      z.object({
        multiprotocolCaps: nullAsAbsent(recordOf(capability())),
        fourOctetAsnCap: nullAsAbsent(capability()),
        routeRefreshCap: nullAsAbsent(capability()),
      }),
    ),
    md5AuthEnabled: nullAsAbsent(z.boolean()),
    advertisedCommunities: nullAsAbsent(recordOf(z.boolean())),
    holdTime: nullAsAbsent(z.number()),
    keepaliveTime: nullAsAbsent(z.number()),
    dropStats: nullAsAbsent(counters()),
    peerInUpdateErrors: nullAsAbsent(counters()),
    routeMapInbound: nullAsAbsent(z.string()),
    routeMapOutbound: nullAsAbsent(z.string()),
    maxTotalRoutes: nullAsAbsent(z.number()),
    totalRoutesWarnLimit: nullAsAbsent(z.number()),
    peerGroupName: nullAsAbsent(z.string()),
    ttl: nullAsAbsent(z.number()),
    maxTtlHops: nullAsAbsent(z.number()),
  })

/** A peer over an interface (RFC 5549) may have a name of its interface and no address. */
export const bgpNeighborsAnswer = () => partly({ vrfs: byName(partly({ peerList: z.array(neighbor()) })) })

/** `show ip bgp neighbors vrf all`, revision 2: the same answer, and the only one of the two that `ribd` gives. */
export const SHOW_IP_BGP_NEIGHBORS = show('show ip bgp neighbors vrf all', bgpNeighborsAnswer, 2)

/** `show bgp neighbors vrf all`, revision 2: peers of every address family, under the multi-agent routing model. */
export const SHOW_BGP_NEIGHBORS = show('show bgp neighbors vrf all', bgpNeighborsAnswer, 2)

export type BgpNeighbor = OutputOf<typeof neighbor>

export type BgpNeighbors = OutputOf<typeof bgpNeighborsAnswer>

const family = once(() =>
  z.object({
    afiSafiState: nullAsAbsent(z.string()),
    nlrisReceived: nullAsAbsent(z.number()),
    nlrisAccepted: nullAsAbsent(z.number()),
  }),
)

// A peer has its address families beside its other attributes, each under the name of its capability: `ipv4Unicast`.
const peer = () =>
  z.looseObject({ peerState: z.string().optional() }).transform(({ peerState, ...attributes }) => ({
    state: peerState,
    attributes: new Map(Object.entries(attributes).filter(([, attribute]) => attribute !== null)),
  }))

export const SHOW_BGP_SUMMARY = show('show bgp summary vrf all', () =>
  partly({ vrfs: byName(partly({ peers: byName(peer()) })) }),
)

export type BgpSummaryPeer = OutputOf<typeof peer>

/** What the switch shows of an address family of a peer; undefined where it has none. Throws {@link MissingMember} for what is none. */
export function familyOf({ attributes }: BgpSummaryPeer, capability: string) {
  if (!attributes.has(capability)) return undefined
  const read = family().safeParse(attributes.get(capability))
  if (!read.success) throw new MissingMember(attributes, capability)
  return read.data
}

const bgpPath = () =>
  partly({
    nextHop: z.string(),
    routeType: partly({
      origin: z.string(),
      valid: z.boolean(),
      active: z.boolean(),
      ecmp: z.boolean(),
      ecmpHead: z.boolean(),
      ecmpContributor: z.boolean(),
    }),
  })

/** `show bgp neighbors … routes` and `… advertised-routes`, revision 2, answer in the same shape. */
export const bgpRoutesAnswer = once(() =>
  partly({
    vrfs: byName(partly({ bgpRouteEntries: byName(z.looseObject({ bgpRoutePaths: z.array(bgpPath()).optional() })) })),
  }),
)

/** `show ip bgp vrf all`, revision 3: the BGP table of each VRF. */
export const SHOW_IP_BGP = show('show ip bgp vrf all', bgpRoutesAnswer, 3)

export type BgpRoutes = OutputOf<typeof bgpRoutesAnswer>

export type BgpPath = OutputOf<typeof bgpPath>

/** The paths of a route; undefined where there is no such VRF or route, or it shows nothing. */
export function bgpPathsOf({ vrfs }: BgpRoutes, vrf: string, prefix: string): readonly BgpPath[] | undefined {
  const bgpRoute = vrfs?.get(vrf)?.bgpRouteEntries?.get(prefix)
  return bgpRoute === undefined || Object.keys(bgpRoute).length === 0 ? undefined : needed(bgpRoute, 'bgpRoutePaths')
}
