import type { Check } from '../../define.ts'

/** The checks of ANTA's module `multicast`, by name. */
export const multicastChecks: readonly Check[] = []
