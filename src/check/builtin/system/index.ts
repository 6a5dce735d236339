import type { Check } from '../../define.ts'

/** The checks of ANTA's module `system`, by name. */
export const systemChecks: readonly Check[] = []
