import type { Check } from '../../define.ts'
import { verifyBgpAdvCommunities } from './verify-bgp-adv-communities.ts'
import { verifyBgpExchangedRoutes } from './verify-bgp-exchanged-routes.ts'
import { verifyBgpNlriAcceptance } from './verify-bgp-nlri-acceptance.ts'
import { verifyBgpPeerAsnCap } from './verify-bgp-peer-asn-cap.ts'
import { verifyBgpPeerCount } from './verify-bgp-peer-count.ts'
import { verifyBgpPeerDropStats } from './verify-bgp-peer-drop-stats.ts'
import { verifyBgpPeerGroup } from './verify-bgp-peer-group.ts'
import { verifyBgpPeerMd5Auth } from './verify-bgp-peer-md5-auth.ts'
import { verifyBgpPeerMpCaps } from './verify-bgp-peer-mp-caps.ts'
import { verifyBgpPeerRouteLimit } from './verify-bgp-peer-route-limit.ts'
import { verifyBgpPeerRouteRefreshCap } from './verify-bgp-peer-route-refresh-cap.ts'
import { verifyBgpPeerSession } from './verify-bgp-peer-session.ts'
import { verifyBgpPeerSessionRibd } from './verify-bgp-peer-session-ribd.ts'
import { verifyBgpPeerTtlMultiHops } from './verify-bgp-peer-ttl-multi-hops.ts'
import { verifyBgpPeerUpdateErrors } from './verify-bgp-peer-update-errors.ts'
import { verifyBgpPeersHealth } from './verify-bgp-peers-health.ts'
import { verifyBgpPeersHealthRibd } from './verify-bgp-peers-health-ribd.ts'
import { verifyBgpRedistribution } from './verify-bgp-redistribution.ts'
import { verifyBgpRouteEcmp } from './verify-bgp-route-ecmp.ts'
import { verifyBgpRouteMaps } from './verify-bgp-route-maps.ts'
import { verifyBgpRoutePaths } from './verify-bgp-route-paths.ts'
import { verifyBgpSpecificPeers } from './verify-bgp-specific-peers.ts'
import { verifyBgpTimers } from './verify-bgp-timers.ts'
import { verifyEvpnType2Route } from './verify-evpn-type2-route.ts'

/** The checks of ANTA's module `routing.bgp`, by name. */
export const routingBgpChecks: readonly Check[] = [
  verifyBgpAdvCommunities,
  verifyBgpExchangedRoutes,
  verifyBgpNlriAcceptance,
  verifyBgpPeerAsnCap,
  verifyBgpPeerCount,
  verifyBgpPeerDropStats,
  verifyBgpPeerGroup,
  verifyBgpPeerMd5Auth,
  verifyBgpPeerMpCaps,
  verifyBgpPeerRouteLimit,
  verifyBgpPeerRouteRefreshCap,
  verifyBgpPeerSessionRibd,
  verifyBgpPeerSession,
  verifyBgpPeerTtlMultiHops,
  verifyBgpPeerUpdateErrors,
  verifyBgpPeersHealthRibd,
  verifyBgpPeersHealth,
  verifyBgpRedistribution,
  verifyBgpRouteEcmp,
  verifyBgpRouteMaps,
  verifyBgpRoutePaths,
  verifyBgpSpecificPeers,
  verifyBgpTimers,
  verifyEvpnType2Route,
]
