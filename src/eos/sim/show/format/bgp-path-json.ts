import { definedMembers, type JsonObject } from '../../../../model/json.ts'
import {
  asGood,
  type Destination,
  type EvpnAttributes,
  equalPaths,
  type VectorPath,
} from '../../converge/path-vector.ts'
import { eosAtLeast } from '../../platform/facts.ts'
import { sessionSince } from './bgp-table.ts'
import { protocolModel, type ShowContext, seconds } from './define.ts'

// Keys by the version they are recorded from: 4.21 has no MED, 4.36 the peer and a tag.
const SINCE = { med: '4.22', peer: '4.36' } as const

const ORIGIN = ['Igp', 'Egp', 'Incomplete'] as const
const ORIGIN_LETTER = ['i', 'e', '?'] as const

export interface RankedPath {
  readonly path: VectorPath
  readonly active: boolean
  readonly ecmp: boolean
  readonly head: boolean
}

export function rankedPaths({ used, others }: Destination, maximumPaths: number): readonly RankedPath[] {
  const local = used[0]?.source === 'local'
  const alone = maximumPaths === 1 && used[0]?.evpn?.kind === 'ip-prefix' && !local
  const beside = local
    ? besideLocal(others, maximumPaths)
    : others.filter((path) => !alone && used.some((best) => best.source !== 'local' && asGood(path, best)))
  const group = local ? beside : used.length + beside.length > 1 ? [...used, ...beside] : []
  const [equal, near] = [new Set(group), new Set(beside)]
  const all = [...used, ...beside, ...others.filter((path) => !near.has(path))]
  return all.map((path, at) => ({
    path,
    active: at === 0 && used.length > 0,
    ecmp: equal.has(path),
    head: group[0] === path,
  }))
}

function besideLocal(others: readonly VectorPath[], maximumPaths: number) {
  const byRd = new Map<string, number>()
  for (const { evpn } of others) if (evpn !== undefined) byRd.set(evpn.rd, (byRd.get(evpn.rd) ?? 0) + 1)
  const imported = others.filter(({ evpn }) => (byRd.get(evpn?.rd ?? '') ?? 0) > 1)
  const plain = others.filter(({ evpn }) => evpn === undefined)
  return imported.length > 0 ? imported : equalPaths(plain, maximumPaths)
}

/** `65001 65102 i`. */
export function asPathWords({ asPath, origin }: VectorPath): string {
  return [...asPath, ORIGIN_LETTER[origin]].join(' ')
}

function asPathType({ source, aggregate, evpn }: VectorPath): string {
  const from = source === 'local' ? (evpn?.heard ?? source) : source
  if (from === 'local' || aggregate) return 'Local'
  return from === 'ibgp' ? 'Internal' : 'External'
}

/** One IPv4 path of `show ip bgp`; the ribd model leaves much out (lab-validation). */
export function pathJson(standing: RankedPath, context: ShowContext, detail: boolean): JsonObject {
  return protocolModel(context) === 'ribd' ? ribdPath(standing) : agentPath(standing, context, detail)
}

/** A local path has no preference unless a route-map gave it one (lab-validation, ribd). */
export function shownPreference({ source, localPref }: VectorPath): number {
  return source === 'local' && localPref === DEFAULT_PREFERENCE ? 0 : localPref
}

const DEFAULT_PREFERENCE = 100

function ribdPath(standing: RankedPath): JsonObject {
  const { path } = standing
  const local = path.source === 'local'
  return {
    asPathEntry: { asPath: asPathWords(path), asPathType: null },
    localPreference: shownPreference(path),
    med: path.med,
    reasonNotBestpath: null,
    ...(local ? {} : { nextHop: path.nextHop, weight: path.weight }),
    routeType: {
      ...flags(standing),
      ...(path.aggregate ? { localAgg: true } : {}),
      luRoute: false,
      ucmp: false,
    },
  }
}

function agentPath(standing: RankedPath, context: ShowContext, detail: boolean): JsonObject {
  const { path } = standing
  const { eos } = context.facts
  const local = path.source === 'local' && path.evpn === undefined
  const peer = { peerEntry: { peerAddr: path.peerAddress, peerRouterId: peerRouterId(path, context) } }
  return definedMembers({
    asPathEntry: { asPath: asPathWords(path), asPathType: asPathType(path) },
    localPreference: local ? undefined : path.localPref,
    med: local || !eosAtLeast(eos, SINCE.med) ? undefined : path.med,
    weight: path.weight,
    reasonNotBestpath: 'noReason',
    nextHop: local ? '' : path.nextHop,
    tag: eosAtLeast(eos, SINCE.peer) ? 0 : undefined,
    ...(eosAtLeast(eos, SINCE.peer) || detail ? peer : {}),
    ...(detail ? { timestamp: timestamp(path, context), routeDetail: detailJson(path) } : {}),
    importedEvpnPathRd: detail && path.evpn !== undefined ? path.evpn.rd : undefined,
    routeType: {
      ...flags(standing),
      origin: ORIGIN[path.origin],
      luRoute: false,
      sixPeRoute: false,
      ...(eosAtLeast(eos, SINCE.med) ? { ucmp: false } : {}),
    },
  })
}

function peerRouterId(path: VectorPath, { state }: ShowContext) {
  for (const { peers, routerId } of state.bgp.values()) {
    if (path.source === 'local') return routerId
    const found = peers.get(path.peerAddress)?.routerId
    if (found !== undefined) return found
  }
  return '0.0.0.0'
}

function timestamp(path: VectorPath, context: ShowContext) {
  const peers = [...context.state.bgp.values()].flatMap((vrf) => vrf.peers.get(path.peerAddress) ?? [])
  return Math.floor(seconds(peers[0] === undefined ? context.bootedAt : sessionSince(peers[0], context)))
}

function detailJson({ origin, communities, source, evpn }: VectorPath): JsonObject {
  return {
    origin: ORIGIN[origin],
    communityList: communities,
    extCommunityList: evpn?.targets.map((target) => `Route-Target-AS:${target}`) ?? [],
    largeCommunityList: [],
    rxSafi: 'Unicast',
    recvdFromRRClient: false,
    igpMetric: source === 'local' ? 0 : 1,
    isLeaked: false,
    labelStack: [],
    tunnelRibEligible: false,
    bgpContributors: [],
    domainPath: [],
    nextHopVrfName: '',
    ...(evpn === undefined ? {} : { nextHopVrfName: '', remoteLabel: { value: String(evpn.vni), encapType: 'VXLAN' } }),
  }
}

export function flags({ active, ecmp, head }: RankedPath): JsonObject {
  return {
    valid: true,
    active,
    ecmp,
    ecmpHead: head,
    ecmpContributor: ecmp,
    backup: false,
    stale: false,
    suppressed: false,
    queued: false,
    atomicAggregator: false,
  }
}

/** One EVPN path of `show bgp evpn`. */
export function evpnPathJson(standing: RankedPath, detail: boolean): JsonObject {
  const { path } = standing
  const local = path.source === 'local'
  return definedMembers({
    asPathEntry: { asPath: asPathWords(path), asPathType: asPathType(path) },
    localPreference: local && path.evpn?.heard === undefined ? undefined : path.localPref,
    weight: path.weight,
    reasonNotBestpath: 'noReason',
    nextHop: local ? '' : path.nextHop,
    routeType: { ...flags(standing), origin: ORIGIN[path.origin], localAgg: false, waitForConvergence: false },
    routeDetail: detail && path.evpn !== undefined ? { extCommunities: extendedCommunities(path.evpn) } : undefined,
  })
}

function extendedCommunities({ kind, targets, routerMac, routedVni }: EvpnAttributes) {
  return [
    ...targets.map((target) => `Route-Target-AS:${target}`),
    'TunnelEncap:tunnelTypeVxlan',
    ...(kind === 'ip-prefix' || routedVni !== undefined ? [`EvpnRouterMac:${routerMac}`] : []),
  ]
}
