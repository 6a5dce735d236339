import type { Check } from '../../define.ts'

/** The checks of ANTA's module `field_notices`, by name. */
export const fieldNoticesChecks: readonly Check[] = []
