import type { Check } from '../../define.ts'

/** The checks of ANTA's module `connectivity`, by name. */
export const connectivityChecks: readonly Check[] = []
