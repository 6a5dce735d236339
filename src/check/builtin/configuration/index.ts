import type { Check } from '../../define.ts'

/** The checks of ANTA's module `configuration`, by name. */
export const configurationChecks: readonly Check[] = []
