import type { Check } from '../../define.ts'

/** The checks of ANTA's module `flow_tracking`, by name. */
export const flowTrackingChecks: readonly Check[] = []
