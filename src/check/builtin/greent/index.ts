import type { Check } from '../../define.ts'

/** The checks of ANTA's module `greent`, by name. */
export const greentChecks: readonly Check[] = []
