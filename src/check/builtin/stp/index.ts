import type { Check } from '../../define.ts'

/** The checks of ANTA's module `stp`, by name. */
export const stpChecks: readonly Check[] = []
