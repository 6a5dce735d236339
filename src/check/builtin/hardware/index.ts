import type { Check } from '../../define.ts'

/** The checks of ANTA's module `hardware`, by name. */
export const hardwareChecks: readonly Check[] = []
