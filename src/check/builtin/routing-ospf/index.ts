import type { Check } from '../../define.ts'
import { verifyOspfMaxLsa } from './verify-ospf-max-lsa.ts'
import { verifyOspfNeighborCount } from './verify-ospf-neighbor-count.ts'
import { verifyOspfNeighborState } from './verify-ospf-neighbor-state.ts'
import { verifyOspfSpecificNeighbors } from './verify-ospf-specific-neighbors.ts'

/** The checks of ANTA's module `routing.ospf`, by name. */
export const routingOspfChecks: readonly Check[] = [
  verifyOspfMaxLsa,
  verifyOspfNeighborCount,
  verifyOspfNeighborState,
  verifyOspfSpecificNeighbors,
]
