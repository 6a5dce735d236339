import type { Check } from '../../define.ts'
import { verifyMlagStatus } from './verify-mlag-status.ts'

/** The checks of ANTA's module `mlag`, by name. */
export const mlagChecks: readonly Check[] = [verifyMlagStatus]
