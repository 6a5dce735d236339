import type { Check } from '../../define.ts'

/** The checks of ANTA's module `bfd`, by name. */
export const bfdChecks: readonly Check[] = []
