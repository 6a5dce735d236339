import type { Check } from '../../define.ts'

/** The checks of ANTA's module `ptp`, by name. */
export const ptpChecks: readonly Check[] = []
