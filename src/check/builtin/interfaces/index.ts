import type { Check } from '../../define.ts'

/** The checks of ANTA's module `interfaces`, by name. */
export const interfacesChecks: readonly Check[] = []
