import type { Check } from '../../define.ts'
import { verifyGreenT } from './verify-green-t.ts'
import { verifyGreenTCounters } from './verify-green-t-counters.ts'

/** The checks of ANTA's module `greent`, by name. */
export const greentChecks: readonly Check[] = [verifyGreenT, verifyGreenTCounters]
