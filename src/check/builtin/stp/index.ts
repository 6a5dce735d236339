import type { Check } from '../../define.ts'
import { verifyStpBlockedPorts } from './verify-stp-blocked-ports.ts'
import { verifyStpCounters } from './verify-stp-counters.ts'
import { verifyStpDisabledVlans } from './verify-stp-disabled-vlans.ts'
import { verifyStpForwardingPorts } from './verify-stp-forwarding-ports.ts'
import { verifyStpMode } from './verify-stp-mode.ts'
import { verifyStpRootPriority } from './verify-stp-root-priority.ts'
import { verifyStpTopologyChanges } from './verify-stp-topology-changes.ts'

/** The checks of ANTA's module `stp`, by name. */
export const stpChecks: readonly Check[] = [
  verifyStpBlockedPorts,
  verifyStpCounters,
  verifyStpDisabledVlans,
  verifyStpForwardingPorts,
  verifyStpMode,
  verifyStpRootPriority,
  verifyStpTopologyChanges,
]
