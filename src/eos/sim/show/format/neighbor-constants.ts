import type { JsonObject } from '../../../../model/json.ts'
import type { BgpPeer } from '../../converge/routing-state.ts'

/** What every recorded neighbor of the ribd model says alike (lab-validation, 4.23). */
export function neighborConstants(): JsonObject {
  return {
    updateGroupIndex: 2,
    as4: 2,
    autoLocalAddress: 'disabled',
    maintenance: false,
    noComms: true,
    advertisedRestartTime: 300,
    restart: 300,
    routeMapInfo: { filterType: 'RouteMap' },
    prefixListInfo: { filterType: 'PrefixList' },
    dropStats: zeros(RIBD_DROPS),
    peerInUpdateErrors: zeros(['inUpdErrDisableAfiSafi', 'inUpdErrIgnore', 'inUpdErrWithdraw']),
    ...zeros(RIBD_COUNTS),
  }
}

/** What 4.36 adds to a neighbor of the multi-agent model (lab-validation, cEOSLab 4.36.0.1F). */
export function neighborConstantsOf436(peer: BgpPeer): JsonObject {
  return {
    updateGroupIndex: -1,
    minHoldTime: 3,
    configMinHoldTime: 3,
    sendFailureHoldTime: 0,
    totalRoutesWarnLimit: Math.floor(peer.maximumRoutes * 0.8),
    maxTotalRoutes: peer.maximumRoutes,
    rpkiOriginValidationMethod: 'disabled',
    inboundUpdateProcessingDelay: 0,
    inboundUpdateProcessingDelayState: 'inactive',
    peerInUpdateErrors: zeros(['inUpdErrWithdraw', 'inUpdErrIgnore', 'inUpdErrDisableAfiSafi', 'lastUpdErrTime']),
    dropStats: zeros(['inDropAsloop', 'inDropClusterIdLoop', 'inDropMalformedMpbgp', 'inDropOrigId', 'inDropNhLocal']),
    ...(peer.interface === undefined ? {} : { ifName: peer.interface }),
    ...(peer.families.has('ipv4Unicast') ? { afiSafiInfo: { ipv4Unicast: { localNexthop: peer.source } } } : {}),
  }
}

const RIBD_DROPS = [
  'inDropAsloop',
  'inDropEnforceFirstAs',
  'inDropNhAfV6',
  'inDropNhInvalid',
  'inDropNhLocal',
  'inDropOrigId',
  'outDropV4LocalAddr',
  'outDropV6LocalAddr',
  'prefixLuDroppedV4',
  'prefixLuDroppedV6',
] as const

const RIBD_COUNTS = [
  'v4BestEcmpPaths',
  'v4BestPaths',
  'v4SrTeBestEcmpPaths',
  'v4SrTeBestPaths',
  'v4SrTePrefixesReceived',
  'v4SrTePrefixesSent',
  'v6BestEcmpPaths',
  'v6BestPaths',
  'v6SrTeBestEcmpPaths',
  'v6SrTeBestPaths',
  'v6SrTePrefixesReceived',
  'v6SrTePrefixesSent',
] as const

function zeros(keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, 0]))
}
