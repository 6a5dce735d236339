import type { SpeakerTable } from './path-vector.ts'

/** Why a session is Idle, as text has it in brackets: shut down, without an interface, or the peer has sent too many routes. */
export type IdleReason = 'Admin' | 'NoIf' | 'MaxPath'

/** The states a BGP session shows. `Idle(Admin)` is `Idle` with `idleReason` `Admin`. */
export type BgpSessionState = 'Established' | 'Active' | 'Idle'

/** The address families the simulator carries. */
export type BgpFamily = 'ipv4Unicast' | 'l2VpnEvpn'

/** The kinds of BGP communities (RFC 1997, RFC 4360, RFC 8092). */
export const COMMUNITY_KINDS = ['standard', 'extended', 'large'] as const

/** One of {@link COMMUNITY_KINDS}. */
export type CommunityKind = (typeof COMMUNITY_KINDS)[number]

/** The route-maps of a neighbor, in and out. */
export interface BgpRouteMaps {
  readonly routeMapIn?: string
  readonly routeMapOut?: string
}

/** One address family of one session. */
export interface BgpFamilyState extends BgpRouteMaps {
  /** `negotiated` when both ends activate it; `advertised` when only this end does; `received` when only the other. */
  readonly state: 'negotiated' | 'advertised' | 'received' | 'configured'
  readonly received: number
  readonly accepted: number
  /** Counted when it is asked for. */
  readonly sent: () => number
}

/** Hold time and keepalive interval of a session in seconds. */
export interface BgpTimers {
  readonly hold: number
  readonly keepalive: number
}

/** One BGP peer. */
export interface BgpPeer {
  readonly address: string
  readonly state: BgpSessionState
  /** `Admin` after `neighbor X shutdown`, `NoIf` without a route to the peer. */
  readonly idleReason?: IdleReason
  /** Why it is not Established, in one sentence; empty when it is. */
  readonly why: string
  readonly asn: string
  readonly localAsn: string
  readonly internal: boolean
  readonly description: string
  readonly peerGroup: string
  /** The address this end speaks from; empty while there is none. */
  readonly source: string
  /** The configured update-source, or the interface towards a peer on a connected subnet. */
  readonly interface?: string
  readonly ttl: number
  readonly bfd: boolean
  readonly timers: BgpTimers
  /** The timers both ends agreed on, once Established. */
  readonly negotiatedTimers?: BgpTimers
  readonly maximumRoutes: number
  /** Whether the session ends when the peer sends more. */
  readonly endsAtMaximum: boolean
  /** Whether segments of the session are signed (`neighbor X password`, RFC 2385). */
  readonly md5: boolean
  /** The kinds of communities that it is sent. */
  readonly sendCommunity: readonly CommunityKind[]
  /** The router-id of the other end, once Established. */
  readonly routerId?: string
  /** The switch at the other end, where it is one of the fabric. */
  readonly device?: string
  /** The route-maps that are set outside of the address families. */
  readonly outerMaps: BgpRouteMaps
  readonly families: ReadonlyMap<BgpFamily, BgpFamilyState>
  readonly since?: number
}

/** BGP of one VRF. */
export interface BgpVrfState {
  readonly vrf: string
  readonly routerId: string
  readonly asn: string
  /** Whether `router-id` is configured; EOS otherwise keeps the one it chose first. */
  readonly routerIdConfigured: boolean
  /** By address, in EOS order. */
  readonly peers: ReadonlyMap<string, BgpPeer>
  readonly maximumPaths: number
  /** The IPv4 paths by prefix. */
  readonly paths: SpeakerTable
  /** The EVPN paths by route key; empty but in the default VRF. */
  readonly evpn: SpeakerTable
}

/** One neighbour on a subnet. */
export interface ArpEntry {
  readonly vrf: string
  readonly address: string
  readonly mac: string
  readonly interface: string
  /** The port of the VLAN behind which it is; `Vxlan1` for what EVPN has told. */
  readonly port?: string
}

/** One MAC address of the table. */
export interface MacEntry {
  readonly vlan: number
  readonly mac: string
  readonly interface: string
  /** `static` for the MLAG peer, which EOS enters by itself. */
  readonly type: 'dynamic' | 'static'
}

/** One OSPF process. */
export interface OspfState {
  readonly instance: string
  readonly vrf: string
  readonly routerId: string
  readonly maxLsa: number
  readonly areas: readonly string[]
  readonly interfaces: readonly OspfInterfaceState[]
  readonly neighbors: readonly OspfNeighbor[]
}

/** One interface of an OSPF process. */
export interface OspfInterfaceState {
  readonly name: string
  readonly area: string
  readonly cost: number
  readonly passive: boolean
  readonly pointToPoint: boolean
}

/** One OSPF neighbour; all that are heard are full. */
export interface OspfNeighbor {
  readonly instance: string
  readonly vrf: string
  readonly routerId: string
  readonly interface: string
  readonly address: string
  readonly area: string
  readonly priority: number
  /** Absent on a point-to-point link. */
  readonly role?: 'DR' | 'backupDR'
  readonly designated: string
  /** Of the BFD session that the interface asks for: up where the other end asks for it, too. */
  readonly bfd?: 'up' | 'down'
}

/** One IS-IS process. */
export interface IsisState {
  readonly instance: string
  readonly vrf: string
  /** Each interface once for each level that it has. */
  readonly interfaces: readonly IsisInterfaceState[]
  readonly neighbors: readonly IsisNeighbor[]
}

/** One interface of an IS-IS process in one level. */
export interface IsisInterfaceState {
  readonly name: string
  readonly level: 'level-1' | 'level-2'
  readonly metric: number
  readonly passive: boolean
  readonly pointToPoint: boolean
}

/** One IS-IS neighbour in one level; all that are heard are up. */
export interface IsisNeighbor {
  readonly systemId: string
  readonly hostname: string
  readonly routerId: string
  readonly interface: string
  readonly level: 'level-1' | 'level-2'
}

/** The words of `routeType` in `show ip route`. */
export type RouteType =
  | 'connected'
  | 'static'
  | 'eBGP'
  | 'iBGP'
  | 'bgpAggregate'
  | 'OSPF'
  | 'ospfInterArea'
  | 'ospfExternalType1'
  | 'ospfExternalType2'
  | 'isisLevel1'
  | 'isisLevel2'

/** One way out of a route. */
export interface RouteVia {
  readonly nexthop?: string
  readonly interface?: string
  readonly vtep?: string
  readonly vni?: number
  readonly routerMac?: string
}

/** One route of a routing table. */
export interface Route {
  readonly prefix: string
  readonly type: RouteType
  readonly preference: number
  readonly metric: number
  readonly vias: readonly RouteVia[]
  /** `Null0`. */
  readonly drop: boolean
}
