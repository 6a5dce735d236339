import type { Check } from '../../define.ts'
import { verifyPtpGmStatus } from './verify-ptp-gm-status.ts'
import { verifyPtpLockStatus } from './verify-ptp-lock-status.ts'
import { verifyPtpModeStatus } from './verify-ptp-mode-status.ts'
import { verifyPtpOffset } from './verify-ptp-offset.ts'
import { verifyPtpPortModeStatus } from './verify-ptp-port-mode-status.ts'

/** The checks of ANTA's module `ptp`, by name. */
export const ptpChecks: readonly Check[] = [
  verifyPtpGmStatus,
  verifyPtpLockStatus,
  verifyPtpModeStatus,
  verifyPtpOffset,
  verifyPtpPortModeStatus,
]
