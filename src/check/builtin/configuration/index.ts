import type { Check } from '../../define.ts'
import { verifyRunningConfig } from './verify-running-config.ts'
import { verifyRunningConfigDiffs } from './verify-running-config-diffs.ts'
import { verifyRunningConfigLines } from './verify-running-config-lines.ts'
import { verifyZeroTouch } from './verify-zero-touch.ts'

/** The checks of ANTA's module `configuration`, by name. */
export const configurationChecks: readonly Check[] = [
  verifyRunningConfig,
  verifyRunningConfigDiffs,
  verifyRunningConfigLines,
  verifyZeroTouch,
]
