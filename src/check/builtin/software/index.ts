import type { Check } from '../../define.ts'

/** The checks of ANTA's module `software`, by name. */
export const softwareChecks: readonly Check[] = []
