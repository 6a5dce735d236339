import type { Check } from '../../define.ts'
import { verifyIsisGracefulRestart } from './verify-isis-graceful-restart.ts'
import { verifyIsisInterfaceMode } from './verify-isis-interface-mode.ts'
import { verifyIsisNeighborCount } from './verify-isis-neighbor-count.ts'
import { verifyIsisNeighborState } from './verify-isis-neighbor-state.ts'
import { verifyIsisSegmentRoutingAdjacencySegments } from './verify-isis-segment-routing-adjacency-segments.ts'
import { verifyIsisSegmentRoutingDataplane } from './verify-isis-segment-routing-dataplane.ts'
import { verifyIsisSegmentRoutingTunnels } from './verify-isis-segment-routing-tunnels.ts'

/** The checks of ANTA's module `routing.isis`, by name. */
export const routingIsisChecks: readonly Check[] = [
  verifyIsisGracefulRestart,
  verifyIsisInterfaceMode,
  verifyIsisNeighborCount,
  verifyIsisNeighborState,
  verifyIsisSegmentRoutingAdjacencySegments,
  verifyIsisSegmentRoutingDataplane,
  verifyIsisSegmentRoutingTunnels,
]
