import type { Ailments, ErrorCounts } from './faults.ts'
import type { SpeakerTable } from './path-vector.ts'
import type { SpanningTreeInstance } from './spanning-tree-state.ts'

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

// One interface of an OSPF process.
interface OspfInterfaceState {
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

// The words of `routeType` in `show ip route`.
type RouteType =
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

/** The operational state of a whole fabric at one instant. */
export interface NetworkState {
  /** The instant, milliseconds since the epoch. */
  readonly at: number
  readonly switches: ReadonlyMap<string, SwitchState>
}

/** The operational state of one switch: what every show command is a projection of. */
export interface SwitchState {
  readonly name: string
  /** Whether the switch runs. The state of one that does not is what it would be alone. */
  readonly up: boolean
  /** What is wrong with the switch itself. */
  readonly ailments: Ailments
  /** All interfaces that exist, in EOS order: Port-Channel, Ethernet, Loopback, Management, Vlan, Vxlan. */
  readonly interfaces: ReadonlyMap<string, InterfaceState>
  readonly lldp: readonly LldpNeighbor[]
  readonly vlans: ReadonlyMap<number, VlanState>
  /** The ports of the MLAG peer by VLAN that are up and in no MLAG, looked up when they are asked for. */
  readonly peerPorts: () => ReadonlyMap<number, readonly string[]>
  readonly portChannels: ReadonlyMap<string, PortChannelState>
  readonly mlag: MlagState
  /** The spanning trees by name (`MST0`, `VL10`), elected when they are asked for. */
  readonly spanningTree: () => ReadonlyMap<string, SpanningTreeInstance>
  /** What every port carries, computed when it is asked for; a port without traffic is not there. */
  readonly rates: () => ReadonlyMap<string, PortRate>
  /** BGP by VRF; empty without `router bgp`. */
  readonly bgp: ReadonlyMap<string, BgpVrfState>
  readonly vrfs: ReadonlyMap<string, VrfState>
  readonly vxlan: VxlanState | undefined
  /** Who else is heard on the subnets of this switch. */
  readonly arp: readonly ArpEntry[]
  /** The MAC addresses of hosts and of the MLAG peer, by VLAN and address. */
  readonly macs: readonly MacEntry[]
  /** Whether an address answers from a VRF. */
  readonly reaches: (vrf: string, address: string) => boolean
  /** OSPF processes with their neighbours, in the order of the configuration. */
  readonly ospf: readonly OspfState[]
  /** IS-IS processes with their neighbours, in the order of the configuration. */
  readonly isis: readonly IsisState[]
  /** Routing tables by VRF, then by prefix. */
  readonly routes: ReadonlyMap<string, ReadonlyMap<string, Route>>
}

/** What an interface is, by its name. */
export type InterfaceKind = 'ethernet' | 'portChannel' | 'loopback' | 'management' | 'vlan' | 'vxlan' | 'other'

/** The words of `interfaceStatus` in `show interfaces`. */
export type InterfaceStatus = 'connected' | 'notconnect' | 'disabled' | 'errdisabled' | 'inactive'

/** The words of `lineProtocolStatus` in `show interfaces`. */
export type LineProtocol = 'up' | 'down' | 'lowerLayerDown' | 'notPresent'

/** How a port forwards; `dataLink` is a member of a port-channel. */
export type PortMode = 'routed' | 'access' | 'trunk' | 'dataLink'

/** An IPv4 address with its mask length. */
export interface InterfaceAddress {
  readonly address: string
  readonly maskLen: number
}

/** The IPv4 addresses of one interface, and whether it has IPv6. */
export interface InterfaceAddresses {
  readonly primary?: InterfaceAddress
  readonly secondary: readonly InterfaceAddress[]
  /** `ip address virtual`: shared by all switches that carry the VLAN. */
  readonly virtual?: InterfaceAddress
  readonly virtualSecondary: readonly InterfaceAddress[]
  /** The interface whose address this one has, too. */
  readonly unnumbered?: string
  readonly dhcp: boolean
  /** Whether it speaks IPv6: by an address, or by `ipv6 enable` with a link-local one alone. */
  readonly ipv6: boolean
  /** The IPv6 addresses of the configuration, each with the length of its mask: `2001:db8::1/64`. */
  readonly ipv6Addresses: readonly string[]
}

/** One interface. */
export interface InterfaceState {
  readonly name: string
  readonly kind: InterfaceKind
  readonly description: string
  readonly status: InterfaceStatus
  readonly lineProtocol: LineProtocol
  readonly mode: PortMode
  readonly vrf: string
  readonly mtu: number
  /** Whether the configuration sets the MTU. */
  readonly mtuConfigured: boolean
  /** Bits per second; 0 where EOS shows none. */
  readonly bandwidth: number
  readonly addresses: InterfaceAddresses
  /** The VLAN of an access port, the native VLAN of a trunk. */
  readonly vlan: number
  /** The VLANs that exist and that the port carries, ascending. */
  readonly vlans: readonly number[]
  /** The port-channel this port belongs to. */
  readonly channel?: string
  /** The active members of a port-channel. */
  readonly members: readonly string[]
  /** How often the link changed: once when it came up, and by faults since. */
  readonly linkChanges: number
  /** What the error counters have risen to. */
  readonly errors: ErrorCounts
  /** The seconds LACP waits: `fast` is one. */
  readonly lacpFast: boolean
  /** `ip virtual-router address`. */
  readonly virtualRouter: readonly string[]
  /** Since when the link is as it is, milliseconds since the epoch, where a fault says so. */
  readonly since?: number
  /** For what the switch has taken it down, in the words of EOS; absent where it has not. */
  readonly cause?: string
}

/** What a port carries, in bits per second. */
export interface PortRate {
  readonly in: number
  readonly out: number
}

/** One neighbour heard over LLDP. */
export interface LldpNeighbor {
  readonly port: string
  readonly neighborDevice: string
  readonly neighborPort: string
  readonly chassisId: string
  readonly systemDescription: string
  readonly portDescription: string
  readonly maxFrameSize: number
  readonly managementAddress?: string
}

/** One VLAN. */
export interface VlanState {
  readonly id: number
  readonly name: string
  readonly status: 'active' | 'suspended'
  /** The ports that carry it and are up, in EOS order, `Cpu` and `Vxlan1` included. */
  readonly ports: readonly string[]
  /** All ports that are configured for it, up or not (`show vlan configured-ports`). */
  readonly configuredPorts: readonly string[]
}

/** One port-channel. */
export interface PortChannelState {
  readonly name: string
  readonly protocol: 'lacp' | 'static'
  readonly lacpMode: 'active' | 'passive' | 'on'
  /** The members in use, in EOS order. */
  readonly active: readonly string[]
  /** The members that are not, with the reason as EOS words it. */
  readonly inactive: ReadonlyMap<string, string>
  /** The members in use of the MLAG peer, by their names there. */
  readonly peerActive: readonly string[]
  readonly mlagId?: number
}

/** How one MLAG interface stands (`show mlag interfaces`). */
export type MlagInterfaceStatus = 'active-full' | 'active-partial' | 'inactive' | 'configured' | 'disabled'

/** One MLAG interface. */
export interface MlagInterfaceState {
  readonly id: number
  readonly localInterface: string
  readonly peerInterface: string
  readonly localUp: boolean
  readonly peerUp: boolean
  readonly status: MlagInterfaceStatus
}

/** One difference that `show mlag config-sanity` reports. */
export interface MlagInconsistency {
  readonly scope: 'global' | 'interface'
  /** The feature (`bridging`), or the number of the MLAG. */
  readonly subject: string
  readonly attribute: string
  readonly local: string
  readonly peer: string
}

/** MLAG of one switch. */
export interface MlagState {
  readonly state: 'active' | 'inactive' | 'disabled'
  readonly negotiation: 'connected' | 'connecting' | 'disconnected'
  readonly domainId: string
  readonly localInterface: string
  readonly peerAddress: string
  readonly heartbeatAddress: string
  readonly peerLink: string
  readonly peerLinkStatus: LineProtocol
  readonly localInterfaceStatus: LineProtocol
  readonly peerName?: string
  readonly peerMac?: string
  readonly role: 'primary' | 'secondary' | 'inactive'
  readonly systemId: string
  readonly reloadDelay: number
  readonly reloadDelayNonMlag: number
  readonly heartbeatInterval: number
  readonly interfaces: readonly MlagInterfaceState[]
  readonly inconsistencies: readonly MlagInconsistency[]
}

/** One VRF. */
export interface VrfState {
  readonly name: string
  readonly routeDistinguisher: string
  readonly ipv4Routing: boolean
  /** Whether IPv4 is routed over interfaces with IPv6 alone, too. */
  readonly ipv4OverIpv6: boolean
  readonly ipv6Routing: boolean
  /** Whether IPv4 multicast is routed. */
  readonly multicast: boolean
  /** Interfaces with an address, in EOS order. */
  readonly interfaces: readonly string[]
  /** Those of them with an IPv4 address, and those with IPv6. */
  readonly interfacesV4: readonly string[]
  readonly interfacesV6: readonly string[]
}

/** VXLAN of one switch. */
export interface VxlanState {
  readonly name: string
  readonly sourceInterface: string
  readonly sourceAddress: string
  readonly udpPort: number
  readonly up: boolean
  /** The MAC address that an MLAG pair shares as a router; undefined where each has its own. */
  readonly sharedRouterMac: string | undefined
  readonly vlanToVni: ReadonlyMap<number, number>
  readonly vrfToVni: ReadonlyMap<string, number>
  /** The remote VTEPs that BUM traffic of a VLAN goes to, ascending. */
  readonly floodList: ReadonlyMap<number, readonly string[]>
  /** All remote VTEPs, ascending. */
  readonly vteps: readonly string[]
}
