import type { Check } from '../../define.ts'

/** The checks of ANTA's module `security`, by name. */
export const securityChecks: readonly Check[] = []
