import { definedMembers, type JsonObject } from '../../../../model/json.ts'
import { type ConfigTree, childAt, childLines } from '../../../config/text/tree.ts'
import {
  type BgpFamily,
  type BgpFamilyState,
  type BgpPeer,
  type BgpVrfState,
  COMMUNITY_KINDS,
} from '../../converge/network-state.ts'
import { type Destination, destinations, type VectorPath } from '../../converge/path-vector.ts'
import { readMaintenance } from '../../converge/read-maintenance.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { pathJson, rankedPaths } from '../format/bgp-path-json.ts'
import { bgpTables, keepalives, peersOf, sessionSince, stateWord } from '../format/bgp-table.ts'
import {
  bgpShow,
  objectOf,
  refuseUnknownVrf,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  seconds,
  selectedVrfs,
} from '../format/define.ts'
import { FAMILY_WORDS, neighborJson, neighborText } from '../format/neighbor-json.ts'
import { comparePrefixes } from '../format/route-table.ts'

/** The commands of this subject. */
export const BGP_COMMANDS: readonly ShowCommand[] = [
  // All sessions by address family; anta (JSON), course (text of 4.29).
  bgpShow({
    words: 'show bgp summary [vrf <vrf>]',
    json: (vrf) => ({
      ...headJson(vrf),
      peers: objectOf(vrf.peers.values(), (peer) => [peer.address, bgpSummaryPeerJson(peer)]),
    }),
    text: (vrf) => [vrfText(vrf)],
  }),
  // BGP of each VRF with what it redistributes; the keys that ANTA reads (revision 4).
  bgpShow({
    words: 'show bgp instance [vrf <vrf>]',
    json: (vrf, context) => ({
      ...headJson(vrf),
      numPeers: vrf.peers.size,
      afiSafiConfig: { v4u: { redistributedRoutes: redistributed(context, vrf.vrf) } },
    }),
  }),
  // Sessions with their capabilities; lab-validation (4.36), the keys that ANTA reads (revision 2). As `show ip bgp neighbors`, with the
  // capabilities of the session (revision 2, ANTA).
  bgpShow({
    words: 'show bgp neighbors [<address>] [vrf <vrf>]',
    json: (vrf, context, { address }) => ({
      peerList: neighborsOf(vrf, address).map((peer) => ({
        ...neighborJson(peer, vrf, context),
        ...capabilitiesJson(peer),
      })),
    }),
    text: (vrf, context, { address }) => neighborsOf(vrf, address).map((peer) => neighborText(peer, vrf, context)),
  }),
  // The paths from one neighbor; the keys that ANTA reads (revision 2). What a neighbor sent and this switch took.
  bgpShow({
    words: 'show bgp neighbors <address> [(ipv4|ipv6)] [unicast] routes [vrf <vrf>]',
    json: (vrf, context, args) => routesJson(vrf, context, args, (path) => path.peerAddress === args.address),
  }),
  // The paths sent to one neighbor before its policy; the keys that ANTA reads (revision 2). The best paths that the neighbor gets, its own left
  // out.
  bgpShow({
    words: 'show bgp neighbors <address> [(ipv4|ipv6)] [unicast] advertised-routes [vrf <vrf>]',
    json: (vrf, context, args) =>
      routesJson(vrf, context, args, (path, best, peer) => {
        const internal = peer?.internal === true && path.source === 'ibgp'
        return best && path.peerAddress !== args.address && !internal && peer?.state === 'Established'
      }),
  }),
  // Sessions in full; lab-validation (4.21, 4.23 ribd and multi-agent, 4.36), napalm get_bgp_neighbors.
  bgpShow({
    words: 'show ip bgp neighbors [<address>] [vrf <vrf>]',
    unconverted: ({ facts }) => !eosAtLeast(facts.eos, CONVERTED_SINCE),
    json: (vrf, context, args) => ({
      peerList: ipNeighborsOf(vrf, args).map((peer) => neighborJson(peer, vrf, context)),
    }),
    text: (vrf, context, args) => ipNeighborsOf(vrf, args).map((peer) => neighborText(peer, vrf, context)),
  }),
  // The IPv4 sessions; ntc show_ip_bgp_summary (text), napalm (JSON). The sessions that carry IPv4. Without `router bgp` there is no VRF to show
  // (napalm `nobgp`).
  {
    words: 'show ip bgp summary [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => summaryJson(context, args, 'ipv4Unicast'),
    text: (context, args) => summaryText(context, args, 'ipv4Unicast'),
  },
  // The EVPN sessions; ntc show_bgp_evpn_summary (text). The shape of the IPv4 summary; only its text is recorded (docs/eos.md 7.3).
  {
    words: 'show bgp evpn summary',
    json: (context) => summaryJson(context, {}, 'l2VpnEvpn'),
    text: (context) => summaryText(context, {}, 'l2VpnEvpn'),
  },
]

const headJson = ({ vrf, routerId, asn }: BgpVrfState) => ({ vrf, routerId, asn })

function bgpSummaryPeerJson(peer: BgpPeer): JsonObject {
  const families = [...peer.families].map(([family, state]) => [family, familyJson(state)] as const)
  return { peerState: peer.state, peerAsn: peer.asn, ...Object.fromEntries(families) }
}

function familyJson({ state, received, accepted }: BgpFamilyState): JsonObject {
  return { afiSafiState: state, nlrisReceived: received, nlrisAccepted: accepted }
}

const HEAD = ['Neighbor', 'AS', 'Session State', 'AFI/SAFI', 'AFI/SAFI State', 'NLRI Rcd', 'NLRI Acc'] as const

function vrfText(vrf: BgpVrfState) {
  const rows = [...vrf.peers.values()].flatMap((peer) =>
    [...peer.families].map(([family, counts]) => {
      const cells = [peer.address, peer.asn, stateCell(peer), FAMILY_WORDS[family], negotiationWord(counts.state)]
      return [...cells, String(counts.received), String(counts.accepted)]
    }),
  )
  const widths = [Math.max(...[HEAD, ...rows].map(([first = '']) => first.length)), ...[-11, 13, 23, 14, -10, -10]]
  const rule = widths.map((width) => '-'.repeat(Math.abs(width)))
  const table = [HEAD, rule, ...rows].map((cells) => cells.map((cell, at) => aligned(cell, widths[at] ?? 0)).join(' '))
  return printedLines([
    `BGP summary information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    ...table,
  ])
}

function aligned(cell: string, width: number) {
  return width < 0 ? cell.padStart(-width) : cell.padEnd(width)
}

function stateCell(peer: BgpPeer) {
  return peer.state === 'Established' ? peer.state : stateWord(peer)
}

function negotiationWord(state: BgpFamilyState['state']) {
  return state.charAt(0).toUpperCase() + state.slice(1)
}

const PROTOCOL: Readonly<Record<string, string>> = {
  connected: 'Connected',
  static: 'Static',
  ospf: 'OSPF Internal',
  'attached-host': 'AttachedHost',
  dhcp: 'DHCP',
}

function redistributed({ running }: ShowContext, vrf: string): readonly JsonObject[] {
  return linesOf(running, vrf).flatMap((line) => {
    const [, source = '', leaked, routeMap] =
      /^redistribute (\S+)(?: match \S+)?( include leaked)?(?: route-map (\S+))?$/.exec(line) ?? []
    if (source === '') return []
    const named = { proto: PROTOCOL[source] ?? source, ...definedMembers({ routeMap }) }
    return [leaked === undefined ? named : { ...named, includeLeaked: true }]
  })
}

function linesOf(running: ConfigTree, vrf: string) {
  const block = running.children.find(({ line }) => line.startsWith('router bgp '))
  const own = vrf === 'default' ? block : childAt(block, `vrf ${vrf}`)
  const family = own?.children.find(({ line }) => /^address-family ipv4( unicast)?$/.test(line))
  return [own, family].flatMap((node) => (node === undefined ? [] : childLines(node)))
}

function neighborsOf(vrf: BgpVrfState, address: string | undefined) {
  return [...vrf.peers.values()].filter((peer) => address === undefined || peer.address === address)
}

function capabilitiesJson(peer: BgpPeer): JsonObject {
  const up = peer.state === 'Established'
  const both = { advertised: up, received: up, enabled: up }
  const families = [...peer.families].map(([family, { state }]) => {
    const advertised = up && state !== 'received'
    const received = up && state !== 'advertised'
    return [family, { advertised, received, enabled: advertised && received }] as const
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
    advertisedCommunities: objectOf(COMMUNITY_KINDS, (kind) => [kind, peer.sendCommunity.includes(kind)]),
    dropStats: objectOf(DROPS, (name) => [name, 0]),
    peerInUpdateErrors: {
      inUpdErrWithdraw: 0,
      inUpdErrIgnore: 0,
      inUpdErrDisableAfiSafi: 0,
      disabledAfiSafi: 'None',
      lastUpdErrTime: 0,
    },
  }
}

// What may be dropped (lab-validation, 4.36). Nothing is for a fault: paths that loop back are never counted as received.
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

function routesJson(vrf: BgpVrfState, context: ShowContext, args: ShowArguments, wanted: Wanted): JsonObject {
  const peer = vrf.peers.get(args.address ?? '')
  const entries = destinations(vrf.paths)
    .toSorted((a, b) => comparePrefixes(a.key, b.key))
    .flatMap((one) => entryJson(one, vrf, context, (path, best) => wanted(path, best, peer)))
  return { ...headJson(vrf), bgpRouteEntries: Object.fromEntries(entries) }
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

// 4.18 has no JSON (lab-validation).
const CONVERTED_SINCE = '4.21'

function ipNeighborsOf(vrf: BgpVrfState, { address }: ShowArguments) {
  return neighborsOf(vrf, address).filter((peer) => address !== undefined || !peer.address.startsWith('fe80:'))
}

function summaryJson(context: ShowContext, args: ShowArguments, family: BgpFamily): JsonObject {
  return {
    vrfs: objectOf(selectedVrfs(context.state.bgp, args), ([name, vrf]) => [
      name,
      {
        ...headJson(vrf),
        peers: objectOf(peersOf(vrf, family), (peer) => [
          peer.address,
          ipBgpSummaryPeerJson(peer, { vrf: vrf.vrf, family }, context),
        ]),
      },
    ]),
  }
}

function summaryText(context: ShowContext, args: ShowArguments, family: BgpFamily) {
  return bgpTables(
    selectedVrfs(context.state.bgp, args).map(([, vrf]) => vrf),
    family,
    context,
  )
}

function ipBgpSummaryPeerJson(
  peer: BgpPeer,
  { vrf, family }: { readonly vrf: string; readonly family: BgpFamily },
  context: ShowContext,
): JsonObject {
  const messages = keepalives(peer, context)
  const counts = peer.families.get(family)
  return definedMembers({
    description: peer.description === '' ? undefined : peer.description,
    version: 4,
    msgReceived: messages,
    msgSent: messages,
    inMsgQueue: 0,
    outMsgQueue: 0,
    asn: peer.asn,
    prefixAccepted: counts?.accepted ?? 0,
    prefixReceived: counts?.received ?? 0,
    upDownTime: seconds(sessionSince(peer, context)),
    underMaintenance: readMaintenance(context.running).holds(vrf, peer.address, peer.peerGroup),
    peerState: peer.state,
    peerStateIdleReason: peer.idleReason === undefined ? undefined : IDLE_REASON[peer.idleReason],
  })
}

const IDLE_REASON = { Admin: 'AdminShutDown', NoIf: 'NoInterface', MaxPath: 'MaxPath' } as const
