import type { Check } from '../../define.ts'

/** The checks of ANTA's module `profiles`, by name. */
export const profilesChecks: readonly Check[] = []
