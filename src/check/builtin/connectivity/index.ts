import type { Check } from '../../define.ts'
import { verifyLldpNeighbors } from './verify-lldp-neighbors.ts'
import { verifyReachability } from './verify-reachability.ts'

/** The checks of ANTA's module `connectivity`, by name. */
export const connectivityChecks: readonly Check[] = [verifyLldpNeighbors, verifyReachability]
