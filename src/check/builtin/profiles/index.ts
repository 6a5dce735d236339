import type { Check } from '../../define.ts'
import { verifyTcamProfile } from './verify-tcam-profile.ts'
import { verifyUnifiedForwardingTableMode } from './verify-unified-forwarding-table-mode.ts'

/** The checks of ANTA's module `profiles`, by name. */
export const profilesChecks: readonly Check[] = [verifyTcamProfile, verifyUnifiedForwardingTableMode]
