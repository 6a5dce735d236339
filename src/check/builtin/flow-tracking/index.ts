import type { Check } from '../../define.ts'
import { verifyHardwareFlowTrackerStatus } from './verify-hardware-flow-tracker-status.ts'

/** The checks of ANTA's module `flow_tracking`, by name. */
export const flowTrackingChecks: readonly Check[] = [verifyHardwareFlowTrackerStatus]
