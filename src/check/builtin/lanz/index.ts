import type { Check } from '../../define.ts'
import { verifyLanz } from './verify-lanz.ts'

/** The checks of ANTA's module `lanz`, by name. */
export const lanzChecks: readonly Check[] = [verifyLanz]
