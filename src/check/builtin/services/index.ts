import type { Check } from '../../define.ts'

/** The checks of ANTA's module `services`, by name. */
export const servicesChecks: readonly Check[] = []
