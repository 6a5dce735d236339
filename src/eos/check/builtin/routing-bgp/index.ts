export {
  verifyBgpPeerCount,
  verifyBgpPeersHealth,
  verifyBgpPeersHealthRibd,
  verifyBgpSpecificPeers,
} from './families.ts'
export {
  verifyBgpNlriAcceptance,
  verifyBgpPeerAsnCap,
  verifyBgpPeerDropStats,
  verifyBgpPeerGroup,
  verifyBgpPeerMd5Auth,
  verifyBgpPeerMpCaps,
  verifyBgpPeerRouteLimit,
  verifyBgpPeerRouteRefreshCap,
  verifyBgpPeerSession,
  verifyBgpPeerSessionRibd,
  verifyBgpPeerTtlMultiHops,
  verifyBgpPeerUpdateErrors,
  verifyBgpRouteMaps,
  verifyBgpTimers,
} from './peers.ts'
export {
  verifyBgpAdvCommunities,
  verifyBgpExchangedRoutes,
  verifyBgpRedistribution,
  verifyBgpRouteEcmp,
  verifyBgpRoutePaths,
  verifyEvpnType2Route,
} from './routes.ts'
