import type { Check } from '../../define.ts'

/** The checks of ANTA's module `stun`, by name. */
export const stunChecks: readonly Check[] = []
