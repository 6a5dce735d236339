import type { Check } from '../../define.ts'
import { verifyIpv4RouteNextHops } from './verify-ipv4-route-next-hops.ts'
import { verifyIpv4RoutePresencePerPrefix } from './verify-ipv4-route-presence-per-prefix.ts'
import { verifyIpv4RoutePresencePerVrf } from './verify-ipv4-route-presence-per-vrf.ts'
import { verifyIpv4RouteType } from './verify-ipv4-route-type.ts'
import { verifyRoutingProtocolModel } from './verify-routing-protocol-model.ts'
import { verifyRoutingStatus } from './verify-routing-status.ts'
import { verifyRoutingTableEntry } from './verify-routing-table-entry.ts'
import { verifyRoutingTableSize } from './verify-routing-table-size.ts'

/** The checks of ANTA's module `routing.generic`, by name. */
export const routingGenericChecks: readonly Check[] = [
  verifyIpv4RouteNextHops,
  verifyIpv4RoutePresencePerPrefix,
  verifyIpv4RoutePresencePerVrf,
  verifyIpv4RouteType,
  verifyRoutingProtocolModel,
  verifyRoutingStatus,
  verifyRoutingTableEntry,
  verifyRoutingTableSize,
]
