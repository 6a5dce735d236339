import type { Check } from '../../define.ts'
import { verifyAvtPathHealth } from './verify-avt-path-health.ts'
import { verifyAvtRole } from './verify-avt-role.ts'
import { verifyAvtSpecificPath } from './verify-avt-specific-path.ts'

/** The checks of ANTA's module `avt`, by name. */
export const avtChecks: readonly Check[] = [verifyAvtPathHealth, verifyAvtRole, verifyAvtSpecificPath]
