import type { Check } from '../../define.ts'

/** The checks of ANTA's module `logging`, by name. */
export const loggingChecks: readonly Check[] = []
