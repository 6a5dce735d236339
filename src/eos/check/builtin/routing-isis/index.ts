export {
  verifyIsisGracefulRestart,
  verifyIsisInterfaceMode,
  verifyIsisNeighborCount,
  verifyIsisNeighborState,
} from './neighbors.ts'
export {
  verifyIsisSegmentRoutingAdjacencySegments,
  verifyIsisSegmentRoutingDataplane,
  verifyIsisSegmentRoutingTunnels,
} from './segments.ts'
