import { z } from 'zod'
import { passUnless, type Verdict } from '../../../../model/error.ts'
import type { Json } from '../../../../model/json.ts'
import { once } from '../../../../model/once.ts'
import { type BgpNeighbor, type BgpNeighbors, SHOW_BGP_NEIGHBORS } from '../../answer/bgp.ts'
import { mismatch, needed, nullAsAbsent, printedFlag, remarked } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { compressedIpv6, flag, integer, interfaceName, ipPrefix, ipv4, vrf } from '../../input/words.ts'

// The multiprotocol capabilities by the names that EOS has for them (ANTA documentation, input types).
const NAMES = [
  'dps',
  'ipv4Unicast',
  'ipv6Unicast',
  'ipv4Multicast',
  'ipv6Multicast',
  'ipv4MplsLabels',
  'ipv6MplsLabels',
  'ipv4SrTe',
  'ipv6SrTe',
  'ipv4MplsVpn',
  'ipv6MplsVpn',
  'ipv4FlowSpec',
  'ipv6FlowSpec',
  'ipv4FlowSpecVpn',
  'ipv6FlowSpecVpn',
  'l2VpnVpls',
  'l2VpnEvpn',
  'linkState',
  'rtMembership',
  'ipv4Mvpn',
] as const

const ALIASES: Readonly<Record<string, string>> = {
  dynamicpathselection: 'dps',
  ipv4labeledunicast: 'ipv4MplsLabels',
  ipv6labeledunicast: 'ipv6MplsLabels',
}

const bySqueezed = once(
  () => new Map([...NAMES.map((name): [string, string] => [squeezed(name), name]), ...Object.entries(ALIASES)]),
)

// A multiprotocol capability, in any case and with any of the separators `-`, `_` and space: `IPv4 labeled-Unicast`.
const multiprotocolCapability = () =>
  z
    .string()
    .transform((written) => bySqueezed().get(squeezed(written)) ?? written)
    .pipe(z.enum(NAMES, { error: `expected a BGP capability: ${NAMES.join(', ')}` }))

/** Whether both sides have the capability, and it is in use. */
export function isNegotiated(capability: Readonly<Record<string, boolean>>): boolean {
  return ['advertised', 'received', 'enabled'].every((stage) => capability[stage] === true)
}

/** What keeps a capability from being in use: it is missing, or one side does not have it. */
export function capabilityFaults(
  what: string,
  capability: Readonly<Record<string, boolean>> | undefined,
): readonly [] | readonly [string] {
  if (capability === undefined) return [`${what} not found`]
  return isNegotiated(capability) ? [] : [`${what} not negotiated - ${flagsTold(capability)}`]
}

type Value = number | string

/** The faults of counters that should be zero, of those that are named or else of all. `absent`: what one that is not told is. */
export function counterFaults(
  what: string,
  counters: Readonly<Record<string, Value>>,
  wanted: readonly string[] | undefined,
  absent: Value,
): readonly string[] {
  const names = wanted !== undefined && wanted.length > 0 ? wanted : Object.keys(counters)
  return names.flatMap((name) => {
    const value = counters[name] ?? absent
    return value === 0 || value === NO_FAMILY ? [] : [`Non-zero ${what} - ${name}: ${value}`]
  })
}

// What `disabledAfiSafi`, the one counter that is a word, is where no update error disabled an address family.
const NO_FAMILY = 'None'

// The counters of dropped NLRI that a catalog may ask for (ANTA documentation, input types).
const DROP_STATS = [
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

// The counters of update errors that a catalog may ask for (ANTA documentation, input types).
const UPDATE_ERRORS = [
  'inUpdErrWithdraw',
  'inUpdErrIgnore',
  'inUpdErrDisableAfiSafi',
  'disabledAfiSafi',
  'lastUpdErrTime',
] as const

const COMMUNITIES = ['standard', 'extended', 'large'] as const

// The largest limit of routes that EOS takes.
const MOST_ROUTES = 4_294_967_294

/** The address of a peer; a link-local one names its interface as EOS does: `fe80::1%Et1`. */
export const peerAddress = () =>
  z.union(
    [
      ipv4(),
      z
        .string()
        .regex(
          /^[^%]+(?:%[A-Za-z]+[\d/.]+)?$/,
          'expected an IPv6 address, with % and an interface where it is link-local',
        )
        .transform((text) => text.split('%'))
        .refine(([host]) => z.ipv6().safeParse(host).success)
        .transform(([host = '', ...zone]) => [compressedIpv6(host), ...zone].join('%')),
    ],
    { error: 'expected the address of a peer, such as 10.0.0.1, 2001:db8::1 or fe80::1%Et1' },
  )

/**
 * A BGP peer of a catalog with all that one check or another wants of it; a check says by `.required` what it cannot do
 * without. Lists of peers are {@link peersOf}.
 */
export const bgpPeer = () =>
  z.strictObject({
    peer_address: nullAsAbsent(peerAddress()).describe('address of the peer; not needed where `interface` is given'),
    interface: nullAsAbsent(interfaceName()).describe('interface that the session is established over (RFC 5549)'),
    vrf: vrf().describe('VRF of the peer'),
    description: nullAsAbsent(z.string()).describe('what results call the peer besides its address'),
    peer_group: nullAsAbsent(z.string()).describe('peer group that the peer must be in'),
    advertised_routes: nullAsAbsent(z.array(ipPrefix()).min(1)).describe(
      'prefixes that must be advertised to the peer',
    ),
    received_routes: nullAsAbsent(z.array(ipPrefix()).min(1)).describe('prefixes that must be received from the peer'),
    capabilities: nullAsAbsent(z.array(multiprotocolCapability()).min(1)).describe(
      'multiprotocol capabilities to judge',
    ),
    strict: flag('whether the peer may have no other capabilities'),
    hold_time: nullAsAbsent(integer(3, 7200)).describe('hold time in seconds'),
    keep_alive_time: nullAsAbsent(integer(0, 3600)).describe('keepalive time in seconds'),
    drop_stats: nullAsAbsent(z.array(z.enum(DROP_STATS))).describe('drop counters to judge; all where not given'),
    update_errors: nullAsAbsent(z.array(z.enum(UPDATE_ERRORS))).describe(
      'error counters to judge; all where not given',
    ),
    inbound_route_map: nullAsAbsent(z.string()).describe('route map that must be applied inbound'),
    outbound_route_map: nullAsAbsent(z.string()).describe('route map that must be applied outbound'),
    maximum_routes: nullAsAbsent(integer(0, MOST_ROUTES)).describe('limit of routes; 0 is none'),
    warning_limit: nullAsAbsent(integer(0, MOST_ROUTES)).describe('routes that make a warning; 0 is none'),
    ttl: nullAsAbsent(integer(1, 255)).describe('time to live of the packets of the session'),
    max_ttl_hops: nullAsAbsent(integer(1, 255)).describe('most hops that the peer may be away'),
    advertised_communities: z
      .array(z.enum(COMMUNITIES))
      .min(1)
      .default([...COMMUNITIES])
      .describe('kinds of communities that must be advertised'),
  })

interface PeerKey {
  readonly peer_address?: string | undefined
  readonly interface?: string | undefined
  readonly vrf: string
  readonly description?: string | undefined
}

/** A list of peers. The address or the interface of each is its own. */
export function peersOf<P extends z.ZodType<PeerKey>>(peer: P) {
  const error = 'expected either `peer_address` or `interface`'
  return z
    .array(peer.refine((one) => (one.peer_address === undefined) !== (one.interface === undefined), { error }))
    .min(1)
}

/** The peer in results: `Peer: 10.0.0.1 (spine1) VRF: default`, `Interface: Ethernet1 VRF: default`. */
export function peerName(peer: PeerKey): string {
  const [kind, name = ''] =
    peer.peer_address === undefined ? ['Interface', peer.interface] : ['Peer', peer.peer_address]
  return `${kind}: ${remarked(name, peer.description)} VRF: ${peer.vrf}`
}

/** The peer among those that the switch tells. `et1` is another name than `Ethernet1` to ANTA, and so it is here. */
export function neighborOf(peer: PeerKey, { vrfs }: BgpNeighbors): BgpNeighbor | undefined {
  return vrfs
    ?.get(peer.vrf)
    ?.peerList?.find(({ peerAddress, ifName }) =>
      peer.interface === undefined ? isSameName(peer.peer_address, peerAddress) : isSameName(peer.interface, ifName),
    )
}

/** Whether two names are one, whatever the case of their letters. */
export function isSameName(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase()
}

/**
 * Judges each peer by what the switch tells of it. One that the switch does not have is `Not found`. `faultsOf` gives
 * undefined for one of which the answer has nothing that could be judged: ANTA passes it, and here it is an error.
 */
export function judgePeers<P extends PeerKey>(
  peers: readonly P[],
  neighbors: BgpNeighbors,
  faultsOf: (peer: P, neighbor: BgpNeighbor) => readonly string[] | undefined,
): Verdict {
  const judged = peers.map((peer) => {
    const neighbor = neighborOf(peer, neighbors)
    return { name: peerName(peer), faults: neighbor === undefined ? ['Not found'] : faultsOf(peer, neighbor) }
  })
  const faults = judged.flatMap((one) => one.faults?.map((fault) => `${one.name} - ${fault}`) ?? [])
  const silent = judged.find((one) => one.faults === undefined)
  if (faults.length > 0 || silent === undefined) return passUnless(faults)
  return { status: 'error', reason: `the answer has nothing to judge of ${silent.name}` }
}

interface PeerVerification<P> {
  readonly summary: string
  readonly docs: string
  readonly example: readonly Json[]
  // What the peers are listed for.
  readonly about: string
  readonly peer: () => z.ZodType<P>
  readonly asks?: typeof SHOW_BGP_NEIGHBORS
  readonly judge: (peer: P, neighbor: BgpNeighbor) => readonly string[] | undefined
}

/** A check of what the switch tells of each peer of a list. */
export function verifyPeers<P extends PeerKey>({
  example,
  about,
  peer,
  asks = SHOW_BGP_NEIGHBORS,
  judge,
  ...rest
}: PeerVerification<P>) {
  return defineVerify({
    ...rest,
    example: { bgp_peers: example },
    input: () => ({ bgp_peers: peersOf(peer()).describe(about) }),
    asks,
    judge: (neighbors, { bgp_peers }) => judgePeers(bgp_peers, neighbors, judge),
  })
}

/** All flags of an answer, as it orders them: `Advertised: True, Received: False`. */
export function flagsTold(flags: Readonly<Record<string, boolean>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${printedFlag(value)}`)
    .join(', ')
}

/** What keeps a session from being good: it is not established, or not for as long as it should be (seconds). */
export function sessionFaults(neighbor: BgpNeighbor, minimum?: number): readonly string[] {
  if (!isEstablished(neighbor)) return mismatch('Incorrect session state', 'Established', needed(neighbor, 'state'))
  if (minimum === undefined) return []
  const established = needed(neighbor, 'establishedTime')
  return established >= minimum
    ? []
    : mismatch('BGP session not established for the minimum required duration', `${minimum}s`, `${established}s`)
}

/** Whether the session is established. */
export function isEstablished(neighbor: BgpNeighbor): boolean {
  return needed(neighbor, 'state') === 'Established'
}

/** What waits in the queues of the TCP connection of an established session. */
export function queueFaults(neighbor: BgpNeighbor): readonly string[] {
  if (!isEstablished(neighbor)) return []
  const tcp = neighbor.peerTcpInfo
  // EOS 4.21 does not tell them, and nothing says that they are empty.
  if (tcp === undefined) return ['Session message queues not found']
  const [input, output] = [needed(tcp, 'inputQueueLength'), needed(tcp, 'outputQueueLength')]
  return input === 0 && output === 0 ? [] : [`Session has non-empty message queues - InQ: ${input} OutQ: ${output}`]
}

/** A name without the separators and the case that catalogs may write it with: `IPv4 Flow_Spec-Vpn` is `ipv4flowspecvpn`. */
export function squeezed(written: string): string {
  return written.replaceAll(/[-_ ]/g, '').toLowerCase()
}
