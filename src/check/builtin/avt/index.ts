import type { Check } from '../../define.ts'

/** The checks of ANTA's module `avt`, by name. */
export const avtChecks: readonly Check[] = []
