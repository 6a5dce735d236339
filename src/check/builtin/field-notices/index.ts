import type { Check } from '../../define.ts'
import { verifyFieldNotice44Resolution } from './verify-field-notice44-resolution.ts'
import { verifyFieldNotice72Resolution } from './verify-field-notice72-resolution.ts'

/** The checks of ANTA's module `field_notices`, by name. */
export const fieldNoticesChecks: readonly Check[] = [verifyFieldNotice44Resolution, verifyFieldNotice72Resolution]
