import type { Check } from '../../define.ts'

/** The checks of ANTA's module `lanz`, by name. */
export const lanzChecks: readonly Check[] = []
