import type { Check } from '../../define.ts'
import { verifyMlagConfigSanity } from './verify-mlag-config-sanity.ts'
import { verifyMlagDualPrimary } from './verify-mlag-dual-primary.ts'
import { verifyMlagInterfaces } from './verify-mlag-interfaces.ts'
import { verifyMlagPrimaryPriority } from './verify-mlag-primary-priority.ts'
import { verifyMlagReloadDelay } from './verify-mlag-reload-delay.ts'
import { verifyMlagStatus } from './verify-mlag-status.ts'

/** The checks of ANTA's module `mlag`, by name. */
export const mlagChecks: readonly Check[] = [
  verifyMlagConfigSanity,
  verifyMlagDualPrimary,
  verifyMlagInterfaces,
  verifyMlagPrimaryPriority,
  verifyMlagReloadDelay,
  verifyMlagStatus,
]
